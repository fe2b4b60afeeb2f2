"""Who stands behind one matter: counted by door where one is known, by person where none is; nobody is asked."""

import pytest

from tests.world import RESIDENTS, World

LAMP = "3号楼2单元的路灯坏了三天了，没人修"
OWN = "3号楼2单元501厨房下水道堵了，没人管"


def count(world: World, number: int = 1) -> int:
    return world.ticket(number).households


def forget(world: World, who: str) -> None:
    world.tells(who, "删除我的信息")
    world.presses(who, "确定删除", chat=world.id_of(who))


def test_two_people_of_one_door_are_one_household(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("小李", "3号楼2单元301，我家也是", reply=world.card())
    assert count(world) == 2
    world.says("小李爱人", "3栋2单元301，我家也是", reply=world.card())
    assert count(world) == 2
    assert len(world.ticket(1).followers) == 2, "both hear how it goes"
    world.says("张婶", "3-2-302，我家也是", reply=world.card())
    assert world.card().text.endswith("\n已有3户")


def test_a_bare_room_is_completed_from_the_place_of_the_matter(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("小李", "我家301也是", reply=world.card())
    world.says("小李爱人", "3-2-301，我家也是", reply=world.card())
    assert count(world) == 2


def test_a_bare_room_of_nobody_knows_which_building_is_a_person(world: World) -> None:
    world.says("王阿姨", "小区大门口的路灯坏了三天了，没人修")
    world.says("小李", "我家301也是", reply=world.card())
    world.says("张婶", "我家301也是", reply=world.card())
    assert count(world) == 3


def test_the_door_that_somebody_named_before_counts(world: World) -> None:
    world.says("小李", OWN)
    world.waits(days=1)
    world.says("王阿姨", LAMP)
    world.presses("小李", "我家也是")
    world.says("小李爱人", "3-2-501，我家也是", reply=world.card(2))
    assert count(world, 2) == 2


def test_the_reporters_own_household_counts_once(world: World) -> None:
    world.says("王阿姨", OWN)
    world.says("王叔", "3-2-501，我家也是", reply=world.card())
    assert count(world) == 1
    assert "户" not in world.card().text
    world.says("小李", "我家也是", reply=world.card())
    assert world.card().text.endswith("\n已有2户")


def test_the_door_named_in_a_quarrel_is_not_the_speakers_own(world: World) -> None:
    world.says("小李", "3号楼2单元602天天半夜吵架摔东西，说了也不听，邻里闹矛盾")
    assert world.ticket(1).private
    world.says("王阿姨", LAMP)
    world.says("小李", "我家也是", reply=world.card(2))
    world.says("刘叔", "3-2-602，我家也是", reply=world.card(2))
    assert count(world, 2) == 3


def test_who_names_the_door_later_is_counted_by_it_from_then_on(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("小李", "我家也是", reply=world.card())
    world.says("小李爱人", "我家301也是", reply=world.card())
    assert count(world) == 3
    world.says("小李", "我家301也是", reply=world.card())
    assert world.card().text.endswith("\n已有2户")


def test_the_closing_line_and_the_week_name_households(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("小李", "我家301也是", reply=world.card())
    world.says("小李爱人", "我家301也是", reply=world.card())
    world.says("老王", "/done 1 已修")
    assert world.lines()[-1] == "✅ 第1件办结：已修（老王）\n王阿姨等2户，您看行吗？选什么群里不显示"
    week = next(line for line in world.waits(days=6) if line.startswith("📋"))
    assert "收到1件（2户）" in week


def test_after_forgetting_the_count_holds_and_the_same_person_is_not_counted_twice(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("蓝阿姨", "我家301也是", reply=world.card())
    number, door = world.id_of("蓝阿姨"), "3-2-301"
    forget(world, "蓝阿姨")
    assert count(world) == 2
    assert not world.stored("蓝阿姨") and not world.stored(door)
    assert not [t for t in world.stored(f"'{number}'") if t not in ("pointers", "chats")]
    assert world.presses("蓝阿姨", "我家也是", chat=RESIDENTS) == ["记下了，第1件有进展一并告诉您。"]
    assert count(world) == 2
    world.says("蓝叔", "我家301也是", reply=world.card())
    assert count(world) == 2, "their door is still known by its hash"


@pytest.mark.parametrize("first", ["forget", "close"])
def test_the_hash_goes_when_the_matter_ends_and_the_count_stays(world: World, first: str) -> None:
    world.says("王阿姨", LAMP)
    world.says("蓝阿姨", "我家301也是", reply=world.card())
    world.says("小李", "我家302也是", reply=world.card())
    if first == "forget":
        forget(world, "蓝阿姨")
    world.says("老王", "/done 1 已修")
    if first == "close":
        forget(world, "蓝阿姨")
    gone = [f for f in world.ticket(1).followers if f.person_id is None]
    assert [(f.household, f.mark, f.chat_id) for f in gone] == [("", "", None)]
    assert count(world) == 3


def test_two_of_one_door_of_whom_one_is_forgotten_stay_one(world: World) -> None:
    world.says("王阿姨", LAMP)
    for who in ("蓝阿姨", "蓝叔"):
        world.says(who, "我家301也是", reply=world.card())
    forget(world, "蓝阿姨")
    assert count(world) == 2
    world.says("老王", "/done 1 已修")
    assert count(world) == 2
    assert len(world.ticket(1).followers) == 1


def test_households_are_kept_as_hashes_and_never_as_doors(world: World) -> None:
    world.says("王阿姨", "小区大门口的路灯坏了三天了，没人修")
    world.says("小李", "我家3-2-301也是", reply=world.card())
    world.says("小李", "我家也是", reply=world.card())
    with world.engine.connect() as connection:
        from models.followers import Follower

        rows = str(connection.execute(Follower.__table__.select()).all())
    assert "3-2-301" not in rows
