"""The door in: once each, whole or not at all, and never stopped by one bad message."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.reading.judge import Judge
from handlers import ROUTER
from handlers.turn import Turn
from models.chats import Chat, find_chat
from models.heard import Failed
from models.messages import Incoming, Press
from models.people import Person
from models.taken import TakenUpdate
from tests.world import OTHER, RESIDENTS, World

pytestmark = pytest.mark.both_databases

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"
DOOR = "9号楼的单元门坏了三天了，没人修"
SORRY = "刚才没办成，请再发一次。"


def line(world: World, who: str, text: str, group: str = RESIDENTS) -> Incoming:
    return world.incoming(who, text, group)


def failed(world: World) -> list[Failed]:
    with world.sessions() as session:
        return list(session.query(Failed))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Exception], None]:
    """Let one of our handlers have a fault."""

    def breaks(name: str, fault: Exception) -> None:
        def handler(turn: Turn) -> None:
            turn.sender  # noqa: B018  (something has been written before it fails)
            raise fault

        table = ROUTER.commands if name in ROUTER.commands else ROUTER.presses
        monkeypatch.setitem(table, name, handler)

    return breaks


# once


def test_a_redelivered_update_does_nothing(world: World) -> None:
    message = line(world, "王阿姨", LIGHT)
    assert [o.kind for o in world.receive(message)] == ["opened"]
    assert [o.kind for o in world.receive(message, message)] == ["seen", "seen"]
    assert world.tickets() == 1 and len(world.lines()) == 1


def test_a_lower_update_id_is_not_an_old_one(world: World) -> None:
    """After a quiet week Telegram goes on with a random, possibly lower id."""
    world.receive(replace(line(world, "王阿姨", LIGHT), event_id="900000"))
    assert [o.kind for o in world.receive(replace(line(world, "小李", DOOR), event_id="5"))] == ["opened"]


def test_the_same_id_from_another_bot_is_another_update(world: World) -> None:
    message = line(world, "王阿姨", "/who")
    world.receive(message)
    assert [o.kind for o in world.receive(replace(message, account="1000"))] == ["command"]


def test_two_machines_given_the_same_update_act_once(world: World) -> None:
    message = line(world, "王阿姨", LIGHT)
    other, _, _ = world.another_process()
    assert [o.kind for o in world.inbox.receive_now([message])] == ["opened"]
    assert [o.kind for o in other.receive_now([message])] == ["seen"]
    assert world.tickets() == 1


def test_seen_updates_are_forgotten_after_two_days(world: World) -> None:
    world.says("王阿姨", "大家早")
    world.waits(hours=49)
    with world.sessions() as session:
        assert session.query(TakenUpdate).count() == 0


# one bad message


def test_a_fault_of_ours_keeps_the_others_and_the_message_whole(world: World, broken: Callable[..., None]) -> None:
    broken("who", ZeroDivisionError("oh"))
    bad = line(world, "小李", "/who")
    outcomes = world.receive(line(world, "王阿姨", LIGHT), bad, line(world, "小张", DOOR))
    assert [o.kind for o in outcomes] == ["opened", "failed", "opened"]
    (kept,) = failed(world)
    assert json.loads(kept.event)["text"] == "/who" and json.loads(kept.event)["sender"]["name"] == "小李"
    assert "ZeroDivisionError" in kept.error
    assert [o.kind for o in world.receive(bad)] == ["seen"], "it is kept, so it need not come again"


def test_nothing_half_done_is_left_behind(world: World, broken: Callable[..., None]) -> None:
    broken("who", ZeroDivisionError("oh"))
    world.receive(line(world, "陌生人", "/who"))
    with world.sessions() as session:
        assert session.query(Person).where(Person.name == "陌生人").count() == 0


def test_a_command_that_fails_gets_a_short_sorry(world: World, broken: Callable[..., None]) -> None:
    broken("who", ZeroDivisionError("oh"))
    assert world.says("小李", "/who") == [SORRY]
    assert world.channel.shown[-1].post.reply_to == world.last_message.message_id
    assert world.tells("小李", "谁负责") == [SORRY]


def test_a_press_that_fails_is_answered_to_the_presser_alone(world: World, broken: Callable[..., None]) -> None:
    world.says("王阿姨", LIGHT)
    broken("join", ZeroDivisionError("oh"))
    shown = len(world.lines())
    assert world.presses("小李", "我家也是") == [SORRY]
    assert len(world.lines()) == shown


def test_a_line_to_the_neighbours_that_fails_is_not_answered(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(self: object, *_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(Judge, "read", breaks)
    assert world.says("王阿姨", LIGHT) == []
    assert len(failed(world)) == 1 and "failed" in caplog.text


def test_a_fault_in_one_row_of_the_engines_is_the_messages_own(world: World, broken: Callable[..., None]) -> None:
    broken("who", IntegrityError("insert", {}, Exception("unique")))
    assert [o.kind for o in world.receive(line(world, "小李", "/who"), line(world, "王阿姨", LIGHT))] == [
        "failed",
        "opened",
    ]


def test_an_engine_error_rolls_everything_back_and_is_raised(world: World, broken: Callable[..., None]) -> None:
    broken("who", OperationalError("insert", {}, Exception("database or disk is full")))
    batch = [line(world, "小李", "/my"), line(world, "小李", "/who"), line(world, "王阿姨", LIGHT)]
    with pytest.raises(DBAPIError):
        world.inbox.receive_now(batch)
    assert world.stored("小李") == [] and world.tickets() == 0 and failed(world) == []
    ROUTER.commands["who"] = ROUTER.commands["my"]  # the disk has room again; monkeypatch puts the old one back
    assert [o.kind for o in world.receive(*batch)] == ["command", "command", "opened"]


# what comes in


@pytest.mark.parametrize(
    "text",
    [
        "",
        " " * 50,
        "😀👍🏻👨‍👩‍👧",
        "\u202eمرحبا\u202c",
        "\u200b\u200d\ufeff",
        "a\x00b",
        "\ud83d",
        "<b>水管</b> & <script>",
        "'; DROP TABLE tickets; --",
        "/done 99999999999999999999999999",
        "/done -1",
        "/status ٣",
        "办结 0",
        "/nosuch",
        "/",
        "//",
        "/done@gridbot",
        "第件",
        "水" * 4096,
        "x" * 100_000,
    ],
)
@pytest.mark.parametrize("private", [False, True])
def test_whatever_is_written_nothing_breaks(world: World, text: str, private: bool) -> None:
    chat, kind = (world.id_of("王阿姨"), "private") if private else (RESIDENTS, "group")
    bad = world.incoming("王阿姨", text, chat, chat_kind=kind)
    outcomes = world.receive(bad, line(world, "小李", LIGHT))
    assert outcomes[0].kind != "failed" and outcomes[1].kind == "opened"
    assert failed(world) == []


def test_letters_that_no_database_keeps_become_blanks(world: World) -> None:
    world.says("王\x00阿姨", LIGHT.replace("的", "\x00\ud83d"))
    assert "\x00" not in world.ticket(1).text and "3号楼2单元" in world.ticket(1).text
    reporter = world.ticket(1).reporter
    assert reporter is not None and reporter.name == "王 阿姨"


@pytest.mark.parametrize(
    "action", ["", "x", "done", "done:", "done:x", "done:99999999999", "yes:1", "\x00", "done:1:" * 9]
)
def test_a_strange_press_is_answered_and_changes_nothing(world: World, action: str) -> None:
    world.says("王阿姨", LIGHT)
    assert len(world.press_action("小李", action)) == 1
    assert world.ticket(1).state == "open" and failed(world) == []


def test_people_without_names_are_people(world: World) -> None:
    message = replace(line(world, "王阿姨", LIGHT), sender=replace(world.sender("王阿姨"), name=""))
    assert [o.kind for o in world.receive(message)] == ["opened"]
    assert world.says("老王", "办结1 修好了")


@pytest.mark.parametrize("kind", ["bot", "system"])
def test_bots_and_service_messages_are_not_listened_to(world: World, kind: str) -> None:
    message = line(world, "机器人", LIGHT)
    message = replace(message, sender=replace(message.sender, kind=kind))  # type: ignore[arg-type]
    assert [o.kind for o in world.receive(message)] == ["ignored"]


def test_a_channels_own_posts_are_nothing(world: World) -> None:
    message = replace(line(world, "频道", LIGHT), chat_kind="channel", chat_id="-100777")
    assert [o.kind for o in world.receive(message)] == ["ignored"]


def test_an_unknown_group_is_known_from_now_on_and_stays_silent(world: World) -> None:
    assert world.says("王阿姨", LIGHT, group="-1777", chat_title="别处") == []
    with world.sessions() as session:
        chat = find_chat(session, "telegram", "-1777")
        assert chat is not None and chat.unit is None and chat.title == "别处"


def test_a_press_from_a_group_never_seen_is_answered(world: World) -> None:
    press = Press(
        "telegram", "999", "e1", "q", "-1888", "group", "1", world.sender("小李"), "done:1", world.clock.now()
    )
    assert [o.kind for o in world.receive(press)] == ["refused"]


def test_what_is_said_in_one_group_stays_there(world: World) -> None:
    world.says("王阿姨", LIGHT)
    assert world.lines(OTHER) == []


def test_every_chat_of_a_bot_follows_when_the_bot_is_replaced(world: World) -> None:
    world.receive(replace(line(world, "王阿姨", "大家早"), account="1000"))
    with world.sessions() as session:
        chat = session.query(Chat).where(Chat.external_id == RESIDENTS).one()
        assert chat.account == "1000"


def test_our_own_faults_are_in_the_log_without_peoples_words(
    world: World, broken: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    broken("report", ZeroDivisionError("oh"))
    world.says("王阿姨", "登记 我家的秘密")
    assert "ZeroDivisionError" in caplog.text and "秘密" not in caplog.text
