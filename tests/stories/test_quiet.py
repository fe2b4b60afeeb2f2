"""Nights, and neighbours who say the same: the bot is heard when it must be, and no oftener."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.world import STAFF, World, china, small_town

pytestmark = pytest.mark.both_databases

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"
FIRE = "3号楼着火了，好大的烟，快来人"
NIGHT = china(3, 2, 23, 10)
MORNING = china(3, 3, 7, 30)


@pytest.mark.parametrize(
    ("at", "silent"),
    [
        (china(3, 2, 21, 29), False),
        (china(3, 2, 21, 30), True),
        (china(3, 3, 0, 0), True),
        (china(3, 3, 7, 29), True),
        (china(3, 3, 7, 30), False),
    ],
)
def test_a_card_is_posted_at_once_and_at_night_without_sound(world: World, at: datetime, silent: bool) -> None:
    world.sleeps_until(at)
    assert len(world.says("王阿姨", LIGHT)) == 1
    assert world.card().post.silent is silent


def test_the_private_ping_follows_at_half_past_seven(world: World) -> None:
    world.starts("老王")
    world.sleeps_until(NIGHT)
    world.says("王阿姨", LIGHT)
    before = len(world.private("老王"))
    world.waits_until(china(3, 3, 7, 29))
    assert len(world.private("老王")) == before
    world.waits_until(MORNING)
    ping = world.private("老王")[-1]
    assert ping.startswith("🔔 第1件 等您接手（幸福里第3网格）")
    assert "今天11:30前应一声" in ping, "three hours of work from half past eight"
    assert "王阿姨 昨天23:10" in ping, "it is read in the morning"
    assert len(world.private("老王")) == before + 1


def test_the_ping_of_the_night_survives_a_restart(world: World) -> None:
    world.starts("老王")
    world.sleeps_until(NIGHT)
    world.says("王阿姨", LIGHT)
    world.restart()
    world.sleeps_until(china(3, 3, 9))
    world.restart()
    assert sum("第1件 等您接手" in line for line in world.private("老王")) == 1


def test_by_day_the_ping_comes_at_once(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LIGHT)
    assert world.private("老王")[-1].startswith("🔔 第1件")


def test_an_urgent_matter_wakes_people_up(world: World) -> None:
    world.starts("老王")
    world.sleeps_until(NIGHT)
    world.says("王阿姨", FIRE)
    assert world.ticket(1).urgent
    assert not world.card().post.silent
    assert world.private("老王")[-1].startswith("🚨 第1件 急事")


def test_what_was_settled_in_the_night_calls_nobody_in_the_morning(world: World) -> None:
    world.starts("老王")
    world.sleeps_until(NIGHT)
    world.says("王阿姨", LIGHT)
    before = len(world.private("老王"))
    world.says("王阿姨", "/done 1")
    world.says("老王", "办结1 刚好路过，修好了")
    world.waits_until(china(3, 3, 8))
    assert len(world.private("老王")) == before


def test_lines_about_a_closed_matter_are_silent_at_night_too(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.sleeps_until(NIGHT)
    world.says("老王", "办结1 修好了")
    assert world.channel.shown[-1].text.startswith("✅") and world.channel.shown[-1].post.silent


def test_quiet_hours_are_a_setting(tmp_path: Path) -> None:
    world = World(tmp_path, small_town(quiet={"start": "13:00", "end": "14:30"}))
    world.starts("老王")
    world.sleeps_until(china(3, 2, 13, 0))
    world.says("王阿姨", LIGHT)
    assert world.card().post.silent
    world.waits_until(china(3, 2, 14, 30))
    assert world.private("老王")[-1].startswith("🔔 第1件")
    world.close()


# one matter, one card


def test_a_neighbour_who_joins_gets_no_line_only_the_counter_moves(world: World) -> None:
    world.says("王阿姨", LIGHT)
    shown = len(world.lines())
    assert world.says("小李", "我家也是", reply=world.card()) == []
    assert world.says("小张", "3号楼2单元的路灯坏了，也没人修") == []
    assert len(world.lines()) == shown
    assert world.card().text.endswith("已有3户")
    assert world.tickets() == 1


def test_a_neighbour_counts_once(world: World) -> None:
    world.says("王阿姨", LIGHT)
    assert world.presses("小李", "我家也是") == ["记下了，第1件有进展一并告诉您。"]
    assert world.presses("小李", "我家也是") == ["第1件已经算上您了。"]
    assert world.presses("王阿姨", "我家也是") == ["第1件就是您反映的。"]
    assert world.card().text.endswith("已有2户")


def test_nothing_new_to_show_edits_nothing(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.says("小李", "我家也是", reply=world.card())
    edits = world.channel.edits
    world.says("小李", "我家也是", reply=world.card())
    assert world.channel.edits == edits == 1


def test_one_status_line_an_hour_to_those_who_ask_why_nobody_came(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.waits(minutes=30)
    first = world.says("王阿姨", "还没人来", reply=world.card())
    assert first == ["第1件已再叫一次老王，最迟3月5日（周四）18:00回话"]
    world.waits(minutes=59)
    assert world.says("小李", "怎么还没人来", reply=world.card()) == []
    world.waits(minutes=1)
    assert len(world.says("王阿姨", "还没人来啊", reply=world.card())) == 1


def test_the_hour_holds_across_a_restart(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.says("王阿姨", "还没人来", reply=world.card())
    world.waits(minutes=30)
    world.restart()
    assert world.says("王阿姨", "还没人来", reply=world.card()) == []


def test_each_question_is_kept_though_not_answered(world: World) -> None:
    world.says("王阿姨", LIGHT)
    for _ in range(3):
        world.says("王阿姨", "还没人来", reply=world.card())
    assert [e.kind for e in world.ticket(1).history].count("chased") == 3


def test_staff_groups_are_spared_the_residents_cards(world: World) -> None:
    world.says("王阿姨", LIGHT)
    assert world.lines(STAFF) == []
