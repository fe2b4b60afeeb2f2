"""一周小结 (R5): Friday 15:30, the group reads what came in, what was settled and what is still in hand."""

import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from bot.config.load import Config
from handlers.bulletin import percent
from tests.world import OTHER, RESIDENTS, STAFF, STREET, TOWN, World, china, small_town

pytestmark = pytest.mark.both_databases

FRIDAY = china(3, 6, 15, 30)
AFTER = china(3, 6, 15, 31)
NEXT_FRIDAY = china(3, 13, 15, 30)
FIRST = "📋 一周小结（2月27日15:30—3月6日15:30）"
SECOND = "📋 一周小结（3月6日15:30—3月13日15:30）"


def reports(world: World, who: str, building: int, category: str = "", *, group: str = RESIDENTS) -> int:
    """A matter of its own, reclassed by the member when a class is wanted; its number."""
    world.says(who, f"{building}号楼的路灯坏了三天了，没人修", group=group)
    number = world.tickets()
    if category:
        world.says("老王" if group == RESIDENTS else "钱网格", f"改类{number} {category}", group=group)
    return number


def summaries(world: World, until: datetime, chat: str = RESIDENTS) -> list[str]:
    return [line for line in world.waits_until(until, chat=chat) if line.startswith("📋")]


def test_the_week_as_its_group_reads_it(world: World) -> None:
    first = reports(world, "王阿姨", 1, "环境卫生")
    second = reports(world, "小李", 2, "民生诉求")
    third = reports(world, "小李", 3, "环境卫生")
    fourth = reports(world, "小李", 4, "环境卫生")
    world.says("老王", f"办结{first} 已换灯泡")
    world.presses("王阿姨", "满意")
    world.says("老王", f"办结{second} 已修")
    world.says("老王", f"不立单{third} 同一件事")
    assert world.ticket(fourth).is_open
    assert summaries(world, china(3, 6, 15, 29)) == []
    assert summaries(world, FRIDAY) == [
        f"{FIRST}\n"
        "上周结转0，收到4件，办结2件，在办1件，不立单1件\n"
        "本周收到的办结率50.0%（2/4）\n"
        "居民已确认1，等您回话1；超时1件\n"
        "环境卫生3、民生诉求1\n"
        "比上周：收到+4，办结+2\n"
        "漏了您家的事？发“登记”加一句话"
    ]


def test_a_week_with_nothing_says_so(world: World) -> None:
    assert summaries(world, FRIDAY) == [f"{FIRST}\n本周没有新事"]


def test_what_was_left_over_is_carried_and_the_share_is_of_this_weeks_only(world: World) -> None:
    old, older = reports(world, "王阿姨", 1), reports(world, "王阿姨", 2)
    world.waits_until(AFTER)
    world.says("老王", f"办结{old} 修好了")
    new = reports(world, "小李", 3)
    reports(world, "小李", 4)
    reports(world, "小李", 5)
    world.says("老王", f"办结{new} 修好了")
    text = summaries(world, NEXT_FRIDAY)[0]
    assert text.startswith(f"{SECOND}\n上周结转2，收到3件，办结2件，在办3件，不立单0件\n本周收到的办结率33.3%（1/3）")
    assert world.ticket(older).is_open


def test_a_week_without_new_matters_still_shows_what_is_in_hand(world: World) -> None:
    reports(world, "王阿姨", 1)
    world.waits_until(FRIDAY)
    text = summaries(world, NEXT_FRIDAY)[0]
    assert "上周结转1，收到0件，办结0件，在办1件，不立单0件\n本周没有收到新的事；超时1件" in text
    assert "比上周：收到-1，办结±0" in text


def test_reopened_matters_are_shown_and_carried(world: World) -> None:
    number = reports(world, "王阿姨", 1)
    world.says("老王", f"办结{number} 修好了")
    world.waits_until(AFTER)
    world.says("王阿姨", f"重办{number} 又坏了")
    assert "上周结转1（重办1），收到0件，办结0件，在办1件" in summaries(world, NEXT_FRIDAY)[0]


def test_what_was_settled_after_the_cut_off_counts_next_week(world: World) -> None:
    number = reports(world, "王阿姨", 1)
    assert "办结0件，在办1件" in summaries(world, FRIDAY)[0]
    world.waits(minutes=1)
    world.says("老王", f"办结{number} 修好了")
    assert "上周结转1，收到0件，办结1件，在办0件" in summaries(world, NEXT_FRIDAY)[0]


def test_a_private_matter_is_nothing_but_a_count(world: World) -> None:
    reports(world, "王阿姨", 1, "矛盾纠纷")
    reports(world, "小李", 2, "环境卫生")
    for chat in (RESIDENTS, STAFF, STREET):
        text = next(line for line in [*summaries(world, FRIDAY, chat), *world.lines(chat)] if line.startswith("📋"))
        assert "环境卫生1、单独联系1" in text
        assert not any(word in text for word in ("矛盾纠纷", "1号楼", "路灯", "王阿姨"))


def test_members_are_named_in_staff_groups_only(world: World) -> None:
    world.says("老王", f"办结{reports(world, '王阿姨', 1)} 修好了")
    reports(world, "王阿姨", 2)
    world.waits_until(FRIDAY)
    assert "按人：老王 办结1 在办0、赵主任 办结0 在办1" in world.lines(STAFF)[-1], "nobody said a word: it climbed"
    assert not any("老王 办结" in line for line in world.lines(RESIDENTS) if line.startswith("📋"))


def test_the_street_reads_the_sum_and_a_row_for_each_grid(world: World) -> None:
    world.says("老王", f"办结{reports(world, '王阿姨', 1)} 修好了")
    reports(world, "王阿姨", 2)
    reports(world, "吴叔", 3, group=OTHER)
    text = summaries(world, FRIDAY, STREET)[0]
    assert text.startswith(f"📋 和平街道一周小结（{FIRST[7:]}\n上周结转0，收到3件，办结1件，在办2件，不立单0件\n")
    assert "\n幸福里第3网格：结转0 收到2 办结1 在办1 不立单0" in text
    assert "\n幸福里第4网格：结转0 收到1 办结0 在办1 不立单0" in text
    assert "幸福里社区：" not in text, "it has no matters of its own"
    assert "办在哪一级：网格1\n按人：老王 办结1 在办0、赵主任 办结0 在办2" in text


def test_a_higher_units_own_matters_have_a_row_so_that_the_rows_add_up(tmp_path: Path) -> None:
    town = tomllib.loads(TOWN)
    town["groups"].append({"unit": "幸福里社区", "telegram": -1010})
    world = World(tmp_path, Config.model_validate(town))
    world.says("吴叔", "社区门口的路灯坏了三天了，没人修", group="-1010")
    reports(world, "王阿姨", 1)
    text = summaries(world, FRIDAY, "-1010")[0]
    assert "收到2件" in text
    assert "\n幸福里社区：结转0 收到1" in text and "\n幸福里第3网格：结转0 收到1" in text
    assert "按人" not in text, "residents read this group"
    world.close()


def test_a_county_of_many_grids_reads_one_row_for_each_unit_below_it(tmp_path: Path) -> None:
    town = tomllib.loads(TOWN)
    names = [f"长寿里第{n}网格" for n in range(50)]
    town["units"] += [{"name": n, "level": "网格", "parent": "幸福里社区"} for n in names]
    world = World(tmp_path, Config.model_validate(town))
    reports(world, "王阿姨", 1)
    text = summaries(world, FRIDAY, STREET)[0]
    assert "\n幸福里社区：结转0 收到1" in text and "网格：" not in text
    world.close()


# what residents thought, and what came back


def settle_and_mark(world: World, labels: list[str]) -> None:
    """So many matters, each settled with words of its own and marked by its reporter."""
    for building, label in enumerate(labels, 1):
        number = reports(world, f"居民{building}", building)
        world.says("老王", f"办结{number} {building}号楼换了灯泡")
        world.presses(f"居民{building}", label)


def test_staff_read_the_share_of_the_satisfied_with_its_base(world: World) -> None:
    settle_and_mark(world, ["满意", "满意", "基本满意", "不满意", "还没解决"])
    world.waits_until(FRIDAY)
    week = {
        chat: next(line for line in world.lines(chat) if line.startswith("📋")) for chat in (RESIDENTS, STAFF, STREET)
    }
    assert "\n返工1件，退回0件\n满意率60.0%（n=5）\n办在哪一级：网格4\n" in week[STAFF]
    assert "满意率60.0%（n=5）" in week[STREET]
    assert "满意" not in week[RESIDENTS] and "返工" not in week[RESIDENTS]


def test_of_fewer_than_five_marks_nobody_reads_a_share(world: World) -> None:
    settle_and_mark(world, ["满意", "满意", "不满意", "基本满意"])
    world.waits_until(FRIDAY)
    assert not any("满意率" in shown.text for shown in world.channel.shown)


def test_what_ended_without_a_word_is_told_apart(world: World) -> None:
    world.says("老王", f"办结{reports(world, '王阿姨', 1)} 换了灯泡")
    world.waits_until(AFTER)
    reports(world, "小李", 2)
    assert "居民已确认0，等您回话0，到期没回话1" in summaries(world, NEXT_FRIDAY)[0]


# once, on time


def test_a_restart_repeats_nothing(world: World) -> None:
    world.waits_until(FRIDAY)
    world.restart()
    assert summaries(world, china(3, 7)) == []


def test_two_processes_write_one_summary(world: World) -> None:
    world.clock.move_to(FRIDAY)
    _, second, _ = world.another_process()
    world.heartbeat.beat_now()
    second.beat_now()
    world.deliver()
    assert len([line for line in world.lines() if line.startswith("📋")]) == 1


def test_a_late_start_gives_the_summary_of_the_week_that_ended(world: World) -> None:
    world.sleeps_until(china(3, 7, 10))
    world.restart()
    assert [line for line in world.lines() if line.startswith("📋")] == [f"{FIRST}\n本周没有新事"]


def test_after_days_of_silence_the_old_summary_says_nothing_new(world: World) -> None:
    world.sleeps_until(china(3, 10, 9))
    world.restart()
    assert [line for line in world.lines() if line.startswith("📋")] == []
    assert len(summaries(world, NEXT_FRIDAY)) == 1


def test_after_weeks_of_silence_only_the_latest_is_told(world: World) -> None:
    world.sleeps_until(china(3, 20, 16))
    world.restart()
    told = [line for line in world.lines() if line.startswith("📋")]
    assert told == ["📋 一周小结（3月13日15:30—3月20日15:30）\n本周没有新事"]


def test_day_and_time_are_settings(tmp_path: Path) -> None:
    world = World(tmp_path, small_town(weekly={"at": "mon 10:15"}))
    assert summaries(world, china(3, 2, 10, 15)) == ["📋 一周小结（2月23日10:15—3月2日10:15）\n本周没有新事"]
    world.config = small_town(weekly={"at": "wed 18:00"})
    world.restart()
    assert len(summaries(world, china(3, 4, 18))) == 1, "a changed setting holds from the next start"
    world.close()


def test_the_summary_goes_out_after_everything_else(world: World) -> None:
    world.clock.move_to(FRIDAY)
    world.heartbeat.beat_now()
    world.inbox.receive_now([world.incoming("王阿姨", "1号楼的路灯坏了三天了，没人修", RESIDENTS)])
    world.deliver()
    assert [line[0] for line in world.lines()] == ["📌", "📋"]


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(256, 259, "98.8%"), (5, 9, "55.6%"), (0, 3, "0.0%"), (3, 3, "100.0%"), (1, 16, "6.3%")]
)
def test_shares_have_one_digit(part: int, whole: int, said: str) -> None:
    """R17: 256 of 259 are 98.8 %."""
    assert percent(part, whole) == said
