"""Presses, arrivals, departures and moves in Telegram, as the rest of the program hears them."""

from datetime import UTC
from typing import Any

import pytest

from models.messages import Membership, Migrated, Press, Sender
from tests.channels.botapi import BotApiServer, person
from tests.channels.conftest import heard

GROUP = -1001234567891
AUNT, WORKER = person(7, "王阿姨"), person(4242, "张利萍", username="zhanglp")
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def one(api: BotApiServer) -> Any:
    return heard(api)[0]


def test_a_press_tells_who_where_and_what(api: BotApiServer) -> None:
    card = api.say(GROUP, AUNT, "第12件", thread=900)
    query = api.press(GROUP, WORKER, card, "t:12:done")
    _, press = heard(api, 2)
    assert isinstance(press, Press)
    assert (press.query_id, press.action, press.sender) == (
        query,
        "t:12:done",
        Sender("4242", "张利萍", username="zhanglp"),
    )
    assert (press.chat_id, press.chat_kind, press.message_id, press.thread_id) == (
        str(GROUP),
        "group",
        str(card),
        "900",
    )
    assert press.sent_at.tzinfo is UTC


def test_a_press_under_a_message_that_telegram_forgot(api: BotApiServer) -> None:
    api.messages[GROUP, 3] = {"message_id": 3, "chat": api.chat(GROUP), "date": 0}
    api.press(GROUP, WORKER, 3, "t:12:done")
    press = one(api)
    assert (press.chat_id, press.message_id, press.action) == (str(GROUP), "3", "t:12:done")


def test_presses_that_lead_nowhere_are_passed_over(api: BotApiServer) -> None:
    query = {"id": "1", "from": WORKER, "chat_instance": "1"}
    api.push("callback_query", query | {"data": "x", "inline_message_id": "far"})
    api.push(
        "callback_query",
        query | {"game_short_name": "g", "message": {"message_id": 3, "chat": api.chat(GROUP), "date": 0}},
    )
    api.say(GROUP, AUNT, "灯不亮")
    assert one(api).text == "灯不亮"


@pytest.mark.parametrize(
    ("before", "after", "present"),
    [
        ("left", "member", True),
        ("left", "administrator", True),
        ("member", "left", False),
        ("administrator", "kicked", False),
    ],
)
def test_the_bot_is_added_and_thrown_out(api: BotApiServer, before: str, after: str, present: bool) -> None:
    api.member(GROUP, WORKER, before, after)
    change = one(api)
    assert isinstance(change, Membership)
    assert (change.chat_id, change.chat_kind, change.chat_title) == (str(GROUP), "group", "幸福里第3网格居民群")
    assert (change.present, change.sender.id) == (present, "4242")


def test_blocked_and_unblocked_in_private(api: BotApiServer) -> None:
    api.member(7, AUNT, "member", "kicked")
    api.member(7, AUNT, "kicked", "member")
    blocked, back = heard(api, 2)
    assert [(c.chat_id, c.chat_kind, c.present) for c in (blocked, back)] == [
        ("7", "private", False),
        ("7", "private", True),
    ]


def test_becoming_an_administrator_is_no_arrival(api: BotApiServer) -> None:
    api.member(GROUP, WORKER, "member", "administrator")
    api.say(GROUP, AUNT, "灯不亮")
    assert one(api).text == "灯不亮"


def test_an_anonymous_admin_adds_the_bot(api: BotApiServer) -> None:
    api.member(GROUP, ANONYMOUS, "left", "member")
    change = one(api)
    assert (change.sender.id, change.sender.kind) == (None, "anonymous_admin")


def test_a_group_that_moves_says_so_twice(api: BotApiServer) -> None:
    api.migrate(-55, GROUP, AUNT)
    for event in heard(api, 2):
        assert isinstance(event, Migrated)
        assert (event.old_chat_id, event.new_chat_id) == ("-55", str(GROUP))


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_members": [AUNT]},
        {"left_chat_member": AUNT},
        {"new_chat_title": "新名字"},
        {"delete_chat_photo": True},
        {"pinned_message": {"message_id": 1, "chat": {"id": GROUP, "type": "supergroup"}, "date": 0}},
        {"forum_topic_closed": {}},
        {"poll": {"id": "1"}},
        {"contact": {"phone_number": "1", "first_name": "x"}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_service_messages_are_nobodys_words(api: BotApiServer, service: dict[str, Any]) -> None:
    api.say(GROUP, AUNT, **service)
    api.say(GROUP, AUNT, "灯不亮")
    assert one(api).text == "灯不亮"
