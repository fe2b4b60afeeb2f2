"""联办: one leads and settles, helpers have a part each and hear of the end; departments stand beside the ladder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import RESIDENTS, World, small_town

LEAK = "3号楼2单元水管漏水，楼道都是水，没人修"
QUARREL = "楼上602天天半夜吵架摔东西，说了也不听，邻里闹矛盾"
BESIDE = {
    "何水": ("31", "市供水公司", "department"),
    "田电": ("32", "城关供电所", "department"),
    "小红帽": ("33", "幸福里社区", "volunteer"),
    "五老": ("34", "幸福里社区", "mediator"),
}
STAFFED = ("老王", "陈副", "李书记", "周物业", "钱网格", *BESIDE)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The town with two departments, a volunteer and a mediator; everybody has pressed Start; a leak is reported."""
    config = small_town()
    units = [u.model_dump(exclude_unset=True) for u in config.units]
    people = [p.model_dump(exclude_unset=True) for p in config.people]
    units += [{"name": "市供水公司", "level": "部门"}, {"name": "城关供电所", "level": "部门"}]
    for name, (account, unit, role) in BESIDE.items():
        people.append({"name": name, "telegram": int(account), "posts": [{"unit": unit, "role": role}]})
    world = World(tmp_path, small_town(units=units, people=people))
    world._ids.update({name: account for name, (account, _, _) in BESIDE.items()})
    world.starts(*STAFFED)
    world.says("王阿姨", LEAK)
    yield world
    world.close()


def parts(world: World, number: int = 1) -> dict[str, str]:
    with world.session() as session:
        ticket = session.merge(world.ticket(number), load=True)
        return {p.person.name: p.part for p in ticket.parties if p.person}


def letters(world: World, who: str) -> list[str]:
    return [line for line in world.private(who) if line.startswith("🤝")]


def test_helpers_are_called_privately_with_what_why_and_by_when(world: World) -> None:
    answer = world.says("老王", "联办1 物业 供电所：要断电检修")
    assert answer == ["第1件联办：物业周物业、城关供电所田电（老王牵头）"]
    assert parts(world) == {"周物业": "helper", "田电": "helper"}
    for who in ("周物业", "田电"):
        [letter] = letters(world, who)
        assert letter.startswith("🤝 第1件 请您一起办（幸福里第3网格）\n3号楼2单元 水管漏水")
        assert "\n王阿姨 今天09:00：“" in letter
        assert "\n老王：要断电检修\n老王牵头，3月5日（周四）18:00前要给居民回话\n" in letter
    assert world.ticket(1).assignee.name == "老王", "the lead stays"


def test_the_card_and_status_name_offices_and_not_people(world: World) -> None:
    world.says("老王", "/joint 1 物业、供电所")
    assert world.card().text.endswith("\n联办：物业、城关供电所")
    assert "\n联办：物业、城关供电所" in world.says("小李", "进度1")[0]


@pytest.mark.parametrize(
    ("words", "who", "part"),
    [
        ("市供水公司", "何水", "helper"),
        ("供电所", "田电", "helper"),
        ("物业", "周物业", "helper"),
        ("志愿者", "小红帽", "helper"),
        ("调解员", "五老", "mediator"),
        ("钱网格", "钱网格", "helper"),
        ("第4网格", "钱网格", "helper"),
        ("李书记", "李书记", "helper"),
    ],
)
def test_helpers_are_meant_by_unit_role_or_name(world: World, words: str, who: str, part: str) -> None:
    world.says("老王", f"联办1 {words}")
    assert parts(world) == {who: part}


def test_by_mention_and_by_reply(world: World) -> None:
    text = "/joint 1 周物业"
    world.says("老王", text, mentions=world.mention("周物业", text))
    world.says("老王", "联办1", reply=world.incoming("陈副", "我在现场", RESIDENTS))
    assert set(parts(world)) == {"周物业", "陈副"}


def test_the_part_of_a_helper_is_told_to_the_lead_who_alone_settles(world: World) -> None:
    world.says("老王", "联办1 物业 供电所")
    assert world.tells("田电", "/done 1 线路已查，没问题") == ["第1件您那边记下了，已告诉老王。"]
    assert letters(world, "老王")[-1] == "🤝 第1件 城关供电所田电那边办好了：“线路已查，没问题”"
    ask = next(s for s in world.channel.shown if s.chat_id == "16" and s.text.startswith("🤝"))
    assert world.tells("周物业", "阀门修好了", reply=ask) == ["第1件您那边记下了，已告诉老王。"]
    assert letters(world, "老王")[-1].endswith("那边办好了：“阀门修好了”\n联办的都好了，可以办结")
    assert world.ticket(1).state == "open"
    world.says("老王", "/done 1 水管已换")
    assert (world.ticket(1).state, world.ticket(1).way) == ("settled", "joint")


def test_a_helpers_word_in_the_group_is_silent(world: World) -> None:
    world.says("老王", "联办1 物业")
    assert world.says("周物业", "阀门修好了", reply=world.card()) == []
    assert "周物业那边办好了" in letters(world, "老王")[-1]


def test_plain_words_of_a_helper_are_for_the_lead_alone(world: World) -> None:
    world.starts("王阿姨")
    world.says("老王", "联办1 供电所")
    told = len(world.private("王阿姨"))
    ask = next(s for s in world.channel.shown if s.chat_id == "32" and s.text.startswith("🤝"))
    assert world.tells("田电", "得等明天上午停电", reply=ask) == ["记在第1件里了，老王看得到。"]
    assert world.private("老王")[-1] == "第1件 城关供电所田电补充：“得等明天上午停电”"
    assert len(world.private("王阿姨")) == told


@pytest.mark.parametrize(
    "line", ["/void 1 不归我们", "/class 1 环境卫生", "/take 1", "转派1 老王", "/up 1 难", "/joint 1 物业"]
)
def test_a_helper_has_no_say_over_the_whole(world: World, line: str) -> None:
    world.says("老王", "联办1 供电所")
    assert "负责" in world.tells("田电", line)[0]
    assert (world.ticket(1).state, world.ticket(1).category) == ("open", world.ticket(1).category)
    assert world.tells("田电", "进度1")[0].startswith("第1件 3号楼2单元")


def test_the_end_is_told_to_helpers(world: World) -> None:
    world.says("老王", "联办1 供电所")
    world.says("老王", "/done 1 水管已换")
    assert world.private("田电")[-1].endswith("\n办结：水管已换（老王），谢谢您")
    world.says("王阿姨", "又漏了", reply=world.card())
    assert "又重新办了" in world.private("田电")[-1]


def test_todo_in_private_lists_ones_parts_until_they_are_done(world: World) -> None:
    world.says("老王", "联办1 供电所")
    thing = world.ticket(1).thing
    assert world.tells("田电", "待办") == [f"请您一起办的：\n🤝第1件 3号楼2单元 {thing} 3月5日（周四）18:00前"]
    world.tells("田电", "/done 1 已查线路")
    assert world.tells("田电", "待办") == ["这一步要有职务的人来做。"]


def test_who_is_let_go_sees_it_no_more(world: World) -> None:
    world.says("老王", "联办1 物业 供电所")
    assert world.says("老王", "联办1 取消 供电所") == ["第1件不再联办：城关供电所田电"]
    assert parts(world) == {"周物业": "helper"}
    assert world.private("田电")[-1].endswith("\n不用您那边再办了，谢谢")
    assert world.tells("田电", "进度1") == ["您这里没有第1件，请看卡片上的号。"]
    assert world.says("老王", "联办1 取消 供电所") == ["第1件没有请过这位。"]


@pytest.mark.parametrize(
    ("who", "line", "answer"),
    [
        ("老王", "联办1", "要请谁一起办？请写单位、职务或姓名，如 联办1 物业 供电所：要停电检修"),
        ("老王", "联办1 老王", "第1件就在老王那里，不用联办。"),
        ("老王", "联办1 部门", "“部门”有几处：市供水公司、城关供电所。请写单位全名。"),
        ("老王", "联办1 消防队", "没找到“消防队”。请写姓名或单位全名，或回复本人的消息。"),
        ("小李", "联办1 物业", "这一步要由本网格负责的人来做。"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(world: World, who: str, line: str, answer: str) -> None:
    assert world.says(who, line) == [answer]
    assert parts(world) == {}


def test_who_cannot_be_reached_is_named_to_the_one_who_called(world: World) -> None:
    world.says("老王", "联办1 孙楼长")
    assert world.lines()[-1] == "孙楼长还没点“开始”，收不到私聊，请打电话或当面说。"


def test_called_by_a_cadre_the_lead_is_told(world: World) -> None:
    world.says("李书记", "联办1 供水公司")
    assert world.private("老王")[-1].endswith("\n李书记请了市供水公司何水一起办，您牵头，由您办结")


def test_a_helper_to_whom_it_goes_up_leads_and_helps_no_more(world: World) -> None:
    world.says("老王", "联办1 李书记 物业")
    world.says("老王", "/up 1 要社区出钱")
    assert "\n李书记 负责（老王 首问）" in world.card().text
    assert world.card().text.endswith("\n联办：物业")
    assert "🤝" not in world.tells("李书记", "待办")[0]


# private matters


def test_a_mediator_is_called_to_a_private_matter_out_of_the_groups_sight(world: World) -> None:
    world.says("赵姐", QUARREL)
    assert world.says("老王", "联办2 调解员") == ["第2件单独办，请在私聊里发。"]
    card = world.card(2).text
    assert world.tells("老王", "联办2 调解员")[0] == "第2件联办：调解员五老（老王牵头）"
    assert world.card(2).text == card, "nothing of it in the group"
    assert "吵架" in letters(world, "五老")[-1]
    assert world.tells("五老", "进度2")[0].startswith("第2件（单独联系）")


def test_who_was_called_before_it_became_private_sees_it_no_more(world: World) -> None:
    world.says("老王", "联办1 物业 供电所")
    world.waits(minutes=1)
    world.says("老王", "改类1 矛盾纠纷")
    assert world.tells("田电", "进度1") == ["您这里没有第1件，请看卡片上的号。"]
    world.waits(minutes=1)
    world.tells("老王", "联办1 供电所")
    assert world.tells("田电", "进度1")[0].startswith("第1件（单独联系）")
