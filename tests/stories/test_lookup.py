"""Questions: how far is it, what is mine, who is responsible, why was it opened."""

import re

import pytest

from tests.world import OTHER, RESIDENTS, STAFF, STREET, World, the_judge

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
RUBBISH = "5号楼门口的垃圾堆了三天没人清"
QUARREL = "楼上501天天半夜吵架打孩子，我们两家为这个闹翻了"


@pytest.mark.parametrize("line", ["/status 1", "进度 1", "进度1", "/进度 第1件", "@gridbot 进度1"])
def test_status_says_how_far_it_is(world: World, line: str) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("小李", line) == [
        "第1件 3号楼2单元 路灯坏了三天（民生诉求）\n等人接手，老王负责，最迟3月5日（周四）18:00回话"
    ]


def test_status_follows_the_matter(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.presses("小李", "我家也是")
    assert world.says("小李", "进度", reply=world.card())[0].endswith("\n已有2户")
    world.says("老王", "我来办1")
    assert "\n在办，老王负责" in world.says("小李", "进度1")[0]
    world.says("老王", "/done 1 换了新灯")
    assert world.says("小李", "进度1")[0].endswith("\n已办结，老王负责\n已有2户\n换了新灯\n当场解决，幸福里第3网格办结")


def test_status_calls_nobody(world: World) -> None:
    world.says("王阿姨", LEAK)
    for line in ("/status 1", "/who", "/why 1", "/my"):
        before = len(world.channel.shown)
        world.says("王阿姨", line)
        assert world.channel.shown[before].mentions == []


@pytest.mark.parametrize("line", ["/my", "我的", "进度", "/status"])
def test_my_lists_what_i_reported_and_what_counts_for_me_too(world: World, line: str) -> None:
    world.says("王阿姨", LEAK)
    world.says("小李", RUBBISH)
    world.presses("王阿姨", "我家也是", on=world.card(2))
    rubbish = world.ticket(2).thing
    assert world.says("王阿姨", line) == [
        f"您反映的事：\n第1件 3号楼2单元 路灯坏了三天 等人接手\n第2件 5号楼门口 {rubbish} 等人接手"
    ]
    assert world.tells("小李", line) == [f"您反映的事：\n第2件 5号楼门口 {rubbish} 等人接手"]
    assert world.says("张婶", line) == ["您现在没有在办的事。有事发“登记”加一句话。"]


def test_my_private_matter_shows_its_words_in_private_only(world: World) -> None:
    world.says("王阿姨", QUARREL)
    assert world.says("王阿姨", "我的") == ["您反映的事：\n第1件 单独联系的事 等人接手"]
    assert "单独联系" not in world.tells("王阿姨", "我的")[0]


@pytest.mark.parametrize("line", ["/todo", "待办"])
def test_todo_is_for_those_who_answer_for_the_grid(world: World, line: str) -> None:
    world.says("王阿姨", LEAK)
    world.says("王阿姨", QUARREL)
    world.says("小赵", RUBBISH, group=OTHER)
    hidden = "\n另有1件单独联系，私聊里看"
    leak = "\n🟢第1件 3号楼2单元 路灯坏了三天 3月5日（周四）18:00前"
    assert world.says("老王", line) == [f"待办2件：{leak}{hidden}"]
    assert world.says("小李", line) == ["这一步要有职务的人来做。"]
    assert world.says("周物业", line) == ["这一步要有职务的人来做。"]
    private = world.tells("老王", line)[0]
    assert private.startswith(f"待办2件：{leak}\n🟢第2件 ")
    assert hidden not in private
    assert world.tells("李书记", line)[0].startswith("待办3件：")
    assert world.says("赵主任", line, group=STREET)[0].startswith("待办3件：")
    assert world.says("李书记", line, group=STAFF)[0].startswith("待办2件：")


def test_an_empty_todo_is_a_kind_word(world: World) -> None:
    assert world.says("老王", "待办") == ["没有待办，辛苦了。"]


def test_todo_shows_lights(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.waits(days=3, hours=2)
    assert "\n🟡第1件" in world.says("老王", "待办")[0]
    world.waits(days=1)
    assert "\n🔴第1件" in world.says("老王", "待办")[0]


@pytest.mark.parametrize("line", ["/who", "谁负责"])
def test_who_names_the_responsible_people_and_shows_phones_to_staff_only(world: World, line: str) -> None:
    own = (
        "幸福里第3网格 负责人：\n网格员 老王{}\n副网格员 陈副\n楼门长 孙楼长\n"
        "幸福里社区社区干部 李书记\n和平街道街道干部 赵主任"
    )
    assert world.says("小李", line) == [own.format("")]
    assert world.says("小李", line, group=STAFF) == [own.format(" 13800000011")]
    assert world.tells("陈副", line) == [own.format(" 13800000011")]
    assert world.tells("小李", line) == ["请在网格群里发这一句。"]


@pytest.mark.parametrize("line", ["/why 1", "依据1"])
def test_why_names_words_and_rules(world: World, line: str) -> None:
    world.says("王阿姨", LEAK)
    [answer] = world.says("小李", line)
    first, *rows, total = answer.split("\n")
    assert first == "第1件 3号楼2单元 路灯坏了三天（民生诉求）"
    assert any(re.fullmatch(r"[+-]\d\.\d\d 坏了：\S*坏了", row) for row in rows)
    assert re.fullmatch(r"[+-]\d\.\d\d 用词习惯", rows[-1])
    assert re.fullmatch(r"合计\d\.\d\d分，规则版本\w+", total)


def test_why_is_short_and_adds_up(world: World) -> None:
    world.says("王阿姨", LEAK)
    rows = world.says("小李", "/why 1")[0].split("\n")[1:]
    assert len(rows) <= 7
    assert not any(word in "".join(rows) for word in ("chat", "petition"))


def test_why_tells_who_changed_the_class(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "改类1 安全隐患")
    [answer] = world.says("小李", "/why 1")
    assert answer.startswith("第1件 3号楼2单元 路灯坏了三天（安全隐患）")
    assert answer.endswith("\n类别由老王改过，原是民生诉求")


def test_why_of_what_was_registered_by_hand_names_who_did(world: World) -> None:
    world.starts("老王")
    world.says("小李", "门口的桌子该换换了")
    world.says("老王", "/report", reply=world.last_message)
    score = the_judge().read("门口的桌子该换换了").score
    assert world.says("小李", "/why 1")[0].endswith(f"\n老王手工登记（规则自己没听出来，{score:.2f}分）")


@pytest.mark.parametrize("line", ["/help", "帮助", "/帮助"])
def test_help_says_as_much_as_concerns_the_asker(world: World, line: str) -> None:
    resident, member = world.says("小李", line)[0], world.says("老王", line)[0]
    assert "110" in resident
    assert "网格员：" not in resident
    assert "网格员：" in member
    assert "指定网格员" not in member
    assert "指定网格员" in world.says("李书记", line)[0]
    assert world.says("路人", line, group="-7777")[0] == resident


def test_id_prints_the_numbers_for_the_file(world: World) -> None:
    assert world.says("小李", "/id") == [f"本群 {RESIDENTS}，您 {world.id_of('小李')}"]
    assert world.tells("小李", "/id") == [f"您 {world.id_of('小李')}"]
    other = world.incoming("张婶", "大家好", RESIDENTS)
    assert world.says("小李", "/id", reply=other) == [
        f"本群 {RESIDENTS}，您 {world.id_of('小李')}，对方 {world.id_of('张婶')}"
    ]


def test_long_lists_are_cut(world: World) -> None:
    for n in range(1, 21):
        world.says(f"邻居{n}", f"{n}号楼2单元的路灯坏了三天了，没人修")
    answer = world.tells("老王", "待办")[0]
    assert answer.startswith("待办20件：")
    assert answer.endswith("\n另有5件")
    assert answer.count("第") == 15


def test_asking_without_a_number_says_how(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("小李", "/why") == ["要办哪件？请回复卡片，或写号，如 依据12"]


@pytest.mark.parametrize("line", ["/status", "进度", "/done 1", "登记 路灯坏了", "我的", "待办"])
def test_a_group_without_a_unit_asks_to_be_set_up(world: World, line: str) -> None:
    assert world.says("路人", line, group="-7777") == ["本群还没绑定网格。工作人员请发“绑定网格”加口令。"]


def test_a_group_without_a_unit_hears_nothing_else(world: World) -> None:
    assert world.says("路人", LEAK, group="-7777") == []
    assert world.tickets() == 0
