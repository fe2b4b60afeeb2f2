"""By when: what counts towards a limit, how it is told, and what happens when the counting changes."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.desk import Desk
from handlers.limits.clock import recount
from handlers.limits.terms import Term
from handlers.limits.worktime import Span
from handlers.policy import Policy
from models.pauses import Pause
from models.tickets import ticket_numbered
from tests.world import CHINA, World, china, small_town

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"


def world_at(folder: Path, start: datetime, **sections: object) -> World:
    """A town in which 王阿姨 has just reported a lamp."""
    world = World(folder, small_town(**sections), start=start)
    world.starts("老王", "李书记", "赵主任")
    world.says("王阿姨", LIGHT)
    return world


def respond_due(world: World, number: int = 1) -> datetime | None:
    return world.ticket(number).respond_due_at


def asked(world: World, who: str = "老王", text: str = "时限1") -> str:
    return world.says(who, text)[-1]


def lights(world: World) -> str:
    return world.tells("老王", "待办")[-1].splitlines()[1][0]


def counted_again(world: World) -> list[dict[str, str]]:
    return [e.data for e in world.ticket(1).history if e.kind == "recounted"]


def change(world: World, number: int = 1, **columns: object) -> None:
    with world.sessions.begin() as session:
        ticket = ticket_numbered(session, number)
        for name, value in columns.items():
            setattr(ticket, name, value)


def pause(world: World, start: datetime, until: datetime) -> None:
    """挂账, and what is granted with it: the limits are counted again."""
    with world.sessions.begin() as session:
        ticket = ticket_numbered(session, 1)
        assert ticket is not None
        ticket.pauses.append(Pause(start=start, until=until, ended_at=None))
        recount(Desk(session, world.clock.now(), world.config.policy), ticket)


# Oracles: the calendar of 2026


def test_a_minute_before_six_on_a_friday_is_a_minute_of_work(tmp_path: Path) -> None:
    world = world_at(tmp_path, china(11, 20, 17, 59))
    assert respond_due(world) == china(11, 23, 11, 29), "one minute on Friday, the rest from half past eight on Monday"
    assert world.ticket(1).due_at == china(11, 25, 18)
    world.waits_until(china(11, 23, 8, 29))
    assert [line for line in world.private("老王") if line.startswith("⏰")] == [], "the weekend asks nobody"
    world.close()


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (china(1, 1, 10), china(1, 6, 18)),  # 1–3 January are off, the 4th is a Sunday that is worked
        (china(2, 13, 9), china(2, 25, 18)),  # 14 February is worked, 15–23 are off
        (china(2, 27, 19), china(3, 3, 18)),  # 28 February is worked
        (china(5, 8, 9), china(5, 12, 18)),  # 9 May is worked
        (china(9, 18, 9), china(9, 22, 18)),  # 20 September is worked
        (china(10, 9, 9), china(10, 13, 18)),  # 10 October is worked
    ],
    ids=["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
)
def test_the_six_make_up_days_of_2026_are_counted(tmp_path: Path, start: datetime, due: datetime) -> None:
    world = world_at(tmp_path, start)
    assert world.ticket(1).due_at == due
    world.close()


def test_a_weekend_report_starts_on_monday(tmp_path: Path) -> None:
    world = world_at(tmp_path, china(3, 7, 10))
    assert respond_due(world) == china(3, 9, 11, 30)
    assert world.ticket(1).due_at == china(3, 11, 18)
    world.close()


def test_quiet_hours_hold_back_nothing_that_counts_by_day(tmp_path: Path) -> None:
    world = world_at(tmp_path, china(3, 2, 22))
    assert respond_due(world) == china(3, 3, 11, 30)
    assert world.waits_until(china(3, 3, 8, 29)) == []
    world.close()


def test_a_pause_across_national_day_moves_the_limit_by_the_work_that_it_covers(tmp_path: Path) -> None:
    world = world_at(tmp_path, china(9, 29, 16))
    world.says("老王", "我来办1")
    assert world.ticket(1).due_at == china(10, 9, 18)  # 30 September, 8 and 9 October
    pause(world, china(9, 30, 9), china(10, 8, 12))  # 7 hours of the 30th, 3.5 of the 8th
    assert world.ticket(1).due_at == china(10, 12, 11, 30)  # all of Saturday the 10th, and three hours of Monday
    world.close()


TERMS = ["3d 18:00", "0d 18:00", "1d", "3h", "90m", "1m", "30m!", "2h!", "3h + 2d", "1d 12:00 + 1d"]


@settings(max_examples=200, deadline=None)
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20)),
    written=st.sampled_from(TERMS),
    hours=st.tuples(st.integers(0, 300), st.integers(1, 200)),
)
def test_no_limit_ends_before_it_began_and_a_pause_never_shortens_it(
    start: datetime, written: str, hours: tuple[int, int]
) -> None:
    began = start.replace(tzinfo=CHINA)
    first = began + timedelta(hours=hours[0])
    stop = Span(first, first + timedelta(hours=hours[1]))
    plain = paused = began
    calendar = Desk(None, began, Policy()).calendar  # type: ignore[arg-type]
    for part in written.split(" + "):
        plain = Term.read(part).ends(calendar, plain)
        paused = Term.read(part).ends(calendar, paused, [stop])
    assert began < plain <= paused


# /deadline


def test_deadline_lists_every_span_that_counted(tmp_path: Path) -> None:
    world = world_at(tmp_path, china(3, 2, 9))
    assert asked(world, "王阿姨") == (
        "第1件 时限\n"
        "应一声：3月2日（周一）12:00前，3小时 🟢\n"
        "· 3月2日 9:00–12:00 3小时\n"
        "回话：3月5日（周四）18:00前，第3个工作日18:00 🟢\n"
        "· 3月2日 9:00–12:00、14:00–18:00 7小时\n"
        "· 3月3日–5日 3个工作日 22.5小时\n"
        "已算0分钟，共29.5小时（0%）"
    )
    world.waits_until(china(3, 2, 11, 30))
    assert "3小时 🟡" in asked(world)
    world.says("老王", "我来办1")
    world.waits_until(china(3, 3, 15))
    told = asked(world, text="/deadline 1")
    assert "应一声：3月2日（周一）11:30已应" in told
    assert told.endswith("已算11.5小时，共29.5小时（39%）")
    world.close()


def test_deadline_says_pauses_and_what_was_granted(tmp_path: Path) -> None:
    world = world_at(tmp_path, china(9, 29, 16))
    world.says("老王", "我来办1")
    change(world, settle_term="3d 18:00 + 2d")
    pause(world, china(9, 30, 9), china(10, 8, 12))
    told = asked(world)
    assert "另准延2个工作日" in told
    assert "停表：9月30日9:00–10月8日12:00" in told
    assert "· 9月30日 8:30–9:00 30分钟\n· 10月8日 14:00–18:00 4小时\n· 10月9日–13日 4个工作日 30小时" in told
    world.close()


def test_deadline_says_when_a_year_is_not_published_yet(tmp_path: Path) -> None:
    start = datetime(2034, 12, 28, 9, tzinfo=CHINA)
    world = world_at(tmp_path, start)
    told = asked(world)
    assert [line for line in told.splitlines() if "没公布" in line] == [
        "2034年的放假安排还没公布，先按已知的算",
        "2035年的放假安排还没公布，先按已知的算",
    ]
    world.close()


def test_deadline_counts_danger_around_the_clock(world: World) -> None:
    world.sleeps_until(china(3, 7, 23, 30))
    world.says("王阿姨", "3号楼着火了，好大的烟，快来人")
    told = asked(world)
    assert "应一声：3月8日（周日）00:00前，30分钟，昼夜都算" in told
    assert "· 3月7日23:30–3月8日1:30  2小时" in told
    assert "没公布" not in told


def test_deadline_of_another_group_reads_like_a_missing_number(world: World) -> None:
    world.says("王阿姨", LIGHT)
    assert "没有第1件" in world.says("钱网格", "时限1", group="-1003")[-1]
    world.says("老王", "改类1 矛盾纠纷")
    assert "没有第1件" in world.says("小李", "时限1")[-1]


def test_deadline_of_what_is_settled_has_no_light(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.says("老王", "办结1 三单元路灯换了灯泡")
    told = asked(world, "王阿姨")
    assert not set(told) & set("🟢🟡🔴")
    assert "已算" not in told


def test_deadline_of_an_older_versions_ticket(world: World) -> None:
    world.says("王阿姨", LIGHT)
    change(world, clock_at=None, called_at=None, respond_due_at=None)
    assert asked(world) == "第1件 时限\n旧版立的，按自然日算：3月5日（周四）18:00前回话 🟢"


# Lights


def test_the_light_turns_with_the_share_of_time_that_counted(tmp_path: Path) -> None:
    world = world_at(tmp_path, china(3, 2, 9))
    world.says("老王", "我来办1")
    seen = {}
    for moment in (china(3, 5, 10, 5), china(3, 5, 10, 6), china(3, 5, 17, 59), china(3, 5, 18)):
        world.waits_until(moment)
        seen[moment] = lights(world)
    assert list(seen.values()) == ["🟢", "🟡", "🟡", "🔴"]
    world.close()


def test_status_shows_the_light_to_staff_and_not_beside_a_name_in_the_group(world: World) -> None:
    world.starts("老王", "王阿姨")
    world.says("王阿姨", LIGHT)
    world.says("老王", "我来办1")
    world.waits_until(china(3, 5, 18))
    assert world.tells("老王", "进度1")[-1].endswith("回话🔴")
    assert world.says("老王", "进度1", group="-1002")[-1].endswith("回话🔴")
    assert world.says("老王", "进度1")[-1].endswith("回话")
    assert world.tells("王阿姨", "进度1")[-1].endswith("回话")


# Counting again


def restart_with(world: World, **sections: object) -> None:
    world.config = small_town(**sections)
    world.restart()


def test_a_changed_list_of_days_moves_open_limits_at_the_next_start(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LIGHT)
    world.says("老王", "我来办1")
    lines = len(world.lines())
    restart_with(world, work={"off": ["2026-03-04"]})
    assert world.ticket(1).due_at == china(3, 6, 18)
    assert counted_again(world) == [{"before": "2026-03-05T10:00:00+00:00", "after": "2026-03-06T10:00:00+00:00"}]
    assert "最迟3月6日（周五）18:00" in world.card().text
    assert len(world.lines()) == lines, "nothing else is said"
    world.restart()
    assert len(counted_again(world)) == 1
    world.waits_until(china(3, 5, 18))
    assert world.ticket(1).rung == 0


def test_a_limit_is_counted_again_before_anybody_hears_that_it_is_missed(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LIGHT)
    world.says("老王", "我来办1")
    with world.sessions.begin() as session:  # what another machine with a newer list has just written
        ticket = ticket_numbered(session, 1)
        assert ticket is not None
        ticket.due_at = ticket.next_at = china(3, 4, 18)
    world.waits_until(china(3, 4, 18))
    assert world.ticket(1).due_at == china(3, 5, 18)
    assert world.ticket(1).rung == 0
    assert not any("没按时" in line for line in world.lines())


def test_an_older_versions_ticket_keeps_its_promise_and_climbs_by_it(world: World) -> None:
    world.starts("老王", "李书记")
    world.says("王阿姨", LIGHT)
    due = china(3, 3, 18)
    change(world, clock_at=None, called_at=None, respond_due_at=None, settle_term="", due_at=due, next_at=due)
    restart_with(world, work={"off": ["2026-03-04"]})
    assert world.ticket(1).due_at == due and counted_again(world) == []
    world.waits_until(due)
    assert world.ticket(1).rung == 1
    assert world.ticket(1).due_at > due


def test_the_table_of_limits_is_asked_by_class_level_and_urgency(world: World) -> None:
    restart_with(
        world,
        limits={
            "terms": [
                {"category": "乱堆乱放", "settle": "1d 18:00", "respond": "1h"},
                {"level": "社区", "respond": "2h"},
            ]
        },
    )
    world.says("王阿姨", LIGHT)
    world.says("李阿姨", "3号楼2单元门口垃圾堆了三天没人清")
    assert world.ticket(1).due_at == china(3, 5, 18)
    assert (respond_due(world, 2), world.ticket(2).due_at) == (china(3, 2, 10), china(3, 3, 18))
    world.waits_until(china(3, 2, 12))
    assert respond_due(world, 1) == china(3, 2, 16), "the community's own line"
