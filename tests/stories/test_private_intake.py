"""A plain sentence in private chat is a report like any other, of which the group reads nothing (R14)."""

import pytest

from models.drafts import Draft
from tests.world import OTHER, RESIDENTS, STAFF, World, china

LEAK = "3号楼2单元水管漏水"


@pytest.fixture
def town(world: World) -> World:
    """Everybody on duty has pressed Start; 王阿姨 once reported something in grid 3."""
    world.starts("老王", "李书记", "王阿姨")
    world.says("王阿姨", "5号楼路灯不亮")
    world.says("老王", "办结1 路灯换了灯泡")
    world.says("王阿姨", "好了，谢谢")
    world.waits(hours=1)
    return world


def groups(world: World) -> list[str]:
    return [s.text for s in world.channel.shown if s.chat_id in (RESIDENTS, STAFF, OTHER)]


def test_it_opens_at_once_where_the_grid_is_known(town):
    before = groups(town)
    assert town.tells("王阿姨", LEAK) == ["记下了，第2件。老王会联系您，最迟3月5日（周四）18:00回话。群里看不到。"]
    ticket = town.ticket(2)
    assert (ticket.came_by, ticket.unit.name, ticket.private) == ("private", "幸福里第3网格", True)
    assert groups(town) == before
    assert town.private("老王")[-1].startswith("🔔 第2件 等您接手")


def test_chatter_gets_the_usual_hint_and_opens_nothing(town):
    assert town.tells("王阿姨", "今天天气真好") == ["请在网格群里说，我在群里听着。看进度发“我的”。"]
    assert town.tickets() == 1


def test_a_likely_line_is_asked_about_once(town):
    me = town.id_of("王阿姨")
    assert town.tells("王阿姨", "下水道有点堵") == ["要登记吗？“下水道有点堵”"]
    assert town.tickets() == 1
    town.presses("王阿姨", "登记", chat=me)
    assert town.ticket(2).text == "下水道有点堵"


def test_not_meant_so_is_forgotten(town):
    town.tells("王阿姨", "下水道有点堵")
    assert town.presses("王阿姨", "不是", chat=town.id_of("王阿姨")) == ["好的，不登记。"]
    assert (town.tickets(), town.stored("下水道有点堵")) == (1, ["letters"])
    town.waits(hours=25)
    assert town.stored("下水道有点堵") == []


def test_a_stranger_is_asked_in_which_grid_they_live(town):
    town.tells("新来的", LEAK)
    asked = town.channel.shown[-1]
    assert asked.text == "您在哪个网格？选一下，或写网格名，就登记：“3号楼2单元水管漏水”"
    assert asked.labels == ["幸福里第3网格", "幸福里第4网格", "都不是"]
    town.presses("新来的", "幸福里第4网格", on=asked)
    assert town.ticket(2).unit.name == "幸福里第4网格"
    assert town.private("新来的")[-1].startswith("记下了，第2件。钱网格")


def test_the_grid_may_be_written_too_and_a_restart_loses_nothing(town):
    town.tells("新来的", LEAK)
    town.restart()
    assert town.tells("新来的", "第4网格")[0].startswith("记下了，第2件。")
    assert town.ticket(2).text == LEAK


def test_who_spoke_in_a_group_lately_is_known_to_live_there(town):
    town.says("刘大爷", "早上好", group=OTHER)
    town.tells("刘大爷", LEAK)
    assert town.ticket(2).unit.name == "幸福里第4网格"


def test_danger_is_answered_before_the_grid_is_known(town):
    answer = town.tells("新来的", "家里一股煤气味，燃气泄漏了")
    assert answer[0] == "🚨 人先离开危险，再打110、119、120，我不能代您报警"
    assert answer[1].startswith("您在哪个网格？")


def test_danger_gets_advice_first(town):
    answer = town.tells("王阿姨", "家里一股煤气味，燃气泄漏了")
    assert answer[-1].startswith("🚨 先离开，到室外打119、燃气抢修96777")
    assert "我不能代您报警" in answer[-1]


def test_what_is_said_next_belongs_to_the_same_matter(town):
    town.tells("王阿姨", LEAK)
    assert town.tells("王阿姨", "在楼道拐角那里")[0].startswith("记在第2件里了")
    assert town.tells("王阿姨", "3号楼2单元水管还在漏水")[0].startswith("记在第2件里了")
    assert town.tickets() == 2


def test_the_end_is_asked_about_privately(town):
    before = groups(town)
    town.tells("王阿姨", LEAK)
    town.tells("老王", "办结2 水管换了新的")
    ended = next(s for s in reversed(town.channel.shown) if s.chat_id == town.id_of("王阿姨"))
    assert "第2件" in ended.text
    assert "满意" in ended.labels
    town.tells("王阿姨", "好了，谢谢")
    assert town.ticket(2).state == "confirmed"
    assert groups(town) == before


def test_who_takes_over_is_told_privately(town):
    town.tells("王阿姨", LEAK)
    town.waits_until(china(3, 5, 18, 1))
    assert any("已交社区李书记" in line for line in town.private("王阿姨"))


def test_an_unanswered_question_lapses_quietly(town):
    town.tells("新来的", LEAK)
    before = len(town.private("新来的"))
    town.waits(hours=1, minutes=1)
    with town.session() as session:
        assert session.query(Draft).count() == 0
    assert len(town.private("新来的")) == before


def test_registering_by_hand_in_private_says_by_when(town):
    assert town.tells("王阿姨", "登记 想问问垃圾分类")[0].startswith("记下了，第2件。老王会联系您，最迟")
