"""Phones, cards, plates and full names at doors: starred in every table and in every message, whichever the door."""

import pytest

from tests.world import RESIDENTS, STAFF, World

SECRETS = ("张建国", "13812345678", "0375-6661234", "6222021234567890128", "110101199003071234", "京A12345")
DATA = "3栋2单元501的张建国，电话13812345678、0375-6661234，卡6222021234567890128，证110101199003071234，车京A12345"
LEAK = "3号楼2单元的路灯坏了三天了，没人修"
TOLD = "您刚才在群里发的话里有电话、证件号或门牌姓名\n我存的已打码，群里那条您可以自己删掉"


def assert_hidden(world: World) -> None:
    for secret in SECRETS:
        assert world.stored(secret) == [], secret
        for shown in world.channel.shown:
            assert secret not in shown.text, shown.text
        assert not [t for t in world.channel.toasts if secret in t]


@pytest.fixture
def town(world: World) -> World:
    world.starts("老王", "李书记", "王阿姨", "小李")
    return world


def test_a_report_is_starred_from_the_first_letter(town: World) -> None:
    town.says("王阿姨", f"水管漏水没人修，{DATA}")
    assert "张**" in town.ticket(1).text
    assert "138****5678" in town.private("老王")[-1]
    assert_hidden(town)


SAID = (
    ("王阿姨", "登记 {}"),
    ("王阿姨", "/report {}"),
    ("王阿姨", "还没人来，找{}"),
    ("王阿姨", "是{}家的灯"),
    ("小李", "我家也是，{}"),
    ("老王", "/split 1 {}"),
    ("李书记", "/talk 5日 改 6日 {}"),
    ("老王", "/class 1 {}"),
    ("王阿姨", "谁负责{}"),
    ("老王", "/extend 1 2天 {}"),
    ("老王", "/up 1 {}"),
    ("老王", "/joint 1 李书记：{}"),
    ("李书记", "/suspend 1 到20日 {}"),
    ("李书记", "/return 1 {}"),
    ("李书记", "/transfer 1 老王 {}"),
    ("老王", "已处理，找过{}"),
    ("王阿姨", "不满意，{}"),
    ("老王", "/done 1 找过{}"),
    ("李书记", "/void 1 找过{}"),
)


@pytest.mark.parametrize("group", [RESIDENTS, STAFF])
def test_no_command_or_word_of_a_group_lets_them_through(town: World, group: str) -> None:
    town.says("王阿姨", LEAK)
    for who, line in SAID:
        town.says(who, line.format(DATA), group=group, reply=town.card())
        assert_hidden(town)
    town.waits(days=2)
    assert_hidden(town)


@pytest.mark.parametrize("line", ["/reopen 1 {}", "没好，{}", "好了，谢谢{}"])
def test_nor_does_an_answer_to_what_was_settled(town: World, line: str) -> None:
    town.says("王阿姨", LEAK)
    town.says("老王", "/done 1 灯已换")
    town.says("王阿姨", line.format(DATA), reply=town.card())
    assert_hidden(town)


def test_nor_does_an_edit(town: World) -> None:
    town.says("王阿姨", LEAK)
    town.edits(town.last_message, f"{LEAK}，{DATA}")
    assert "张**" in town.ticket(1).text
    assert_hidden(town)


def test_nor_a_line_that_the_member_is_asked_about(town: World) -> None:
    town.says("王阿姨", f"那个路灯是不是有点不太亮，{DATA}")
    assert_hidden(town)


def test_nor_a_question_which_ticket_is_meant(town: World) -> None:
    town.says("王阿姨", LEAK)
    town.says("王阿姨", "5号楼门口的垃圾堆了三天没人清")
    town.says("王阿姨", f"还没好，{DATA}")
    assert_hidden(town)


@pytest.mark.parametrize("line", ["{}", "登记 {}", "好了，{}", "/start p1"])
def test_nor_what_is_said_in_private(town: World, line: str) -> None:
    town.says("王阿姨", "楼上501天天半夜吵架打孩子，我们两家为这个闹翻了")
    town.tells("王阿姨", "/start p1")
    town.tells("王阿姨", line.format(DATA))
    town.tells("老王", "/start p1")
    town.tells("老王", line.format(DATA))
    assert_hidden(town)


def test_the_place_stays_for_the_one_who_has_to_go_there(town: World) -> None:
    town.says("王阿姨", "3栋2单元501的张建国家水管漏水没人修")
    assert town.ticket(1).place_key == "3-2-501"
    assert "501" in town.private("老王")[-1]
    assert_hidden(town)


def test_who_wrote_it_into_the_group_is_told_alone_and_once_a_day(town: World) -> None:
    before = len(town.lines())
    town.says("王阿姨", "有事打13812345678")
    town.says("王阿姨", "再说一遍，打13812345678")
    assert town.private("王阿姨").count(TOLD) == 1
    assert town.lines()[before:] == []
    town.waits(days=1)
    town.says("王阿姨", "还是打13812345678")
    assert town.private("王阿姨").count(TOLD) == 2


def test_nobody_is_told_in_public_or_without_a_reason(town: World) -> None:
    town.says("没点开始的人", "有事打13812345678")
    town.says("王阿姨", "3号楼501大家早上好")
    town.says("老王", "我的电话13812345678，有事打")
    town.says("王阿姨", "13812345678", group=STAFF)
    assert TOLD not in [s.text for s in town.channel.shown]
