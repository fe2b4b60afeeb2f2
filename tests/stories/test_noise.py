"""A busy hour: the group reads so many lines of ours and no more, and nothing is lost."""

from models.integrity.due import overdue
from models.integrity.orphans import orphans
from models.letters import FOLDED, letters_after
from tests.world import RESIDENTS, World

TROUBLES = ["路灯坏了", "水管漏水", "垃圾堆了三天没人清", "电梯坏了", "井盖丢了", "下水道堵了", "楼道灯不亮"]


def report(world: World, count: int) -> None:
    """So many matters in different buildings within one minute."""
    for n in range(count):
        world.says(f"邻居{n}", f"{n + 11}号楼{TROUBLES[n % len(TROUBLES)]}")


def test_more_lines_than_the_hour_bears_are_one_line_that_grows(world: World) -> None:
    report(world, 20)
    assert world.tickets() == 20
    lines = world.lines()
    assert len(lines) == 12
    assert lines[-1].startswith("📋 这会儿事多")
    assert all(f"第{n}件" in lines[-1] for n in range(12, 21))


def test_the_next_hour_has_room_again(world: World) -> None:
    report(world, 20)
    world.waits(minutes=61)
    assert world.says("王阿姨", "40号楼水管漏水")[0].startswith("📌 第21件")


def test_danger_is_never_folded(world: World) -> None:
    report(world, 20)
    assert world.says("王阿姨", "3号楼2单元着火了，快来人")[0].startswith("🚨")


def test_a_folded_matter_says_how_it_stands(world: World) -> None:
    world.starts("老王")
    report(world, 20)
    world.says("老王", "办结20 电梯修好了，已试运行")
    assert "✅ 第20件，已办结" in world.lines()[11]


def test_a_member_whom_no_fold_can_call_is_called_in_the_staff_group(world: World) -> None:
    before = len(world.lines("-1002"))
    report(world, 13)
    assert [line for line in world.lines("-1002")[before:] if "第13件" in line]


def test_the_story_of_a_busy_hour_is_the_same_after_a_restart(world: World) -> None:
    report(world, 15)
    world.restart()
    world.says("邻居x", "77号楼水管漏水")
    assert len(world.lines(RESIDENTS)) == 12
    assert "第16件" in world.lines()[-1]


def test_a_fold_that_is_erased_leaves_nothing_that_points_to_it(world: World) -> None:
    report(world, 20)
    world.waits(hours=26)
    with world.session() as session:
        findings = [*orphans(session), *overdue(session, world.clock.now())]
        assert [one.kind for one in findings if one.kind in ("orphan", "folded_nowhere")] == []
        numbers = [letter.id for letter in letters_after(session, 0) if letter.state == FOLDED]
    assert numbers
    assert world.says("老王", "办结20 电梯修好了，已试运行") != []
