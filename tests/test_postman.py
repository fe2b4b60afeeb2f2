"""The postman: order, limits, and the five ways in which a letter can fail."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from bot.bell import Bell
from bot.channels import ChatGone, Moved, Rejected, Sent, TryLater, Uncertain
from bot.postman import Postman
from handlers.desk import Desk, Envelope
from models.chats import Chat, find_chat
from models.letters import Letter, withdraw
from models.messages import Migrated
from models.pointers import Pointer
from models.posts import Post, Text
from tests.world import OTHER, RESIDENTS, STAFF, STREET, FakeChannel, World, china

pytestmark = pytest.mark.both_databases

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"
NEW = "-1002001"


def writes(world: World, text: str, kind: str = "reply", chat: str = RESIDENTS, **how: object) -> int:
    """Put a letter into the outbox; its id."""
    with world.sessions.begin() as session:
        to = find_chat(session, "telegram", chat)
        assert to is not None
        desk = Desk(session, world.clock.now(), world.config.policy)
        letter = desk.write(to, (Text(text),), Envelope(kind=kind).but(**how))
        return letter.id if letter else 0


def letter(world: World, letter_id: int) -> Letter:
    with world.sessions() as session:
        return session.get_one(Letter, letter_id)


def sends_one(world: World, second: bool = False) -> float | None:
    """One step of the postman: 0 when something went out, else the seconds to wait."""
    postman = world.another_process()[2] if second else world.postman
    return asyncio.run(postman.deliver_one(world.channel))


def sends_now(world: World) -> int:
    """Everything that may go out at this very second; how many letters."""
    before = len(world.channel.shown)
    while sends_one(world) == 0:
        pass
    return len(world.channel.shown) - before


def timed(world: World) -> list[tuple[float, str]]:
    """Deliver all, and note at which machine second each text went out."""
    found: list[tuple[float, str]] = []
    start = world.clock.ticks
    seen = len(world.channel.shown)
    while (wait := sends_one(world)) is not None and wait < 100:
        found += [(round(world.clock.ticks - start, 3), s.text) for s in world.channel.shown[seen:]]
        seen = len(world.channel.shown)
        world.clock.ticks += wait
    return found


# order


def test_pings_before_replies_before_reminders_before_summaries(world: World) -> None:
    for kind in ("summary", "reminder", "reply", "ping"):
        writes(world, kind, kind)
    world.deliver()
    assert world.lines() == ["ping", "reply", "reminder", "summary"]


def test_within_one_priority_first_come_first_served(world: World) -> None:
    for n in range(5):
        writes(world, str(n))
    world.deliver()
    assert world.lines() == list("01234")


def test_the_same_thing_is_written_once(world: World) -> None:
    assert writes(world, "once", dedupe="x")
    assert writes(world, "once", dedupe="x") == 0
    world.deliver()
    assert world.lines() == ["once"]


# limits


def test_one_letter_a_second_goes_to_a_chat(world: World) -> None:
    for n in range(3):
        writes(world, str(n))
    writes(world, "elsewhere", chat=OTHER)
    assert timed(world) == [(0.0, "0"), (0.0, "elsewhere"), (1.0, "1"), (2.0, "2")]


def test_twenty_a_minute_go_to_a_group_and_edits_are_free(world: World) -> None:
    ids = [writes(world, str(n), "reminder") for n in range(21)]
    seconds = [at for at, _ in timed(world)]
    assert seconds[:20] == [float(n) for n in range(20)]
    assert seconds[20] == 60.0
    for n in range(3):
        with world.sessions.begin() as session:
            desk = Desk(session, world.clock.now(), world.config.policy)
            desk.rewrite(session.get_one(Letter, ids[n]), (Text("changed"),), ())
    start = world.clock.ticks
    world.deliver()
    assert world.channel.edits == 3
    assert world.clock.ticks - start <= 3


def test_a_private_chat_knows_no_limit_by_the_minute(world: World) -> None:
    world.starts("老王")
    for n in range(25):
        writes(world, str(n), chat="11")
    assert timed(world)[-1][0] <= 25.0


def groups(world: World, count: int) -> list[str]:
    """That many further groups."""
    names = [f"-2{n:03}" for n in range(count)]
    with world.sessions.begin() as session:
        session.add_all(Chat(channel="telegram", account="999", external_id=name) for name in names)
    return names


def test_a_bot_sends_thirty_a_second_also_with_two_postmen(world: World) -> None:
    for name in groups(world, 40):
        writes(world, "hello", chat=name)
    sent = 0
    while (wait := sends_one(world, second=sent % 2 == 1)) == 0:
        sent += 1
    assert sent == 30
    assert wait == pytest.approx(1.0)
    world.clock.ticks += 1.0
    assert sends_now(world) == 10


def test_a_machine_clock_that_jumps_back_freezes_nothing(world: World) -> None:
    for n in range(3):
        writes(world, str(n))
    assert sends_now(world) == 1
    world.clock.ticks -= 100_000
    assert sends_now(world) == 1
    assert (sends_one(world) or 99) <= 1.0


# failures


def test_a_429_pauses_its_chat_and_no_other(world: World) -> None:
    writes(world, "here")
    writes(world, "there", chat=OTHER)
    world.channel.failures = [TryLater(7)]
    assert timed(world) == [(0.0, "there"), (7.0, "here")]


def test_a_429_of_an_edit_holds_the_chats_letters_too(world: World) -> None:
    first = writes(world, "first")
    world.deliver()
    rewrites(world, first, "changed")
    world.channel.failures = [TryLater(9)]
    sends_one(world)
    writes(world, "later")
    world.clock.ticks += 8
    assert sends_now(world) == 0
    world.deliver()
    assert world.lines() == ["changed", "later"]


def test_a_429_of_the_whole_bot_pauses_everything(world: World) -> None:
    writes(world, "here")
    writes(world, "there", chat=OTHER)
    world.channel.failures = [TryLater(7, "bot")]
    assert timed(world) == [(7.0, "here"), (7.0, "there")]


def test_an_endless_pause_is_asked_about_after_an_hour(world: World) -> None:
    writes(world, "here")
    world.channel.failures = [TryLater(86_400)]
    sends_one(world)
    world.clock.ticks += 3600
    assert sends_now(world) == 1


def test_who_blocked_the_bot_is_passed_over_for_the_deputy(world: World) -> None:
    world.starts("老王", "陈副")
    world.channel.gone = {"11"}
    world.says("王阿姨", LIGHT)
    assert world.private("陈副")[-1].startswith("🔔 第1件")


def test_every_matter_that_waited_for_them_is_passed_over(world: World) -> None:
    world.starts("老王", "陈副")
    world.sleeps_until(china(3, 2, 23))
    world.says("王阿姨", LIGHT)
    world.says("小李", "9号楼的路灯坏了三天了，没人修")
    world.channel.gone = {"11"}
    world.waits_until(china(3, 3, 8))
    assert [line[:5] for line in world.private("陈副") if line.startswith("🔔")] == ["🔔 第1件", "🔔 第2件"]


def test_whoever_presses_start_again_is_called_again(world: World) -> None:
    world.starts("老王")
    world.channel.gone = {"11"}
    world.says("王阿姨", LIGHT)
    world.channel.gone = set()
    world.starts("老王")
    world.says("小李", "9号楼的路灯坏了三天了，没人修")
    assert world.private("老王")[-1].startswith("🔔 第2件")


def test_a_group_that_threw_us_out_is_written_to_no_more(world: World) -> None:
    writes(world, "one")
    waiting = writes(world, "two")
    world.channel.gone = {RESIDENTS}
    world.deliver()
    with world.sessions() as session:
        chat = find_chat(session, "telegram", RESIDENTS)
        assert chat is not None and not chat.present
    assert letter(world, waiting).state == "stale"
    assert writes(world, "three") == 0
    world.channel.gone = set()
    assert world.says("王阿姨", LIGHT), "it speaks, so we are back"


def test_a_refused_letter_is_dead_and_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    refused, other = writes(world, "refused"), writes(world, "other")
    world.channel.failures = [Rejected("BUTTON_DATA_INVALID")]
    world.deliver()
    assert letter(world, refused).state == "dead" and letter(world, other).state == "sent"
    assert "BUTTON_DATA_INVALID" in caplog.text


def test_a_fault_of_ours_in_the_channel_kills_one_letter_only(world: World) -> None:
    refused, other = writes(world, "refused"), writes(world, "other")
    world.channel.failures = [KeyError("oh")]
    world.deliver()
    assert (letter(world, refused).state, letter(world, other).state) == ("dead", "sent")


def test_an_uncertain_letter_is_sent_exactly_once_more(world: World, caplog: pytest.LogCaptureFixture) -> None:
    written = writes(world, "hello")
    world.channel.failures = [Uncertain("timed out")]
    world.deliver()
    assert world.lines() == ["hello"]
    assert letter(world, written).state == "sent"
    lost = writes(world, "lost")
    world.channel.failures = [Uncertain("timed out"), Uncertain("timed out")]
    world.deliver()
    assert world.lines() == ["hello"]
    assert letter(world, lost).state == "dead"
    assert "given up" in caplog.text


def test_a_dead_machines_letter_is_sent_by_another_after_its_lease(world: World) -> None:
    writes(world, "hello")
    world.channel.failures = [asyncio.CancelledError()]  # type: ignore[list-item]
    with pytest.raises(asyncio.CancelledError):
        sends_one(world)
    world.clock.ticks += 19
    wait = sends_one(world, second=True)
    assert wait == pytest.approx(1.0)
    world.clock.ticks += 1
    assert sends_one(world, second=True) == 0
    assert world.lines() == ["hello"]


def test_a_letter_out_of_date_is_dropped_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    late = writes(world, "late", expires_at=world.clock.now() + timedelta(minutes=5))
    writes(world, "fresh", chat=OTHER)
    world.sleeps_until(world.clock.now() + timedelta(minutes=5))
    world.deliver()
    assert letter(world, late).state == "stale" and world.lines() == []
    assert world.lines(OTHER) == ["fresh"]
    assert f"letter {late} dropped" in caplog.text


def test_a_letter_that_cannot_be_read_holds_up_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    broken, good = writes(world, "broken"), writes(world, "good")
    with world.sessions.begin() as session:
        session.get_one(Letter, broken).body = {"segments": "?"}
    world.deliver()
    assert world.lines() == ["good"]
    assert letter(world, broken).due_at > world.clock.now() and letter(world, good).state == "sent"


# edits


def rewrites(world: World, letter_id: int, text: str) -> None:
    with world.sessions.begin() as session:
        desk = Desk(session, world.clock.now(), world.config.policy)
        desk.rewrite(session.get_one(Letter, letter_id), (Text(text),), ())


def test_what_still_waits_is_changed_in_the_outbox(world: World) -> None:
    written = writes(world, "old")
    rewrites(world, written, "new")
    world.deliver()
    assert world.lines() == ["new"] and world.channel.edits == 0


def test_the_newest_edit_wins(world: World) -> None:
    written = writes(world, "0")
    world.deliver()
    for text in "123":
        rewrites(world, written, text)
    world.deliver()
    assert world.lines() == ["3"] and world.channel.edits == 1


def test_a_change_while_the_letter_is_on_its_way_is_not_lost(world: World) -> None:
    written = writes(world, "old")
    deliver = world.channel.deliver

    async def slow(post: object) -> object:
        world.channel.deliver = deliver  # type: ignore[method-assign]
        rewrites(world, written, "new")
        return await deliver(post)  # type: ignore[arg-type]

    world.channel.deliver = slow  # type: ignore[method-assign,assignment]
    world.deliver()
    assert world.lines() == ["new"] and world.channel.edits == 1


def test_an_edit_waits_for_its_original(world: World) -> None:
    written = writes(world, "old")
    world.channel.failures = [TryLater(5)]
    sends_one(world)
    rewrites(world, written, "new")
    world.deliver()
    assert world.lines() == ["new"] and world.channel.edits == 1


def test_an_edit_of_what_was_never_sent_is_dropped(world: World) -> None:
    written = writes(world, "old")
    world.channel.failures = [TryLater(5), Rejected("no")]
    sends_one(world)
    rewrites(world, written, "new")
    world.deliver()
    assert world.lines() == [] and world.channel.edits == 0


# the group takes a new id


def test_a_moved_chat_gets_the_letter_once_under_its_new_id(world: World) -> None:
    writes(world, "hello")
    world.channel.failures = [Moved(NEW)]
    world.deliver()
    assert world.lines(NEW) == ["hello"] and world.lines(RESIDENTS) == []


def migrates(world: World, event: int = 0) -> None:
    world.receive(Migrated("telegram", "999", f"m{event}", RESIDENTS, NEW, world.clock.now()))


def test_after_a_move_old_numbers_are_neither_edited_nor_matched(world: World) -> None:
    world.says("王阿姨", LIGHT)
    namesake = replace(world.last_message, text="大家早")
    migrates(world)
    assert world.says("老王", "已处理", reply=namesake, group=NEW) == []
    assert world.ticket(1).is_open, "that number means another message now"
    world.says("小李", "我家也是", group=NEW)
    assert world.channel.edits == 0
    assert world.says("老王", "办结1 修好了", group=NEW)[0].startswith("✅ 第1件办结")


def test_every_row_follows_and_both_announcements_are_one_move(world: World) -> None:
    world.says("王阿姨", LIGHT)
    migrates(world, 1)
    migrates(world, 2)
    with world.sessions() as session:
        chat = find_chat(session, "telegram", NEW)
        assert chat is not None and chat is find_chat(session, "telegram", RESIDENTS)
        assert chat.unit is not None
        assert all(p.message_id.startswith("old:") for p in session.query(Pointer))
    world.waits_until(china(3, 4, 18))
    assert any("明天5日" in line for line in world.lines(NEW))
    assert world.lines(RESIDENTS)[1:] == []


def test_a_new_group_heard_before_its_announcement_gives_way(world: World) -> None:
    world.says("王阿姨", "大家早", group=NEW)
    world.joins(NEW)
    migrates(world)
    assert world.says("王阿姨", LIGHT, group=NEW)[0].startswith("📌 第1件")
    assert world.waits_until(china(3, 4, 18), chat=NEW)[-1].startswith("🗣")
    calls = [[line for line in world.lines(chat) if line.startswith("🗣")] for chat in (STAFF, STREET)]
    assert calls[0] == calls[1] != []


def test_a_group_that_is_gone_may_show_it_on_an_edit(world: World) -> None:
    first = writes(world, "first")
    world.deliver()
    rewrites(world, first, "changed")
    world.channel.failures = [ChatGone("kicked")]
    world.deliver()
    with world.sessions() as session:
        chat = find_chat(session, "telegram", RESIDENTS)
        assert chat is not None and not chat.present


# several at once


def test_two_postmen_at_the_same_time_send_each_letter_once(world: World) -> None:
    names = groups(world, 12)
    for n in range(24):
        writes(world, str(n), chat=names[n % 12])
    other = world.another_process()[2]

    async def work(postman: Postman) -> None:
        while (await postman.deliver_one(world.channel)) == 0:
            pass

    async def together() -> None:
        await asyncio.gather(*(work(postman) for postman in (world.postman, other) for _ in range(3)))

    for _ in range(3):
        asyncio.run(together())
        world.clock.ticks += 1.0
    assert sorted(int(s.text) for s in world.channel.shown) == list(range(24))
    for name in names:
        first, second = (int(text) for text in world.lines(name))
        assert first < second


def test_whatever_is_never_sent_is_said_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Folded in a busy hour, withdrawn, or waiting for a group that threw us out."""
    caplog.set_level(logging.INFO)
    written = [writes(world, f"line {n}", due_at=world.clock.now() + timedelta(hours=1)) for n in range(20)]
    held = writes(world, "call", chat=OTHER, dedupe="ping:1:", due_at=world.clock.now() + timedelta(hours=1))
    with world.sessions.begin() as session:
        withdraw(session, "ping:1:")
    world.joins(RESIDENTS, present=False)
    unsent = [one for one in (*written, held) if letter(world, one).state in ("stale", "folded")]
    assert {letter(world, one).state for one in unsent} == {"stale", "folded"} and held in unsent
    assert [one for one in unsent if f"letter {one} " not in caplog.text] == []


def test_of_four_hands_one_looks(world: World) -> None:
    """Each look costs as much as a message; what was written while it looked is found all the same."""
    channel, bell, looks = TellingChannel(world), Bell(), list[str]()
    postman = Postman(world.sessions, world.clock, world.config.policy, [channel], bell)
    event.listen(world.engine, "begin", lambda _: looks.append("look"))

    async def works() -> None:
        task = asyncio.create_task(postman.run())
        for text, chat in (("one", RESIDENTS), ("two", OTHER), ("three", STAFF)):
            await asyncio.to_thread(writes, world, text, chat=chat)
            bell.ring()
            async with asyncio.timeout(4.0):  # an idle postman looks again after five
                await channel.arrived.get()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(works())
    assert [s.text for s in channel.shown] == ["one", "two", "three"]
    assert len(looks) <= 20, "to write, take and note each, and a look before and after: not one for every hand"


class TellingChannel(FakeChannel):
    """Says what has arrived."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self.arrived = asyncio.Queue[str]()

    async def deliver(self, post: Post) -> Sent:
        sent = await super().deliver(post)
        self.arrived.put_nowait(post.chat_id)
        return sent


class SlowChannel(FakeChannel):
    """What it is given is on its way until it is let through."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self.handed, self.let_through = asyncio.Event(), asyncio.Event()

    async def deliver(self, post: Post) -> Sent:
        self.handed.set()
        await self.let_through.wait()
        return await super().deliver(post)


@pytest.mark.parametrize("seconds", [-7200, 7200])
def test_a_clock_that_jumps_sends_nothing_twice(world: World, seconds: int) -> None:
    """By the lanes the lease is over, or none of ours; the postman knows what it has in hand."""
    writes(world, "one")
    writes(world, "two")
    channel = SlowChannel(world)

    async def two_hands() -> float | None:
        first = asyncio.create_task(world.postman.deliver_one(channel))
        await channel.handed.wait()
        world.clock.ticks += seconds
        waits = await world.postman.deliver_one(channel)
        channel.let_through.set()
        await first
        return waits

    assert asyncio.run(two_hands()) == 1.0
    assert [s.text for s in channel.shown] == ["one"]


def test_a_database_that_is_away_when_a_letter_has_arrived_is_told_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter is not sent again for it."""
    monkeypatch.setattr("bot.postman.NOTE_AGAIN", 0.0)
    sent, away = writes(world, "hello"), [1, 2, 3]

    def refuse(_: object, __: object, statement: str, *___: object) -> None:
        if world.channel.shown and statement.startswith("UPDATE letters") and away:
            raise OperationalError(statement, {}, Exception(f"the disk is away, {away.pop()}"))

    event.listen(world.engine, "before_cursor_execute", refuse)
    world.deliver()
    assert letter(world, sent).state == "sent" and away == []
    assert world.lines() == ["hello"]


def test_a_hand_that_waited_long_for_the_database_believes_the_lease_given_meanwhile(world: World) -> None:
    """While it waits to be let in, thirty seconds pass, and another machine leases the letter two seconds before."""
    writes(world, "hello")
    world.clock.ticks += 28
    world.channel.failures = [asyncio.CancelledError()]  # type: ignore[list-item]
    with pytest.raises(asyncio.CancelledError):
        sends_one(world, second=True)
    world.clock.ticks -= 28

    def thirty_seconds_pass(connection: Connection) -> None:
        if not connection.get_execution_options().get("read_only"):  # only writers wait for each other
            world.clock.ticks += 30

    event.listen(world.engine, "begin", thirty_seconds_pass)
    waits = sends_one(world)
    event.remove(world.engine, "begin", thirty_seconds_pass)
    assert waits == pytest.approx(18.0) and world.lines() == []
