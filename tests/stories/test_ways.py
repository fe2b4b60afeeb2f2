"""The six ways of handling (R15), the level that settled it, and what a card says in every state."""

from pathlib import Path

import pytest

from tests.world import World, china, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
QUARREL = "楼上602天天半夜吵架摔东西，说了也不听，邻里闹矛盾"
SIX = "当场解决、网格办理、社区协调、上报街道、部门联办、说事会议定"


def settled(world: World, who: str = "老王", number: int = 1) -> str:
    world.says(who, f"/done {number} 换了新灯")
    return world.says("小李", f"进度{number}")[0].split("\n")[-1]


def test_settled_before_the_first_word_was_due_is_on_the_spot(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.waits(hours=2)
    assert settled(world) == "当场解决，幸福里第3网格办结"


def test_settled_later_it_is_the_grids_work(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "收到", reply=world.card())
    world.waits(days=1)
    assert settled(world) == "网格办理，幸福里第3网格办结"


def test_each_level_that_settled_it_shows(world: World) -> None:
    for number in (1, 2):
        world.says("王阿姨", f"{number}号楼2单元的路灯坏了三天了，没人修")
        world.says("老王", f"/up {number} 要出钱")
    assert settled(world, "李书记", 1) == "社区协调，幸福里社区办结"
    world.says("李书记", "/up 2 社区没这笔钱")
    assert settled(world, "赵主任", 2) == "上报街道，和平街道办结"


def test_with_helpers_it_is_done_together(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "联办1 物业")
    assert settled(world) == "部门联办，幸福里第3网格办结"


@pytest.mark.parametrize("line", ["办法1 说事会议定", "/way 1 说事会", "办法 第1件 说事"])
def test_a_way_chosen_by_hand_stays(world: World, line: str) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", line) == ["第1件办法：说事会议定"]
    assert settled(world) == "说事会议定，幸福里第3网格办结"


@pytest.mark.parametrize(
    ("who", "line", "answer"),
    [
        ("老王", "办法1 再说", f"办法只有：{SIX}"),
        ("老王", "办法1", f"办法只有：{SIX}"),
        ("小李", "办法1 社区协调", "这一步要由本网格负责的人来做。"),
    ],
)
def test_other_words_are_no_way(world: World, who: str, line: str, answer: str) -> None:
    world.says("王阿姨", LEAK)
    assert world.says(who, line) == [answer]
    assert world.ticket(1).way == ""


def test_of_a_private_matter_the_way_is_chosen_privately(world: World) -> None:
    world.says("王阿姨", QUARREL)
    assert world.says("老王", "办法1 社区协调") == ["本群没有第1件，请看卡片上的号。"]
    assert world.tells("老王", "办法1 社区协调") == ["第1件办法：社区协调"]


def test_a_deployment_has_its_own_words_and_more_of_them(tmp_path: Path) -> None:
    own = ["马上办", "网格办", "村里办", "乡里办", "一起办", "议事会", "代办"]
    world = World(tmp_path, small_town(ledger={"ways": own}))
    world.says("王阿姨", LEAK)
    assert settled(world) == "马上办，幸福里第3网格办结"
    assert world.says("老王", "办法1 代办") == ["第1件办法：代办"]
    assert world.says("老王", "办法1 社区协调") == [f"办法只有：{'、'.join(own)}"]
    world.close()


# cards


def test_a_suspended_card_says_until_when(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("李书记", "挂账1 到3月10日 等配件")
    card = world.card()
    assert card.text.startswith("⏸ 第1件，暂停计时到3月1")
    assert "\n老王 负责" in card.text and "回话" not in card.text
    assert card.labels != []
    assert "为止" in world.says("小李", "进度1")[0]
    assert "\n⏸第1件 " in world.says("老王", "待办")[0]
    assert world.says("老王", "/up 1 要出钱") == ["第1件在暂停计时，恢复后再转。"]


def test_what_nobody_answered_reads_as_settled(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/done 1 换了新灯")
    world.waits_until(china(3, 30))
    assert world.ticket(1).state == "silent"
    assert world.card().text.startswith("✅ 第1件，已办结")
    assert "\n已办结，" in world.says("小李", "进度1")[0]


def test_of_a_private_matter_the_card_says_the_same_whoever_has_it(world: World) -> None:
    world.says("王阿姨", QUARREL)
    first = world.card().text
    world.tells("老王", "/take 1")
    assert world.card().text == first
    world.tells("李书记", "挂账1 到3月10日 等双方回来")
    assert world.card().text == first
    world.tells("李书记", "恢复1")
    world.tells("老王", "转派1 陈副")
    assert world.card().text == first.replace("老王", "陈副")
    assert "首问" not in world.card().text
