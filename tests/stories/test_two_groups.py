"""One grid with several groups: a matter is one ticket in all of them, and each line stands where it belongs."""

import pytest

from tests.world import OTHER, RESIDENTS, World, china

SECOND, COMMUNITY = "-2001", "-2002"
LEAK = "3号楼2单元的路灯坏了三天了，没人修"
SAME = "3号楼2单元路灯坏了，晚上黑得很"


@pytest.fixture
def wide(world: World) -> World:
    """The third grid has a second group, and the community one for all."""
    world.starts("老王")
    world.says("李书记", "/setup 幸福里第3网格", group=SECOND)
    world.says("李书记", "/setup 幸福里社区", group=COMMUNITY)
    return world


def test_the_same_report_in_the_other_group_joins_without_a_line(wide: World) -> None:
    [card] = wide.says("王阿姨", LEAK)
    assert wide.says("小赵", SAME, group=SECOND) == []
    assert wide.tickets() == 1
    assert wide.card().chat_id == RESIDENTS
    assert wide.card().text.startswith(card)
    assert wide.card().text.endswith("已有2户")


def test_what_is_said_in_the_other_group_reaches_the_member(wide: World) -> None:
    wide.says("王阿姨", LEAK)
    wide.says("小赵", SAME, group=SECOND)
    assert wide.private("老王")[-1] == f"第1件 小赵补充：“{SAME}”"


def test_a_short_word_in_the_other_group_means_the_same_ticket(wide: World) -> None:
    wide.says("王阿姨", LEAK)
    assert wide.says("小赵", "我家也是", group=SECOND) == []
    assert wide.card().text.endswith("已有2户")
    assert wide.says("小赵", "还没人来", group=SECOND) == ["第1件已再叫一次老王，最迟3月5日（周四）18:00回话"]
    assert not any("再叫一次" in line for line in wide.lines(RESIDENTS))


def test_the_second_card_stands_in_the_group_where_it_was_said(wide: World) -> None:
    wide.says("王阿姨", LEAK)
    assert wide.says("小赵", "5号楼门口的垃圾堆了三天没人清", group=SECOND)[0].startswith("📌 第2件")
    assert wide.card(2).chat_id == SECOND


def test_the_question_which_is_meant_stands_where_the_word_was_said(wide: World) -> None:
    wide.says("王阿姨", LEAK)
    wide.says("小赵", "5号楼1单元水管漏了，楼道都是水", group=SECOND)
    assert wide.says("小钱", "我家也是", group=SECOND) == ["您说的是哪件？"]
    asked = wide.channel.shown[-1]
    assert (asked.chat_id, len(asked.labels)) == (SECOND, 3)
    wide.presses("小钱", asked.labels[0], on=asked)
    assert [len(wide.ticket(n).followers) for n in (1, 2)] == [1, 0]


def test_another_grid_and_the_community_know_nothing_of_it(wide: World) -> None:
    wide.says("王阿姨", LEAK)
    for number, group in enumerate((OTHER, COMMUNITY), start=2):
        assert wide.says("小孙", "我家也是", group=group) == []
        assert len(wide.says("小孙", SAME, group=group)) == 1
        assert wide.card(number).chat_id == group
    assert wide.ticket(1).followers == []


def test_both_groups_read_the_weeks_summary_once(wide: World) -> None:
    wide.says("王阿姨", LEAK)
    wide.waits_until(china(3, 6, 16))
    for group in (RESIDENTS, SECOND):
        assert len([line for line in wide.lines(group) if line.startswith("📋")]) == 1


def test_whoever_joined_in_the_other_group_hears_the_end_there(wide: World) -> None:
    wide.says("王阿姨", LEAK)
    wide.says("小赵", SAME, group=SECOND)
    wide.says("老王", "/done 1 已修")
    assert "第1件" in wide.lines(SECOND)[-1]
