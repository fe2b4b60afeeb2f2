"""上报 and 转派: somebody else has it, who was asked first stays answerable, residents read one line or none."""

from pathlib import Path

import pytest

from models.posts import MentionOut
from tests.world import OTHER, PEOPLE, RESIDENTS, STAFF, World, china, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
QUARREL = "楼上602天天半夜吵架摔东西，说了也不听，邻里闹矛盾"
STAFFED = ("老王", "陈副", "李书记", "赵主任", "钱网格")
REASON = "/up 1 要街道出钱"


@pytest.fixture
def reported(world: World) -> World:
    """A matter of Monday morning, due on Thursday at six; everybody has pressed Start."""
    world.starts(*STAFFED)
    world.says("王阿姨", LEAK)
    return world


def kinds(world: World, number: int = 1) -> list[str]:
    return [e.kind for e in world.ticket(number).history]


# 上报


def test_up_gives_the_next_level_its_own_limit_and_the_residents_one_line(reported: World) -> None:
    reported.says("老王", "收到", reply=reported.card())
    reported.waits(days=1)
    assert reported.says("老王", "上报1 要街道出钱") == ["第1件已上报社区李书记，最迟3月6日（周五）18:00回话"]
    ticket = reported.ticket(1)
    assert (ticket.assignee.name, ticket.rung, ticket.state) == ("李书记", 1, "open")
    assert ticket.due_at == china(3, 6, 18)
    raised = ticket.history[-1]
    assert (raised.kind, raised.note, raised.data["unit"]) == ("raised", "要街道出钱", "幸福里社区")


def test_the_next_level_reads_why_and_who_was_asked_first(reported: World) -> None:
    reported.says("老王", REASON)
    letter = reported.private("李书记")[-1]
    assert letter.startswith("🔔 第1件 上报到您这一级（幸福里第3网格）\n3号楼2单元 ")
    assert "\n老王上报：要街道出钱\n首问：老王\n" in letter
    assert reported.presses("李书记", "我来办", chat=PEOPLE["李书记"]) != []
    assert reported.ticket(1).state == "taken"


def test_the_card_shows_who_has_it_and_who_was_asked_first(reported: World) -> None:
    reported.says("老王", REASON)
    assert "\n李书记 负责（老王 首问），最迟3月5日（周四）18:00回话" in reported.card().text
    assert [s.name for s in reported.card().post.segments if isinstance(s, MentionOut)] == ["李书记"], "one is called"
    assert "，李书记负责（老王首问），" in reported.says("小李", "进度1")[0]
    assert reported.says("王阿姨", "我的")[0].endswith(" 等人接手，李书记负责（老王首问）")


def test_up_from_private_chat_is_one_line_in_the_group_and_a_word_to_who_said_it(reported: World) -> None:
    before = len(reported.lines())
    assert reported.tells("老王", "上报1 要街道出钱") == ["第1件已上报社区李书记。"]
    assert reported.lines()[before:] == ["第1件已上报社区李书记，最迟3月5日（周四）18:00回话"]


def test_who_joined_hears_of_it_privately(reported: World) -> None:
    reported.starts("小李")
    reported.presses("小李", "我家也是")
    reported.says("老王", REASON)
    assert reported.private("小李")[-1].endswith("\n已上报社区李书记，最迟3月5日（周四）18:00回话")


def test_a_reason_is_asked_for(reported: World) -> None:
    assert reported.says("老王", "/up 1") == ["请写理由，如 上报1 要街道出钱"]
    assert reported.ticket(1).rung == 0


@pytest.mark.parametrize("who", ["王阿姨", "小李", "周物业"])
def test_those_not_in_charge_read_which_words_are_theirs(reported: World, who: str) -> None:
    assert reported.says(who, REASON) == ["上报由负责的人来办。没人来就回“没人来”，没好就回“没好”。"]
    assert reported.ticket(1).rung == 0


def test_once_it_is_up_those_below_pass_it_no_further(reported: World) -> None:
    reported.says("老王", REASON)
    assert reported.says("老王", REASON) == ["第1件现在由李书记办，由那边来定。"]
    assert reported.says("陈副", "转派1 老王") == ["第1件现在由李书记办，由那边来定。"]
    assert reported.says("李书记", "/up 1 社区没这笔钱")[0].startswith("第1件已上报街道赵主任，")
    assert reported.ticket(1).rung == 2


def test_the_last_level_cannot_refuse(reported: World) -> None:
    reported.says("老王", REASON)
    reported.says("李书记", "/up 1 社区没这笔钱")
    assert reported.tells("赵主任", "/up 1 不归我们") == ["第1件已在最上一级，没有再上一级，请给居民回话。"]
    assert reported.ticket(1).assignee.name == "赵主任"


def test_a_cadre_hands_what_the_grid_has_to_the_level_above_themselves(reported: World) -> None:
    reported.says("李书记", REASON)
    assert (reported.ticket(1).assignee.name, reported.ticket(1).rung) == ("赵主任", 2)


def test_a_missed_limit_climbs_on_from_there(reported: World) -> None:
    reported.says("老王", REASON)
    reported.says("李书记", "收到", reply=reported.card())
    reported.waits_until(china(3, 5, 18))
    assert reported.ticket(1).assignee.name == "赵主任"


def test_a_private_matter_goes_up_without_a_line_in_the_group(world: World) -> None:
    world.starts(*STAFFED, "王阿姨")
    world.says("王阿姨", QUARREL)
    before = len(world.lines())
    assert world.tells("老王", REASON) == ["第1件已上报社区李书记。"]
    assert world.lines()[before:] == []
    assert world.private("王阿姨")[-1].startswith("第1件已上报社区李书记，最迟")
    assert world.card().text == "📌 第1件，记下了\n李书记会单独联系您，群里不再细说"


def test_an_unreachable_level_is_called_in_its_staff_group_by_name(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    world.says("李书记", REASON)
    assert world.lines("-1004")[-1].startswith("赵主任：\n🔔 第1件 上报到您这一级")


def test_a_wish_that_goes_up_gathers_there(reported: World) -> None:
    reported.says("王阿姨", "能不能在东门设个公交站，老人坐车要走两站路")
    reported.says("老王", "/up 2 要公交公司定")
    assert reported.says("周姐", "这附近能不能加个公交站", group=OTHER) == []
    assert (reported.tickets(), reported.ticket(2).households) == (2, 2)


# 转派


@pytest.mark.parametrize("line", ["转派1 陈副", "/transfer 1 陈副", "转派 第1件 陈副"])
def test_another_person_has_it_and_the_promise_stands(reported: World, line: str) -> None:
    reported.waits(hours=2)
    due = reported.ticket(1).due_at
    assert reported.says("老王", line) == ["第1件转给陈副了，最迟3月5日（周四）18:00回话"]
    ticket = reported.ticket(1)
    assert (ticket.assignee.name, ticket.state, ticket.rung, ticket.due_at) == ("陈副", "open", 0, due)
    assert ticket.respond_due_at == china(3, 2, 16), "three working hours from now for a first word"
    assert (kinds(reported)[-1], ticket.first_id) == ("transfer", ticket.history[-1].data["before"])
    assert "陈副 负责（老王 首问）" in reported.card().text
    assert reported.private("陈副")[-1].startswith("🔔 第1件 转给您办（幸福里第3网格）\n")
    assert "\n老王转来，" in reported.private("陈副")[-1]


def test_by_reply_to_the_person_or_by_mention(reported: World) -> None:
    there = reported.incoming("陈副", "我在3号楼", RESIDENTS)
    reported.says("老王", "转派1", reply=there)
    assert reported.ticket(1).assignee.name == "陈副"
    text = "/transfer 1 老王"
    reported.says("李书记", text, mentions=reported.mention("老王", text))
    assert reported.ticket(1).assignee.name == "老王"
    assert "首问" not in reported.card().text, "who was asked first has it again"


def test_who_had_it_and_who_was_asked_first_are_told(reported: World) -> None:
    reported.says("李书记", "转派1 陈副")
    assert reported.private("老王")[-1].endswith("\n已转给陈副\n您是首问，居民问到请接着答")
    reported.says("李书记", "转派1 孙楼长")
    assert reported.private("陈副")[-1].endswith("\n已转给孙楼长")
    assert reported.private("老王")[-1].endswith("\n已转给孙楼长\n您是首问，居民问到请接着答")


def test_passed_on_elsewhere_the_residents_read_the_card_alone(reported: World) -> None:
    before = len(reported.lines())
    reported.tells("老王", "转派1 陈副")
    reported.says("陈副", "转派1 老王", group=STAFF)
    assert reported.lines()[before:] == []


def test_who_cannot_be_reached_privately_is_called_by_the_line(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    world.says("老王", "转派1 陈副")
    line = world.channel.shown[-1]
    assert (line.text[:8], line.mentions) == ("第1件转给陈副了", [PEOPLE["陈副"]])
    assert world.tells("老王", "转派1 陈副") == ["第1件已经在陈副那里。"]


def test_a_chase_reaches_the_first_asked_once(reported: World) -> None:
    reported.says("老王", "转派1 陈副")
    told = len(reported.private("老王"))
    reported.says("王阿姨", "还没人来", reply=reported.card())
    [word] = reported.private("老王")[told:]
    assert word.startswith("第1件 居民在问：“还没人来”\n3号楼2单元 ")
    assert word.endswith("\n您是首问，现由陈副办，3月5日（周四）18:00前回话")
    assert "居民在问" in reported.private("陈副")[-1]
    reported.waits(hours=2)
    told = len(reported.private("老王"))
    reported.says("王阿姨", "还没人来", reply=reported.card())
    assert not any("居民在问" in line for line in reported.private("老王")[told:])


@pytest.mark.parametrize(
    ("who", "line", "answer"),
    [
        ("老王", "转派1 老王", "第1件已经在老王那里。"),
        ("老王", "转派1 周物业", "周物业没有能接手的职务，请他帮忙就发“联办1”。"),
        ("老王", "转派1 李书记", "第1件只能转给本单位和下级的人；要再往上，发“上报1 理由”。"),
        ("老王", "转派1 钱网格", "第1件只能转给本单位和下级的人；要再往上，发“上报1 理由”。"),
        ("老王", "转派1 幸福里第4网格", "第1件只能转给本单位和下级的人；要再往上，发“上报1 理由”。"),
        ("老王", "转派1 没这个人", "没找到“没这个人”。请写姓名或单位全名，或回复本人的消息。"),
        ("老王", "转派1", "要转给谁？请写一个人或单位，如 转派1 陈副"),
        ("老王", "转派1 陈副 孙楼长", "要转给谁？请写一个人或单位，如 转派1 陈副"),
        ("小李", "转派1 陈副", "这一步要由本网格负责的人来做。"),
        ("王阿姨", "转派1 陈副", "这一步要由本网格负责的人来做。"),
    ],
)
def test_what_cannot_be_passed_on_is_refused_in_words(reported: World, who: str, line: str, answer: str) -> None:
    assert reported.says(who, line) == [answer]
    assert reported.ticket(1).assignee.name == "老王"


def test_from_above_to_a_person_of_another_grid_it_stays_the_matter_of_its_own(reported: World) -> None:
    reported.says("李书记", "转派1 钱网格")
    ticket = reported.ticket(1)
    assert ticket.assignee.name == "钱网格"
    assert "unit" not in kinds(reported)
    assert "钱网格 负责（老王 首问）" in reported.card().text
    reported.tells("钱网格", "我来办1")
    assert reported.ticket(1).state == "taken"


def test_a_wrong_grid_is_put_right_from_above_and_the_reporter_keeps_their_sight(reported: World) -> None:
    assert reported.says("李书记", "转派1 第4网格") == ["第1件转给钱网格了，最迟3月5日（周四）18:00回话"]
    moved = reported.ticket(1).history[-1]
    assert (moved.kind, moved.data["before"] != moved.data["after"]) == ("unit", True)
    assert reported.tells("钱网格", "待办")[0].startswith("待办1件：")
    assert reported.tells("老王", "待办") == ["没有待办，辛苦了。"]
    assert reported.says("王阿姨", "进度1")[0].startswith("第1件 3号楼2单元")
    assert reported.says("周姐", "进度1", group=OTHER)[0].startswith("第1件 3号楼2单元")
    reported.says("钱网格", "/done 1 换了新灯", group=OTHER)
    assert reported.says("王阿姨", "没好") != []
    assert (reported.ticket(1).state, reported.ticket(1).reopened) == ("open", 1)


def test_the_same_words_in_the_group_of_the_report_join_what_went_to_another_grid(reported: World) -> None:
    reported.says("李书记", "转派1 第4网格")
    assert reported.says("小李", LEAK) == []
    assert (reported.tickets(), reported.ticket(1).households) == (1, 2)


def test_what_is_settled_is_not_passed_on(reported: World) -> None:
    reported.says("老王", "/done 1 换了新灯")
    for line in ("转派1 陈副", REASON):
        assert "已办结" in reported.says("老王", line)[0]


@pytest.fixture
def with_departments(tmp_path: Path) -> World:
    config = small_town()
    units = [u.model_dump(exclude_unset=True) for u in config.units]
    people = [p.model_dump(exclude_unset=True) for p in config.people]
    units += [{"name": "市供水公司", "level": "部门"}, {"name": "城关供电所", "level": "部门", "parent": "和平街道"}]
    for name, number, unit in (("何水", 31, "市供水公司"), ("田电", 32, "城关供电所"), ("水二", 33, "市供水公司")):
        people.append({"name": name, "telegram": number, "posts": [{"unit": unit, "role": "department"}]})
    world = World(tmp_path, small_town(units=units, people=people))
    world._ids.update({"何水": "31", "田电": "32", "水二": "33"})
    world.starts(*STAFFED, "何水", "田电", "水二")
    world.says("王阿姨", LEAK)
    return world


def test_a_department_gets_it_from_above_and_passes_it_on_among_its_own(with_departments: World) -> None:
    world = with_departments
    assert world.says("老王", "转派1 供水公司")[0].startswith("第1件只能转给本单位")
    assert world.says("李书记", "转派1 供水公司") == ["第1件转给何水了，最迟3月5日（周四）18:00回话"]
    assert "unit" not in kinds(world), "it stays a matter of its grid"
    assert world.tells("何水", "转派1 田电")[0].startswith("第1件只能转给")
    assert world.tells("何水", "转派1 水二") == ["第1件转给水二了，最迟3月5日（周四）18:00回话"]
    world.tells("水二", "/done 1 换了阀门")
    assert world.ticket(1).state == "settled"
    world.close()
