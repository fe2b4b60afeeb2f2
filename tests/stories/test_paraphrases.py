"""Many neighbours, many words, one matter: one ticket, one call, a quiet group."""

import pytest

from tests.world import World

BURST = (
    "3号楼2单元水管爆了，水一直往外喷",
    "3栋2单元楼道里喷了一地水，谁去关一下",
    "楼下都成河了，谁管管",
    "2单元门口水哗哗地流，鞋都湿了",
    "管子裂了，水从墙里往外冒",
    "3号楼楼梯上全是水，没法下脚",
    "哪来这么多水啊，都流到一楼了",
    "自来水管崩了吧，楼道全淹了",
    "水都漫到我家门口了",
    "3号楼这边漏水漏得厉害，赶紧关总阀",
    "爆管了爆管了，2单元没法走人",
    "再不来修水都进电梯井了",
)
POWER = (
    "我们5栋怎么没电了",
    "5号楼整栋停电了，什么时候来电",
    "5号楼黑灯瞎火的，冰箱里的东西都要坏了",
    "又跳闸了吗，整个楼都没电",
    "家里突然断电了，是整栋楼吗",
    "电怎么还不来，孩子写不了作业",
    "5号楼电表箱那里是不是烧了，一楼到顶楼都没电",
    "停电半小时了，没人管吗",
    "我家也停电了",
    "5幢1单元没电，电梯也不动了",
    "热死了，没电空调也开不了",
    "楼里一片漆黑，老人下楼都危险",
)
LIFT = (
    "8号楼电梯停了，按了没反应",
    "8栋电梯又坏了，老人下不了楼",
    "电梯不走了，我家18楼怎么上去",
    "8号楼的梯子罢工了，等半天不来",
    "电梯按键不亮，门也不开",
    "八号楼电梯怎么又趴窝了",
    "爬了十五楼，腿都软了，电梯到底什么时候修",
    "电梯黑屏了，不动",
    "我妈坐轮椅的，电梯停了根本出不了门",
    "8号楼电梯停运也没个通知",
    "送快递的都不肯上来了，电梯坏着呢",
    "两部电梯都不动，太不方便了",
)
GARBAGE = (
    "6号楼门口垃圾三天没人收了",
    "6栋垃圾桶满得都溢出来了",
    "垃圾堆成山了，臭得不敢开窗",
    "6号楼楼下的垃圾怎么还没清运",
    "收垃圾的好几天没来了",
    "一下楼就是垃圾味，苍蝇乱飞",
    "6幢那边垃圾都堆到路上了",
    "垃圾桶旁边全是袋子，没人管",
    "夏天垃圾不及时拉走太臭了",
    "6号楼垃圾点又满了，猫狗翻得到处都是",
    "保洁是不是不干了，垃圾没人倒",
    "楼下垃圾再不清就要长虫了",
)


MATTERS = pytest.mark.parametrize(
    "lines", [BURST, POWER, LIFT, GARBAGE], ids=["burst pipe", "power cut", "lift", "garbage"]
)


def all_say(world: World, lines: tuple[str, ...]) -> list[str]:
    """Twelve people within ten minutes; what the bot posted in the group."""
    posted = []
    for n, words in enumerate(lines):
        posted += world.says(f"居民{n}", words)
        posted += world.waits(minutes=1) if n < 10 else []
    return posted


@MATTERS
def test_twelve_people_in_their_own_words_are_one_ticket_of_twelve(world: World, lines: tuple[str, ...]) -> None:
    posted = all_say(world, lines)
    assert (world.tickets(), world.ticket(1).households) == (1, 12)
    assert len(posted) == 1, "the card, and no chatter"
    assert world.card().text.endswith("\n已有12户")


@MATTERS
def test_the_member_is_called_once_and_reads_the_rest_in_one_line(world: World, lines: tuple[str, ...]) -> None:
    world.starts("老王")
    calls = len(world.private("老王"))
    all_say(world, lines)
    new = world.private("老王")[calls:]
    assert [line[:1] for line in new] == ["🔔", "第"]
    assert "居民11" in new[-1]


@MATTERS
def test_in_another_order_it_is_the_same(world: World, lines: tuple[str, ...]) -> None:
    all_say(world, (lines[0], *reversed(lines[1:])))
    assert (world.tickets(), world.ticket(1).households) == (1, 12)


def test_the_same_words_about_another_building_are_another_ticket(world: World) -> None:
    world.says("王阿姨", BURST[0])
    assert len(world.says("小李", "7号楼水管也爆了，水一直往外喷")) == 1
    assert len(world.says("张婶", "菜市场那边水管爆了，水流得满地都是")) == 1
    assert world.tickets() == 3


def test_of_two_such_matters_words_without_a_place_are_about_neither(world: World) -> None:
    world.says("王阿姨", BURST[0])
    world.says("小李", "7号楼水管爆了，水一直往外喷")
    world.says("张婶", "哪来这么多水啊，都流到一楼了")
    assert [world.ticket(n).households for n in (1, 2)] == [1, 1]


def test_an_hour_later_words_too_weak_to_open_join_nothing(world: World) -> None:
    world.says("王阿姨", BURST[0])
    world.waits(minutes=60)
    world.says("张婶", "哪来这么多水啊")
    assert world.ticket(1).households == 1


@pytest.mark.parametrize(
    "words", ["我家没漏水", "谁家有矿泉水借一瓶", "下午去买水果吗", "手机没电了先不说了", "臭豆腐真香", "晚上跳舞吗"]
)
def test_chatter_in_between_is_not_counted(world: World, words: str) -> None:
    for number, lines in enumerate((BURST, POWER, GARBAGE), 1):
        world.says("王阿姨", lines[0])
        world.says("小李", words)
        assert world.ticket(number).households == 1


def test_danger_is_never_hidden_in_what_many_say(world: World) -> None:
    world.says("王阿姨", LIFT[0])
    assert len(world.says("小李", "8号楼电梯里困了个老人，快来人")) == 1
    assert world.ticket(2).urgent


def test_several_lines_of_one_person_are_one_ticket(world: World) -> None:
    world.starts("老王")
    calls = len(world.private("老王"))
    assert len(world.says("王阿姨", "3号楼2单元水管爆了")) == 1
    for words in ("水一直往外喷", "楼梯上全是水，没法下脚", "都流到一楼了，谁去关一下阀门"):
        assert world.says("王阿姨", words) == []
    assert world.says("王阿姨", "", photo="leak") == []
    ticket = world.ticket(1)
    assert (world.tickets(), ticket.households, [f.ref for f in ticket.files]) == (1, 1, ["leak"])
    assert len(world.private("老王")) == calls + 2, "one call, and one line for all that was added"


def test_one_person_may_have_two_matters(world: World) -> None:
    world.says("王阿姨", "3号楼2单元水管爆了")
    assert len(world.says("王阿姨", "6号楼门口垃圾三天没人收了")) == 1
    assert world.tickets() == 2
