"""Time runs out: a private word first, then one level up for every limit missed."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.load import Config
from tests.world import RESIDENTS, STAFF, World, china, small_town

pytestmark = pytest.mark.both_databases

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"
DUE = china(3, 5, 18)
REMIND = china(3, 5, 7, 30)  # four fifths of the time are gone at 1:48; the word waits for the morning
STAFFED = ("老王", "李书记", "赵主任")


@pytest.fixture
def reported(world: World) -> World:
    """A matter of Monday morning, due on Thursday at six; everybody has pressed Start."""
    world.starts(*STAFFED)
    world.says("王阿姨", LIGHT)
    return world


def about(world: World, who: str) -> list[str]:
    """The ⏰ lines that this person has read privately."""
    return [line for line in world.private(who) if line.startswith("⏰")]


def climbs(world: World, number: int = 1) -> list[str]:
    return [e.data["unit"] for e in world.ticket(number).history if e.kind == "escalated"]


def test_four_fifths_into_the_limit_the_member_is_reminded_privately(world: World) -> None:
    world.config = small_town(limits={"answer_days": 1})
    world.restart()
    world.starts(*STAFFED)
    world.says("王阿姨", LIGHT)
    thing = world.ticket(1).thing
    world.waits_until(china(3, 3, 11, 23))
    assert about(world, "老王") == []
    assert world.waits_until(china(3, 3, 11, 24)) == []
    said = "⏰ 第1件 快到时限（幸福里第3网格）\n3号楼2单元 " + thing + "\n今天18:00前要给居民回话"
    assert about(world, "老王") == [said]
    assert about(world, "李书记") == []


def test_the_limit_missed_takes_it_one_level_up(reported: World) -> None:
    assert not [line for line in reported.waits_until(DUE - timedelta(minutes=1)) if "第1件" in line]
    lines = reported.waits_until(DUE)
    assert lines == ["第1件没按时回话，已交社区李书记，最迟3月8日（周日）18:00回话。让您久等了"]
    assert "到您这一级" in about(reported, "李书记")[-1]
    assert "已过时限" in about(reported, "老王")[-1]
    assert about(reported, "赵主任") == []
    assert "最迟3月8日（周日）18:00回话" in reported.card().text


def test_each_limit_missed_is_one_level(reported: World) -> None:
    reported.waits_until(china(3, 8, 18))
    assert climbs(reported) == ["幸福里社区", "和平街道"]
    assert "已交街道赵主任" in reported.lines()[-1]
    assert "已过时限" in about(reported, "李书记")[-1], "the level that missed its own limit hears of it"


def test_the_last_level_is_asked_every_day_and_the_group_is_left_in_peace(reported: World) -> None:
    reported.waits_until(china(3, 11, 18))
    lines, asked = len(reported.lines()), len(about(reported, "赵主任"))
    for day in (12, 13, 14):
        reported.waits_until(china(3, day, 18))
        asked += 1
        assert len(about(reported, "赵主任")) == asked
    assert "请今天给居民回话" in about(reported, "赵主任")[-1]
    assert climbs(reported) == ["幸福里社区", "和平街道"]
    assert [line for line in reported.lines()[lines:] if "没按时" in line] == []


def test_with_nobody_above_the_group_hears_once_and_the_member_daily(tmp_path: Path) -> None:
    town = {"units": [{"name": "孤网格"}], "people": [], "groups": [{"unit": "孤网格", "telegram": -1001}]}
    town["people"] = [{"name": "老王", "telegram": 11, "posts": [{"unit": "孤网格", "role": "grid_member"}]}]
    world = World(tmp_path, Config.model_validate(town))
    world.starts("老王")
    world.says("王阿姨", LIGHT)
    lines = [line for line in world.waits_until(DUE) if "第1件" in line]
    assert lines == ["第1件没按时回话，还在催办，最迟3月8日（周日）18:00回话。让您久等了"]
    for day in (6, 7, 8, 9, 10):
        before = len(about(world, "老王"))
        assert [line for line in world.waits_until(china(3, day, 18)) if "第1件" in line] == []
        assert len(about(world, "老王")) == before + 1, day
    world.close()


def test_nobody_is_named_late_before_the_neighbours(reported: World) -> None:
    reported.waits_until(china(3, 12))
    for line in reported.lines():
        if "没按时" in line:
            assert "老王" not in line
    late = [s for s in reported.channel.shown if s.chat_id == RESIDENTS and "没按时" in s.text]
    assert len(late) == 2 and all(s.mentions == [] for s in late)
    assert "李书记" not in late[1].text, "the level that let it lie is not named either"


def test_a_settled_matter_is_left_in_peace(reported: World) -> None:
    reported.says("老王", "办结1 修好了")
    reported.waits_until(china(3, 6))
    assert about(reported, "老王") == [] and climbs(reported) == []


def test_a_matter_taken_on_still_has_its_limit(reported: World) -> None:
    reported.says("老王", "我来办1")
    reported.waits_until(DUE)
    assert climbs(reported) == ["幸福里社区"]


def test_a_restart_in_between_repeats_nothing(reported: World) -> None:
    reported.waits_until(REMIND + timedelta(minutes=1))
    reported.restart()
    reported.waits_until(DUE)
    reported.restart()
    reported.waits(hours=1)
    reported.restart()
    assert len(about(reported, "老王")) == 2
    assert climbs(reported) == ["幸福里社区"]
    assert sum("没按时" in line for line in reported.lines()) == 1


def test_two_processes_climb_one_step(reported: World) -> None:
    reported.clock.move_to(DUE)
    _, second, _ = reported.another_process()
    reported.heartbeat.beat_now()
    second.beat_now()
    assert climbs(reported) == ["幸福里社区"]


def test_a_bot_that_was_down_over_the_limit_climbs_once_and_gives_a_new_limit(reported: World) -> None:
    reported.sleeps_until(china(3, 20, 9))
    reported.restart()
    assert climbs(reported) == ["幸福里社区"]
    assert "最迟3月23日（周一）18:00回话" in reported.lines()[-2] + reported.lines()[-1]
    assert not any("快到时限" in line for line in about(reported, "老王"))


def test_a_level_without_anybody_is_passed_over(tmp_path: Path) -> None:
    config = small_town()
    people = [p.model_dump(exclude_unset=True) for p in config.people if p.name != "李书记"]
    world = World(tmp_path, small_town(people=people))
    world.starts("赵主任")
    world.says("王阿姨", LIGHT)
    world.waits_until(DUE)
    assert climbs(world) == ["和平街道"]
    world.close()


def test_who_cannot_be_reached_is_told_in_the_staff_group(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.waits_until(DUE)
    assert any("已过时限" in line for line in world.lines(STAFF))
    assert not any(line.startswith("⏰") for line in world.lines(RESIDENTS))


def test_an_urgent_matter_has_two_hours(world: World) -> None:
    world.starts(*STAFFED)
    world.sleeps_until(china(3, 2, 23))
    world.says("王阿姨", "3号楼着火了，好大的烟，快来人")
    world.waits_until(china(3, 3, 1))
    assert climbs(world) == ["幸福里社区"]
    assert "到您这一级" in about(world, "李书记")[-1], "the night does not hold it back"


def test_a_reminder_that_falls_into_the_night_waits_for_the_morning(world: World) -> None:
    world.starts(*STAFFED)
    world.says("王阿姨", LIGHT)
    world.waits_until(REMIND - timedelta(minutes=1))
    assert about(world, "老王") == []
    world.waits_until(REMIND)
    assert len(about(world, "老王")) == 1


def test_of_a_private_matter_neither_group_reads_more_than_its_number(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.says("老王", "改类1 矛盾纠纷")
    world.waits_until(china(3, 9))
    for chat in (RESIDENTS, STAFF):
        late = [line for line in world.lines(chat) if "时限" in line or "没按时" in line]
        assert late
        assert not any(word in line for line in late for word in ("路灯", "3号楼", "矛盾", "王阿姨"))


def test_a_reopened_matter_starts_at_the_bottom_again(reported: World) -> None:
    reported.waits_until(DUE)
    reported.says("老王", "办结1 修好了")
    reported.says("王阿姨", "重办1 又坏了")
    assert reported.ticket(1).rung == 0
    reported.waits_until(reported.ticket(1).due_at)
    assert climbs(reported) == ["幸福里社区", "幸福里社区"]
