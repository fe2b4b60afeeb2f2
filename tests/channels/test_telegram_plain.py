"""Plain words are read without the library's objects, and never otherwise than with them."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.channels.telegram.plain import read_plain
from bot.channels.telegram.reading import MALFORMED, Reader, _with_names
from bot.clock import SystemClock
from tests.bench.talk import Talk

READER = Reader("999", "gridbot", SystemClock())

USER = {"id": 7001, "is_bot": False, "first_name": "王", "last_name": "阿姨", "username": "wang", "language_code": "zh"}
CHAT = {"id": -1001, "title": "幸福里", "type": "supergroup"}
PLAIN: dict[str, Any] = {
    "update_id": 5,
    "message": {"message_id": 9, "from": USER, "chat": CHAT, "date": 1772413200, "text": "大家早"},
}
REPLY = {**PLAIN, "message": {**PLAIN["message"], "reply_to_message": {**PLAIN["message"], "message_id": 8}}}
ODD = [None, True, False, 0, -1, 1 << 70, 1.5, "", "x", "\0", "\ud800", "  ", [], {}, 136817688, "channel", "private"]
EXTRA = {
    "entities": [{"type": "bold", "offset": 0, "length": 1}],
    "message_thread_id": 3,
    "is_topic_message": True,
    "sender_chat": CHAT,
    "via_bot": {**USER, "is_bot": True},
    "edit_date": 1772413300,
    "media_group_id": "1",
    "caption": "x",
    "photo": [],
    "forum_topic_created": {"name": "x", "icon_color": 1},
    "is_forum": True,
    "is_premium": True,
}


def slowly(raw: Any) -> Any:
    try:
        return READER._read(Update.de_json(_with_names(raw), None))
    except MALFORMED as fault:
        return type(fault)


def agrees(raw: Any) -> bool:
    """Whether it was read quickly; what was must be as the library reads it."""
    quick = read_plain(raw, "999")
    if quick is not None:
        assert quick == slowly(raw)
    return quick is not None


@pytest.mark.parametrize(
    "raw", [PLAIN, REPLY, {**PLAIN, "message": {**PLAIN["message"], "chat": {**USER, "type": "private"}}}]
)
def test_plain_words_are_read_at_once(raw: Any) -> None:
    raw = copy.deepcopy(raw)
    for field in ("is_bot", "language_code"):
        raw["message"]["chat"].pop(field, None)
    assert agrees(raw)


def test_what_a_day_brings_is_read_alike() -> None:
    talk = Talk(random.Random(3), 4)
    read = [agrees(raw) for raw in talk.chatter(300)]
    assert sum(read) > 250  # nearly all; pictures and stickers are not


def test_who_has_a_last_name_alone_is_left_to_the_library() -> None:
    assert not agrees({**PLAIN, "message": {**PLAIN["message"], "from": {**USER, "first_name": ""}}})


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(node, dict):
        return [path]
    return [path, *(found for key in node for found in places(node[key], (*path, key)))]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_it_both_read_the_same(data: st.DataObject) -> None:
    raw = copy.deepcopy(data.draw(st.sampled_from([PLAIN, REPLY])))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(filter(None, places(raw)), key=str) or [("update_id",)]))
        raw.setdefault(path[0], 1)
        *above, last = path
        node = raw
        for key in above:
            node = node[key]
        what = data.draw(st.sampled_from(["drop", "odd", "extra"]))
        if what == "drop":
            node.pop(last)
        elif what == "odd":
            node[last] = copy.deepcopy(data.draw(st.sampled_from(ODD) | st.text(max_size=5)))
        else:
            name = data.draw(st.sampled_from(sorted(EXTRA)))
            node[name] = copy.deepcopy(EXTRA[name])
    agrees(raw)
