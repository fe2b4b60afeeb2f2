"""Wishes of one kind gather into one matter, which may be reported up; everyone who asked hears the end."""

from tests.world import OTHER, RESIDENTS, World

POST = "能不能在东门设个公交站，老人坐车要走两站路"
WISHES = ("这附近能不能加个公交站", "建议在小区门口增设公交站，上班要走半小时", "东门什么时候能有公交站啊")


def wished(world: World, households: int = 3) -> None:
    world.says("王阿姨", POST)
    for who, words in zip(("小李", "张婶", "孙姐"), WISHES[: households - 1], strict=False):
        assert world.says(who, words) == []


def test_wishes_of_one_kind_are_one_matter_counted_by_household(world: World) -> None:
    wished(world)
    assert world.tickets() == 1
    assert world.ticket(1).wish == "公交站点班次"
    assert world.card().text.endswith("\n已有3户")


def test_a_wish_is_joined_however_old_it_is(world: World) -> None:
    world.says("王阿姨", POST)
    world.waits(days=40)
    assert world.says("小李", WISHES[0]) == []
    assert (world.tickets(), world.ticket(1).households) == (1, 2)


def test_words_too_weak_to_open_still_join_the_wish_that_stands(world: World) -> None:
    world.says("王阿姨", "能不能给老人弄个下棋的地方")
    assert world.says("小李", "我也想要个活动室") == []
    assert world.ticket(1).households == 2


def test_chatter_about_the_same_thing_joins_nothing(world: World) -> None:
    world.says("王阿姨", "建议小区建个活动室，老人没地方去")
    for words in ("今天在活动室打牌赢了", "活动室在几楼？", "希望大家都来活动室唱歌吧"):
        world.says("小李", words)
    assert world.ticket(1).households == 1


def test_another_kind_is_another_wish(world: World) -> None:
    world.says("王阿姨", POST)
    assert len(world.says("小李", "能不能在小区里多装几个充电桩，电动车没地方充")) == 1
    assert [world.ticket(n).wish for n in (1, 2)] == ["公交站点班次", "充电桩"]


def test_what_is_broken_is_no_wish(world: World) -> None:
    world.says("王阿姨", "充电桩坏了两个，没人修")
    world.says("小李", "能不能在小区里多装几个充电桩，电动车没地方充")
    assert [world.ticket(n).wish for n in (1, 2)] == ["", "充电桩"]


def test_a_quarrel_never_gathers(world: World) -> None:
    for who in ("王阿姨", "小李"):
        world.says(who, "楼上602为了停车位天天和我吵架闹矛盾，能不能加几个停车位，邻里纠纷没人调解")
    assert not any(world.ticket(n).wish for n in range(1, world.tickets() + 1))


def test_enough_households_let_the_member_report_it_up(world: World) -> None:
    world.starts("老王", "李书记", "小李")
    wished(world, 2)
    assert not any(line.startswith("💡") for line in world.private("老王"))
    world.says("张婶", WISHES[1])
    world.says("孙姐", WISHES[2])
    offers = [line for line in world.private("老王") if line.startswith("💡")]
    assert offers == ["💡 已有3户盼着公交站点班次（第1件，幸福里第3网格）\n要上报吗？"]
    before = len(world.lines())
    assert world.presses("老王", "上报社区", chat=world.id_of("老王")) == ["第1件已报幸福里社区。"]
    ticket = world.ticket(1)
    assert (ticket.assignee.name, [e.kind for e in ticket.history][-1]) == ("李书记", "raised")
    assert world.private("李书记")[-1].startswith("💡 第1件 幸福里第3网格4户盼着公交站点班次\n")
    assert world.private("小李")[-1].splitlines()[-1].startswith("已上报幸福里社区，最迟")
    assert "李书记 负责" in world.card().text
    assert len(world.lines()) == before, "the group reads the card"
    assert world.presses("老王", "上报社区", chat=world.id_of("老王")) == ["这个按钮过时了，请看最新的卡片。"]


def test_one_door_asking_three_times_is_not_three_households(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", POST)
    for who in ("小李", "小李爱人", "小李妈妈"):
        world.says(who, "3号楼2单元301的，这附近能不能加个公交站")
    assert world.ticket(1).households == 2
    assert not any(line.startswith("💡") for line in world.private("老王"))


def raised(world: World) -> None:
    world.starts("老王", "李书记")
    wished(world)
    world.presses("老王", "上报社区", chat=world.id_of("老王"))


def test_before_it_is_raised_a_sister_grid_has_its_own(world: World) -> None:
    wished(world)
    assert len(world.says("周姐", WISHES[0], group=OTHER)) == 1
    assert world.tickets() == 2


def test_once_raised_the_wishes_of_sister_grids_join_and_all_hear_the_end(world: World) -> None:
    raised(world)
    for who in ("周姐", "吴哥"):
        assert world.says(who, WISHES[0], group=OTHER) == []
    assert (world.tickets(), world.ticket(1).households) == (1, 5)
    assert world.says("周姐", "进度1", group=OTHER)[0].endswith("已有5户")
    world.says("李书记", "/done 1 东门公交站下月开通")
    end = "✅ 第1件办结：东门公交站下月开通（李书记）\n"
    assert world.lines(RESIDENTS)[-1] == end + "王阿姨等5户，您看行吗？选什么群里不显示"
    assert [line for line in world.lines(OTHER) if line.startswith("✅")] == [
        f"{end}{world.ticket(1).place} {world.ticket(1).thing}，本群2户在等\n没好？回“没好”"
    ]


def test_a_sister_grids_own_wish_becomes_part_of_the_one_that_stands_above(world: World) -> None:
    world.starts("钱网格", "老王", "李书记")
    for who, words in zip(("周姐", "吴哥", "郑姐"), (POST, *WISHES), strict=False):
        world.says(who, words, group=OTHER)
    wished(world)
    assert world.tickets() == 2
    world.presses("老王", "上报社区", chat=world.id_of("老王"))
    toast = world.presses("钱网格", "上报社区", chat=world.id_of("钱网格"))
    assert toast == ["第1件已并入第2件，一起回话"]
    assert (world.ticket(1).state, world.ticket(2).households) == ("merged", 6)


def test_only_those_in_charge_report_it_up(world: World) -> None:
    wished(world)
    assert world.press_action("小李", "raise:1") == ["这一步要由本网格负责的人来做。"]
    assert world.ticket(1).raised_id is None


def test_the_week_counts_wishes_in_a_line_of_their_own(world: World) -> None:
    wished(world)
    world.says("吴哥", "能不能在小区里多装几个充电桩，电动车没地方充")
    week = next(line for line in world.waits(days=6) if line.startswith("📋"))
    assert "\n大家盼着：公交站点班次3户、充电桩1户" in week


def test_a_wish_is_no_word_about_what_its_speaker_reported_before(world: World) -> None:
    world.says("王阿姨", "9号楼楼道灯不亮了")
    world.says("王阿姨", "能不能给老人弄个下棋的地方")
    assert [world.ticket(n).wish for n in (1, 2)] == ["", world.ticket(2).wish] != ["", ""]
