"""A message on which our own code failed is tried again, with its own time, and counts once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.failed import told
from bot.reading.judge import Judge
from bot.retry import Retry, event_of
from models.heard import Failed
from models.incidents import standing
from models.messages import Membership, Migrated, Press
from models.people import Person
from models.privacy import erase
from tests.world import STAFF, World, china

LEAK = "3号楼2单元水管漏水，楼道全是水"
Breaks = Callable[[], Callable[[], None]]


@pytest.fixture
def breaks() -> Iterator[Breaks]:
    """Our reading has a fault until what this gives is called."""

    def broken(self: object, *_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    patch = pytest.MonkeyPatch()

    def begin() -> Callable[[], None]:
        patch.setattr(Judge, "read", broken)
        return patch.undo

    yield begin
    patch.undo()


def rows(world: World) -> list[Failed]:
    with world.sessions() as session:
        return list(session.scalars(select(Failed)))


def troubles(world: World) -> list[tuple[str, int]]:
    with world.sessions() as session:
        return [(i.kind, i.count) for i in standing(session)]


def test_a_minute_later_it_is_a_ticket_like_any_other(world: World, breaks: Breaks) -> None:
    mend = breaks()
    assert world.says("李阿姨", LEAK) == []
    mend()
    lines = world.waits(minutes=2)
    assert lines[0].startswith("📌 第1件")
    assert world.ticket(1).opened_at == china(3, 2, 9)
    assert not world.ticket(1).caught_up
    assert rows(world) == [] and troubles(world) == []


def test_after_an_hour_it_says_when_it_was_said(world: World, breaks: Breaks) -> None:
    mend = breaks()
    world.says("李阿姨", LEAK)
    world.waits(minutes=30)
    assert [(row.tries, row.next_at) for row in rows(world)] == [(2, china(3, 2, 10, 11))]
    mend()
    world.waits(minutes=60)
    assert world.card().text.endswith("补收：3月2日（周一）09:00说的")
    assert "🔌" not in "".join(world.lines(STAFF)), "nobody was away"


def test_a_line_of_the_neighbours_meanwhile_is_not_joined_by_time_of_receipt(world: World, breaks: Breaks) -> None:
    mend = breaks()
    world.says("李阿姨", LEAK)
    mend()
    world.says("张三", "+1")
    world.waits(minutes=2)
    assert world.tickets() == 1
    assert world.ticket(1).followers == []


def test_in_the_end_an_operator_judges_but_the_next_start_has_one_more_try(world: World, breaks: Breaks) -> None:
    mend = breaks()
    world.says("李阿姨", LEAK)
    world.waits(hours=3)
    assert [(row.tries, row.next_at) for row in rows(world)] == [(3, None)]
    world.restart()
    assert [(row.tries, row.next_at) for row in rows(world)] == [(4, None)]
    world.restart()
    assert [row.tries for row in rows(world)] == [4], "the same program has tried it often enough"
    mend()
    Retry(world.sessions, world.clock, world.inbox, "a newer version").begin()
    world.waits(minutes=1)
    assert world.tickets() == 1 and rows(world) == []


@pytest.mark.both_databases
def test_two_processes_and_a_redelivery_make_one_ticket_of_it(world: World, breaks: Breaks) -> None:
    mend = breaks()
    world.says("李阿姨", LEAK)
    mend()
    other, _, _ = world.another_process()
    world.clock.move_to(world.clock.now() + timedelta(minutes=2))
    assert [Retry(world.sessions, world.clock, inbox).one() for inbox in (world.inbox, other)] == [True, False]
    assert [o.kind for o in world.receive(world.last_message)] == ["seen"]
    assert world.tickets() == 1


def test_the_operator_reads_of_it_once_and_that_it_is_over(world: World, breaks: Breaks) -> None:
    mend = breaks()
    world.says("李阿姨", LEAK)
    world.says("张三", "5号楼路灯坏了三天了")
    world.waits(minutes=5)
    mend()
    world.waits(minutes=20)
    street = world.lines("-1004")
    assert street == [
        "⚙️ 机器人有情况：\n⚠️ 有2次没处理成，消息留着，会再试",
        "⚙️ 机器人有情况：\n✅ 没处理成的都处理好了",
    ]
    assert "李阿姨" not in "".join(street) and "漏水" not in "".join(street)


def test_whoever_asks_to_be_forgotten_is_not_tried_again(world: World, breaks: Breaks) -> None:
    world.says("李阿姨", "5号楼路灯坏了三天了")
    mend = breaks()
    world.says("李阿姨", LEAK)
    mend()
    with world.sessions.begin() as session:
        person = session.scalars(select(Person).where(Person.name == "李阿姨")).one()
        erase(session, person, world.clock.now(), "某居民", "（已删除）")
    world.waits(hours=2)
    assert rows(world) == [] and world.tickets() == 1


def test_the_list_shows_no_words_and_has_them_tried_now(world: World, breaks: Breaks) -> None:
    mend = breaks()
    world.says("李阿姨", LEAK)
    world.waits(hours=3)
    mend()
    with world.sessions.begin() as session:
        line, promised = told(world.config, session, world.clock.now(), retry=True)
    assert line.startswith("2026-03-02 09:00  更新101  Incoming  群-1001  ZeroDivisionError at ")
    assert line.endswith("试过3次  等人看")
    assert promised == "1条：机器人在运行就几秒内再试，没在运行就下次启动时试"
    world.waits(minutes=1)
    assert world.tickets() == 1


def test_every_kind_of_event_comes_back_as_it_was_kept(world: World) -> None:
    at = world.clock.now()
    message = world.incoming("李阿姨", LEAK, "-1001", photo="P1")
    press = Press("telegram", "999", "7", "q", "-1001", "group", "5", world.sender("张三"), "join:1", at)
    came = Membership("telegram", "999", "8", "-1001", "group", True, world.sender("老王"), at, "新群")
    moved = Migrated("telegram", "999", "9", "-1", "-2", at)
    for event in (message, press, came, moved):
        assert event_of(json.dumps(asdict(event), ensure_ascii=False, default=str)) == event
