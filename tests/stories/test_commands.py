"""How a line is read as a command, and when it is not one."""

import pytest

from handlers import WORDS
from handlers.commands import LARGEST, Command, ForAnother, read_command
from models.messages import Mention
from tests.world import World

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
RUBBISH = "5号楼门口的垃圾堆了三天没人清"


@pytest.mark.parametrize(
    "line",
    [
        "/done 12 已清运",
        "/done #12 已清运",
        "/done 第12件 已清运",
        "/done12 已清运",
        "/DONE 12 已清运",
        "/done@gridbot 12 已清运",
        "/done12@GridBot 已清运",
        "@gridbot /done 12 已清运",
        "@gridbot 办结12 已清运",
        "@gridbot办结12 已清运",
        "办结 12 已清运",
        "办结12 已清运",
        "办结#12 已清运",
        "办结第12件 已清运",
        "办结 第 12 件 已清运",
        "/办结 12 已清运",
        "/办结12 已清运",
        "办结１２　已清运",
        "／办结　＃１２　已清运",
        "  办结12\n已清运",
    ],
)
def test_every_way_of_settling_number_12_reads_the_same(line: str) -> None:
    assert read_command(line, WORDS, "gridbot") == Command("done", 12, "已清运")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/done", Command("done", None, "")),
        ("办结", Command("done", None, "")),
        ("/done 3号楼已清运", Command("done", None, "3号楼已清运")),
        ("/办结 3号楼已清运", Command("done", None, "3号楼已清运")),
        ("/done 12号楼 已清运", Command("done", None, "12号楼 已清运")),
        ("/done 0", Command("done", 0, "")),
        ("/done -5", Command("done", None, "-5")),
        ("/done " + "9" * 31, Command("done", LARGEST, "")),
        ("/take 7", Command("take", 7, "")),
        ("我来办7", Command("take", 7, "")),
        ("签收 7", Command("take", 7, "")),
        ("登记 楼道灯坏了", Command("report", None, "楼道灯坏了")),
        ("登记：楼道灯坏了", Command("report", None, "楼道灯坏了")),
        ("登记 3 号楼灯坏了", Command("report", None, "3 号楼灯坏了")),
        ("/report 3 号楼灯坏了", Command("report", None, "3 号楼灯坏了")),
        ("/setup 12345", Command("setup", None, "12345")),
        ("登记", Command("report", None, "")),
        ("进度", Command("status", None, "")),
        ("进度 12", Command("status", 12, "")),
        ("我的", Command("my", None, "")),
        ("待办", Command("todo", None, "")),
        ("谁负责", Command("who", None, "")),
        ("依据12", Command("why", 12, "")),
        ("帮助", Command("help", None, "")),
        ("不立单12 不在本网格", Command("void", 12, "不在本网格")),
        ("改类12 环境卫生", Command("class", 12, "环境卫生")),
        ("重办12 又漏了", Command("reopen", 12, "又漏了")),
        ("删除我的信息", Command("forget", None, "")),
        ("绑定网格 ABCDEFGHJK", Command("setup", None, "ABCDEFGHJK")),
    ],
)
def test_a_command_is_its_name_a_number_and_the_rest(line: str, command: Command) -> None:
    assert read_command(line, WORDS, "gridbot") == command


@pytest.mark.parametrize(
    "line",
    [
        "办结12号楼的垃圾",
        "办结了吗",
        "办结 已清运",
        "我的车停哪",
        "我的12号楼",
        "进度怎么样了",
        "进度12号楼",
        "谁负责3号楼",
        "待办事项有哪些",
        "登记处在哪",
        "登记12号楼",
        "帮助老人",
        "重办身份证去哪",
        "签收快递",
        "12",
        "第12件",
        "@otherbot 办结12",
        "@gridbot2 办结12",
        "/",
        "/ 办结",
        "/unknown 12",
        "/done，已清运",
        "",
        "   ",
    ],
)
def test_ordinary_talk_is_no_command(line: str) -> None:
    assert read_command(line, WORDS, "gridbot") is None


def test_another_bots_command_is_not_ours(world: World) -> None:
    with pytest.raises(ForAnother):
        read_command("/done@otherbot 12", WORDS, "gridbot")
    world.says("王阿姨", LEAK)
    assert world.says("老王", "/done@otherbot 1") == []
    assert world.ticket(1).state == "open"


def test_a_house_number_closes_nothing_but_what_the_reply_points_at(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("小李", RUBBISH)
    world.says("老王", "我来办1")
    assert world.says("老王", "/done 1号楼已清运") == ["要办哪件？请回复卡片，或写号，如 办结12 已清运"]
    assert (world.ticket(1).state, world.ticket(2).state) == ("taken", "open")
    world.says("老王", "/done 1号楼已清运", reply=world.card(2))
    assert (world.ticket(1).state, world.ticket(2).state) == ("taken", "settled")
    assert world.ticket(2).note == "1号楼已清运"


def test_a_reply_and_a_number_that_disagree_are_refused(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("小李", RUBBISH)
    assert world.says("老王", "/done 1 已修", reply=world.card(2)) == ["回复的是第2件，写的是第1件，请再说一次。"]
    assert (world.ticket(1).state, world.ticket(2).state) == ("open", "open")
    assert world.says("老王", "/done 2 已清", reply=world.card(2)) != []
    assert world.ticket(2).state == "settled"


@pytest.mark.parametrize(
    ("line", "number"), [("/done 99", "99"), ("/done 0", "0"), ("办结 第99件", "99"), ("/done " + "1" * 31, "1")]
)
def test_an_unknown_number_is_refused_clearly(world: World, line: str, number: str) -> None:
    world.says("王阿姨", LEAK)
    [answer] = world.says("老王", line)
    assert answer.startswith(f"本群没有第{number}")
    assert answer.endswith("件，请看卡片上的号。")
    assert world.ticket(1).state == "open"


def test_a_negative_number_is_no_number(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "/done -1") == ["要办哪件？请回复卡片，或写号，如 办结12 已清运"]
    assert world.ticket(1).state == "open"


def test_refusals_mention_nobody(world: World) -> None:
    world.says("王阿姨", LEAK)
    for who, line in (
        ("小李", "/done 1"),
        ("小李", "/void 1 不要了"),
        ("小李", "/take 1"),
        ("小李", "/class 1 环境卫生"),
        ("小李", "/reopen 1 再来"),
        ("小李", "/todo"),
        ("小李", "/assign"),
        ("老王", "/done 77"),
        ("老王", "/void 1"),
        ("老王", "/class 1 乱写"),
    ):
        before = len(world.channel.shown)
        [answer] = world.says(who, line)
        assert world.channel.shown[before].mentions == [], answer
        assert "老王" not in answer
        assert "小李" not in answer


def test_the_bots_own_name_in_a_report_changes_nothing(world: World) -> None:
    text = "@gridbot " + LEAK
    assert len(world.says("王阿姨", text, mentions=(Mention("bot", "999", "gridbot", 0, 8),))) == 1
    assert world.ticket(1).state == "open"
