"""The process dies and comes back, or there are two of them: everything once, nothing lost."""

import threading

import pytest

from bot.clock import MovableClock
from bot.inbox import Inbox
from models.messages import Incoming
from tests.world import OTHER, RESIDENTS, STAFF, STREET, World, china

pytestmark = pytest.mark.both_databases

LIGHT = "{}号楼的路灯坏了三天了，没人修"


def test_what_was_written_before_the_end_is_sent_after_it(world: World) -> None:
    """The letter is in the same transaction as the ticket: killed before sending, it still goes out."""
    world.inbox.receive_now([world.incoming("王阿姨", LIGHT.format(3), RESIDENTS)])
    assert world.lines() == []
    world.restart()
    assert [line[:5] for line in world.lines()] == ["📌 第1件"]


def test_a_week_with_a_restart_every_few_hours_reads_like_one_without(world: World) -> None:
    world.starts("老王", "李书记")
    world.says("王阿姨", LIGHT.format(3))
    hours = (china(3, 6, 16) - china(3, 2, 9)).total_seconds() // 3600
    for _ in range(int(hours) // 7):
        world.waits(hours=7)
        world.restart()
    world.waits_until(china(3, 6, 16))
    heads = [line.partition("\n")[0] for line in world.lines()]
    assert heads == [
        "📌 第1件，记下了",
        "第1件还没人应声，已交社区李书记，最迟3月5日（周四）18:00回话。让您久等了",
        "第1件还没人应声，已交街道赵主任，最迟3月5日（周四）18:00回话。让您久等了",
        "🗣 明天5日（周四）说事日",
        "🗣 今天5日（周四）说事日",
        "第1件没按时回话，还在催办，最迟3月10日（周二）18:00回话。让您久等了",
        "📋 一周小结（2月27日15:30—3月6日15:30）",
    ]


def test_a_bot_that_was_away_for_a_month_says_nothing_stale(world: World) -> None:
    world.says("王阿姨", LIGHT.format(3))
    world.sleeps_until(china(4, 2, 12))
    before = len(world.channel.shown)
    world.restart()
    said = [s.text.partition("\n")[0] for s in world.channel.shown[before:] if s.chat_id == RESIDENTS]
    assert said == ["第1件没按时回话，已交社区李书记，最迟4月8日（周三）18:00回话。让您久等了"]


def test_numbers_go_on_after_a_restart(world: World) -> None:
    world.says("王阿姨", LIGHT.format(3))
    world.restart()
    assert world.says("小李", LIGHT.format(9))[0].startswith("📌 第2件")


def test_two_processes_at_once_do_everything_once(world: World) -> None:
    """Two inboxes are given the same batches and two heartbeats beat at the same instants, truly at the same time."""
    batches = [[world.incoming("王阿姨", LIGHT.format(n), RESIDENTS)] for n in range(1, 7)]
    other_inbox, other_heart, _ = world.another_process()
    clock: MovableClock = world.clock

    def live(inbox: object, heartbeat: object) -> None:
        for batch in batches:
            gate.wait(30)
            inbox.receive_now(batch)  # type: ignore[attr-defined]
        gate.wait(30)
        heartbeat.beat_now()  # type: ignore[attr-defined]

    gate = threading.Barrier(2, action=lambda: clock.move_to(china(3, 4, 18)) if gate_count() else None)
    count = [0]

    def gate_count() -> bool:
        count[0] += 1
        return count[0] > len(batches)

    faults: list[BaseException] = []

    def guarded(*parts: object) -> None:
        try:
            live(*parts)
        except BaseException as fault:
            faults.append(fault)
            gate.abort()

    threads = [
        threading.Thread(target=guarded, args=parts)
        for parts in ((world.inbox, world.heartbeat), (other_inbox, other_heart))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    world.deliver()
    assert world.tickets() == 6
    for chat in (RESIDENTS, STAFF, OTHER, STREET):
        assert sum("明天5日" in line for line in world.lines(chat)) == 1
    assert sum(line.startswith("📌") for line in world.lines()) == 6


def test_two_machines_with_different_lines_give_every_matter_its_own_number(world: World) -> None:
    inboxes = (world.inbox, world.another_process()[0])
    lines = [[world.incoming("王阿姨", LIGHT.format(n), chat)] for n, chat in enumerate((RESIDENTS, OTHER), 1)]
    gate, outcomes = threading.Barrier(2), []

    def live(inbox: Inbox, batch: list[Incoming]) -> None:
        gate.wait(30)
        outcomes.extend(inbox.receive_now(batch))

    threads = [threading.Thread(target=live, args=parts) for parts in zip(inboxes, lines, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(o.tickets for o in outcomes) == [(1,), (2,)]
