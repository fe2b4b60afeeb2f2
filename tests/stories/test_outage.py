"""The bot was away: what waited is dated by its own time, promises hold from now on, and the staff read of it once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.messages import Incoming
from tests.world import OTHER, RESIDENTS, STAFF, World, china, small_town

LEAK = "3号楼2单元水管漏水，楼道全是水"


def said(world: World, who: str, text: str, at: datetime, *, chat: str = RESIDENTS, **details: object) -> Incoming:
    """A line that somebody wrote while nobody was there to hear it."""
    return world.incoming(who, text, chat, sent_at=at, **details)


def test_what_waited_is_dated_by_its_own_time(world: World) -> None:
    waiting = said(world, "李阿姨", LEAK, china(3, 2, 10, 15))
    world.is_away_until(china(3, 2, 14, 30), read=[waiting])

    ticket = world.ticket(1)
    assert ticket.opened_at == china(3, 2, 10, 15)
    assert ticket.caught_up
    assert world.card().text.endswith("\n补收：3月2日（周一）10:15说的")
    opened = ticket.history[0]
    assert opened.at == china(3, 2, 14, 30)
    assert datetime.fromisoformat(opened.data["said_at"]) == china(3, 2, 10, 15)


def test_the_limits_count_from_when_the_member_could_first_be_called(world: World) -> None:
    world.starts("老王")
    world.is_away_until(china(3, 3, 9), read=[said(world, "李阿姨", LEAK, china(3, 2, 10))])
    assert world.ticket(1).due_at == china(3, 6, 18)
    assert "李阿姨 昨天10:00（补收）：" in world.private("老王")[-1]
    assert "今天12:00前应一声" in world.private("老王")[-1]


def test_a_matter_of_the_afternoon_rings_nobody_at_midnight(world: World) -> None:
    world.starts("老王")
    before = len(world.private("老王"))
    world.is_away_until(china(3, 3, 0, 10), read=[said(world, "李阿姨", LEAK, china(3, 2, 16))])
    assert len(world.private("老王")) == before
    assert world.card().post.silent
    world.waits_until(china(3, 3, 7, 31))
    assert "昨天16:00（补收）" in world.private("老王")[before]


def test_danger_calls_at_night_too_and_says_how_old_it_is(world: World) -> None:
    world.starts("老王")
    gas = said(world, "李阿姨", "3号楼2单元煤气味好大，谁家煤气漏了", china(3, 2, 22))
    world.is_away_until(china(3, 3, 1), read=[gas])
    assert world.private("老王")[-1].startswith("🚨 第1件")
    assert "昨天22:00（补收）" in world.private("老王")[-1]
    assert "补收：3月2日（周一）22:00说的" in world.card().text


def test_danger_that_its_reporter_called_off_meanwhile_rings_nobody(world: World) -> None:
    world.starts("老王")
    before = len(world.private("老王"))
    gas = said(world, "李阿姨", "3号楼2单元煤气味好大，谁家煤气漏了", china(3, 2, 22))
    over = said(world, "李阿姨", "修好了", china(3, 2, 22, 20))
    world.is_away_until(china(3, 3, 1), read=[gas, over])
    assert len(world.private("老王")) == before


DAY = (
    ("李阿姨", LEAK, china(3, 2, 9, 30)),
    ("张三", "我家也是", china(3, 2, 9, 40)),
    ("赵四", "今天菜市场的鱼真新鲜", china(3, 2, 9, 50)),
    ("赵四", "+1", china(3, 2, 11, 30)),
    ("孙姐", "5号楼路灯坏了三天了", china(3, 2, 12)),
    ("孙姐", "灯杆都歪了", china(3, 2, 12, 4)),
    ("李阿姨", "水还在漏，没人来", china(3, 2, 12, 30)),
    ("老王", "办结1 水管换好，楼道清了", china(3, 2, 13, 30)),
    ("李阿姨", "好了谢谢", china(3, 2, 13, 40)),
)


def histories(world: World) -> list[tuple[str, datetime, list[str]]]:
    tickets = [world.ticket(n + 1) for n in range(world.tickets())]
    return [(t.text, t.opened_at, [e.kind for e in t.history]) for t in tickets]


def test_a_day_read_late_makes_what_the_same_day_made_when_it_was_heard(world: World, tmp_path: Path) -> None:
    waiting = [said(world, who, text, at) for who, text, at in DAY]
    world.is_away_until(china(3, 2, 18), read=waiting)

    (tmp_path / "live").mkdir()
    live = World(tmp_path / "live", world.config)
    for who, text, at in DAY:
        live.waits_until(at)
        live.says(who, text)
    assert histories(world) == histories(live)
    live.close()


@pytest.mark.both_databases
def test_a_photo_belongs_to_what_was_said_beside_it_not_to_what_arrives_beside_it(world: World) -> None:
    photo = said(world, "李阿姨", "", china(3, 2, 10), photo="P1")
    leak = said(world, "李阿姨", LEAK, china(3, 2, 10, 1))
    lamp = said(world, "张三", "5号楼路灯坏了三天了", china(3, 2, 11))
    other = said(world, "张三", "", china(3, 2, 11, 40), photo="P2")
    world.is_away_until(china(3, 2, 14), read=[photo, leak, lamp, other])
    assert [f.ref for f in world.ticket(1).files] == ["P1"]
    assert world.ticket(2).files == []


def test_a_neighbours_me_too_goes_by_its_own_clock(world: World) -> None:
    leak = said(world, "李阿姨", LEAK, china(3, 2, 10))
    soon = said(world, "张三", "+1", china(3, 2, 10, 20))
    late = said(world, "赵四", "+1", china(3, 2, 12, 30))
    world.is_away_until(china(3, 2, 14), read=[leak, soon, late])
    assert len(world.ticket(1).followers) == 1


def test_a_command_is_answered_however_late(world: World) -> None:
    world.says("李阿姨", LEAK)
    asked = said(world, "李阿姨", "/status 1", china(3, 2, 10))
    before = len(world.lines())
    world.is_away_until(china(3, 2, 16), read=[asked])
    assert world.lines()[before:][0].startswith("第1件")


def test_an_answer_that_waited_comes_before_the_limit_is_missed(world: World) -> None:
    """The member said 办结 in time; that nobody heard it is not theirs to answer for."""
    world.says("李阿姨", LEAK)
    done = said(world, "老王", "办结1 水管已换好，楼道已清", china(3, 5, 17))
    world.is_away_until(china(3, 6, 9), read=[done])
    world.waits(minutes=5)
    ticket = world.ticket(1)
    assert ticket.state == "settled"
    assert not ticket.late
    assert "escalated" not in [e.kind for e in ticket.history]


def test_a_missed_limit_climbs_one_step_whatever_was_slept_through(world: World) -> None:
    world.says("李阿姨", LEAK)
    world.is_away_until(china(3, 16, 9))
    before = len(world.lines())
    world.waits(minutes=5)
    kinds = [e.kind for e in world.ticket(1).history]
    assert kinds.count("escalated") == 1
    assert len([line for line in world.lines()[before:] if "已交" in line]) == 1


@pytest.mark.both_databases
def test_who_was_never_called_has_not_broken_a_promise(world: World) -> None:
    world.starts("老王")
    world.inbox.receive_now([world.incoming("李阿姨", "3号楼2单元煤气味好大，谁家煤气漏了", RESIDENTS)])
    world.is_away_until(china(3, 2, 12))
    world.waits(minutes=5)
    assert world.ticket(1).due_at == china(3, 2, 14)
    assert "unheard" not in [e.kind for e in world.ticket(1).history]


@pytest.mark.both_databases
def test_the_staff_read_once_how_long_the_bot_was_away(world: World) -> None:
    waiting = [
        said(world, "李阿姨", LEAK, china(3, 2, 10)),
        said(world, "张三", "今天菜市场的鱼真新鲜", china(3, 2, 10, 5)),
        said(world, "孙姐", "晚上跳舞吗", china(3, 2, 11), chat=OTHER),
    ]
    world.is_away_until(china(3, 2, 14, 30), read=waiting)
    assert world.lines(STAFF) == []
    world.waits(minutes=5, chat=STAFF)
    assert world.lines(STAFF) == ["🔌 我今天09:00到14:30离线，现在好了\n补收2句话，立了1件"]
    assert [line for line in world.lines() if "离线" in line] == []


def test_a_night_without_the_bot_is_told_in_the_morning(world: World) -> None:
    world.waits_until(china(3, 2, 23))
    world.is_away_until(china(3, 3, 2))
    world.waits_until(china(3, 3, 7, 29))
    assert world.lines(STAFF) == []
    world.waits_until(china(3, 3, 7, 31))
    assert world.lines(STAFF) == ["🔌 我昨天23:00到今天02:00离线，现在好了\n这段时间群里没有新话"]


def test_a_restart_is_no_outage(world: World) -> None:
    world.is_away_until(world.clock.now() + timedelta(minutes=8))
    world.waits(minutes=30)
    assert world.lines(STAFF) == []


def test_nobody_was_away_while_another_process_lived(world: World) -> None:
    first, second = world.watchman(), world.watchman()
    first.watch_now()
    for _ in range(8):
        world.clock.move_to(world.clock.now() + timedelta(minutes=5))
        second.watch_now()
    first.watch_now()
    world.waits(minutes=5)
    assert world.lines(STAFF) == []


def test_lines_that_the_platform_held_while_we_were_there_are_told_too(world: World) -> None:
    world.waits_until(china(3, 2, 14))
    world.receive(said(world, "李阿姨", LEAK, china(3, 2, 11)))
    world.waits(minutes=5)
    assert world.lines(STAFF) == ["🔌 我今天11:00到14:00离线，现在好了\n补收1句话，立了1件"]


def test_a_reminder_of_a_day_that_has_gone_is_dropped_and_the_log_says_so(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    world.is_away_until(china(3, 5, 15))
    assert [line for line in world.lines() if "说事日" in line] == []
    assert "a reminder for a day that has gone was dropped" in caplog.text


def test_the_summary_of_a_week_long_over_is_dropped_and_the_log_says_so(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    world.is_away_until(china(3, 11, 15))
    assert [line for line in world.lines() if "一周小结" in line] == []
    assert "the summary of a week long over was dropped in 4 groups" in caplog.text


# what comes too late to be asked


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[World]:
    """A town in which every issue is asked about first."""
    world = World(tmp_path, small_town(reading={"open": 99.0, "ask": 0.6}))
    world.starts("老王")
    yield world
    world.close()


def test_lines_in_doubt_are_one_question_with_their_own_times(asking: World) -> None:
    lamp = said(asking, "张三", "5号楼路灯坏了三天了，没人修", china(3, 2, 10))
    litter = said(asking, "小李", "6号楼门口的垃圾堆了三天没人清", china(3, 2, 11))
    asking.is_away_until(china(3, 2, 15), read=[lamp, litter])
    questions = [line for line in asking.private("老王") if "要登记吗" in line]
    assert len(questions) == 1
    assert "张三 今天10:00" in questions[0] and "小李 今天11:00" in questions[0]
    asking.presses("老王", "1 登记", chat="11")
    assert asking.ticket(1).opened_at == china(3, 2, 10)
    assert asking.ticket(1).caught_up


def test_nobody_is_asked_about_what_its_speaker_called_off_meanwhile(asking: World) -> None:
    lamp = said(asking, "张三", "5号楼路灯坏了三天了，没人修", china(3, 2, 10))
    fine = said(asking, "张三", "修好了", china(3, 2, 12))
    asking.is_away_until(china(3, 2, 15), read=[lamp, fine])
    assert [line for line in asking.private("老王") if "要登记吗" in line] == []
    asking.waits(days=2)
    assert asking.tickets() == 0


def test_nobody_is_asked_which_matter_they_meant_hours_ago(world: World) -> None:
    world.says("李阿姨", "3号楼电梯坏了")
    world.says("李阿姨", "5号楼路灯坏了三天了")
    both = said(world, "李阿姨", "没人来", china(3, 2, 10))
    world.is_away_until(china(3, 2, 15), read=[both])
    assert [line for line in world.lines() if "哪件" in line] == []
