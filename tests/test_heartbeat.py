"""The heartbeat: every due thing in a transaction of its own; one that fails is put off, the others go on."""

import asyncio
import logging
import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

import bot.heartbeat
from bot.heartbeat import Heartbeat
from handlers import bulletin, meeting, overdue
from handlers.desk import Desk
from models.chats import Chat
from models.tickets import Ticket
from tests.world import OTHER, RESIDENTS, STAFF, STREET, World, china

pytestmark = pytest.mark.both_databases

LIGHT = "{}号楼的路灯坏了三天了，没人修"
DUE = china(3, 5, 18)


def fail_for(monkeypatch: pytest.MonkeyPatch, module: object, name: str, when: object, fault: Exception) -> None:
    """Let one of our functions fail for one row."""
    real = getattr(module, name)

    def fragile(desk: Desk, row: object, *rest: object) -> object:
        if when(row):  # type: ignore[operator]
            raise fault
        return real(desk, row, *rest)

    monkeypatch.setattr(module, name, fragile)


@pytest.mark.parametrize("fault", [KeyError("oh"), IntegrityError("insert", {}, Exception("unique"))])
def test_a_ticket_that_fails_is_put_off_and_the_others_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    for n in (1, 2, 3):
        world.says("王阿姨", LIGHT.format(n))
        world.says("老王", f"我来办{n}")
    with monkeypatch.context() as broken:
        fail_for(broken, overdue, "miss_answer", lambda t: isinstance(t, Ticket) and t.number == 1, fault)
        world.waits_until(DUE)
        assert [world.ticket(n).rung for n in (1, 2, 3)] == [0, 1, 1]
        assert world.ticket(1).next_at == DUE + timedelta(minutes=10)
    assert "look_at_one failed" in caplog.text
    world.waits_until(DUE + timedelta(minutes=10))
    assert world.ticket(1).rung == 1, "mended, it goes on by itself"


def test_a_call_that_failed_comes_ten_minutes_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def ours(chat: object) -> bool:
        return isinstance(chat, Chat) and chat.external_id == RESIDENTS

    with monkeypatch.context() as broken:
        fail_for(broken, meeting, "post_call", ours, KeyError("oh"))
        world.waits_until(china(3, 4, 18, 5))
    assert [len(world.lines(chat)) for chat in (RESIDENTS, STAFF, OTHER, STREET)] == [0, 1, 1, 1]
    world.waits_until(china(3, 4, 18, 10))
    assert [len(world.lines(chat)) for chat in (RESIDENTS, STAFF, OTHER, STREET)] == [1, 1, 1, 1]


def test_a_summary_that_failed_still_speaks_of_its_own_week(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        fail_for(broken, bulletin, "summary", lambda c: True, KeyError("oh"))
        world.waits_until(china(3, 6, 15, 35))
    lines = world.waits_until(china(3, 6, 15, 45))
    assert lines == ["📋 一周小结（2月27日15:30—3月6日15:30）\n本周没有新事"]


def test_an_engine_error_is_nobodys_fault_and_nothing_is_put_off(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.says("王阿姨", LIGHT.format(1))
    world.clock.move_to(DUE)
    full = OperationalError("update", {}, Exception("database or disk is full"))
    with monkeypatch.context() as broken:
        fail_for(broken, overdue, "miss_answer", lambda t: True, full)
        asyncio.run(world.heartbeat.beat())
    assert "disk is full" in caplog.text
    assert world.ticket(1).next_at is not None and world.ticket(1).next_at <= DUE
    asyncio.run(world.heartbeat.beat())
    assert world.ticket(1).rung == 1


def test_nothing_that_goes_wrong_ends_the_loop(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(self: Heartbeat) -> int:
        raise KeyError("oh")

    monkeypatch.setattr(Heartbeat, "beat_now", breaks)
    asyncio.run(world.heartbeat.beat())


def test_what_somebody_changed_while_it_was_tidied_up_is_looked_at_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    goes_wrong = iter([True, False])
    with monkeypatch.context() as broken:
        fail_for(broken, bot.heartbeat, "forget_old", lambda _: next(goes_wrong), StaleDataError("gone"))
        world.clock.move_to(DUE)
        asyncio.run(world.heartbeat.beat())
    assert "fault" not in caplog.text
    assert next(goes_wrong, None) is None


def test_a_beat_that_is_cut_short_by_the_end_is_no_fault(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    turns, begun, over = iter(range(1000)), threading.Event(), threading.Event()

    def long_one(self: Heartbeat) -> int:
        if next(turns):
            begun.set()
            over.wait(10)
        return 0

    async def lives_and_ends() -> None:
        living = asyncio.create_task(world.heartbeat.run())
        await asyncio.to_thread(begun.wait, 10)
        living.cancel()
        await asyncio.wait([living])
        over.set()

    monkeypatch.setattr(Heartbeat, "beat_now", long_one)
    monkeypatch.setattr(bot.heartbeat, "BEAT", 0.05)
    asyncio.run(lives_and_ends())
    assert "exception" not in caplog.text


def test_a_beat_with_nothing_due_writes_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert world.heartbeat.beat_now() == 0
    assert world.lines() == []


def test_the_clock_stops_at_every_instant_that_is_due(world: World) -> None:
    """Jumping over the evening would make its call stale."""
    world.waits_until(china(3, 6, 16))
    stops = [s.at for s in world.channel.shown if s.chat_id == RESIDENTS]
    assert stops == [china(3, 4, 18), china(3, 5, 8), china(3, 6, 15, 30)]
