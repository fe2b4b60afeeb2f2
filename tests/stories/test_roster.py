"""Who is on duty (值班), who is on leave (请假), and what goes over when somebody goes."""

import pytest

from models.people import people_called
from models.tickets import Ticket
from tests.world import RESIDENTS, STAFF, World, china, small_town

LEAK, LIGHT, RUBBISH = "3号楼2单元水管漏水了", "5号楼路灯坏了三天", "6号楼门口垃圾堆了三天没人清"


def assignee(world: World, number: int) -> str:
    held = world.ticket(number).assignee
    return held.name if held else ""


def opened(world: World, number: int, text: str, who: str = "老王", group: str = RESIDENTS) -> None:
    """A matter that its member has said a first word about, so that the ladder leaves it in peace."""
    world.says("王阿姨", text, group=group)
    world.says(who, f"我来办{number}", group=group)


def assigned(ticket: Ticket) -> list[tuple[int | None, int]]:
    """Whom it went from and to, by hand-overs."""
    return [(e.data["before"], e.data["after"]) for e in ticket.history if e.kind == "assigned"]


def test_anybody_may_ask_who_is_on_duty(world: World) -> None:
    [said] = world.says("王阿姨", "值班")
    assert said == "🗓 幸福里第3网格 值班\n现在：老王、陈副\n幸福里社区：李书记\n和平街道：赵主任"


def test_a_residents_words_after_it_change_nothing(world: World) -> None:
    [said] = world.says("王阿姨", "值班，今天谁在")
    assert said.startswith("🗓 幸福里第3网格 值班\n现在：老王")


@pytest.mark.both_databases
def test_a_cadre_sets_a_shift_and_the_person_hears_of_it(world: World) -> None:
    world.starts("陈副")
    assert world.says("李书记", "值班 周六周日 8:00-20:00 陈副") == [
        "🗓 周六周日 8:00–20:00 先找陈副（幸福里第3网格）。"
    ]
    assert world.private("陈副")[-1] == "🗓 周六周日 8:00–20:00 由您值班（幸福里第3网格）。"
    world.waits_until(china(3, 7, 9))
    world.says("王阿姨", LEAK)
    assert assignee(world, 1) == "陈副"
    assert "周六周日 8:00–20:00 陈副" in world.says("王阿姨", "值班")[0]


def test_the_same_shift_twice_is_one(world: World) -> None:
    for _ in range(2):
        world.says("李书记", "值班 周六周日 8:00-20:00 陈副")
    assert world.says("王阿姨", "值班")[0].count("陈副") == 2  # on duty now, and the shift


def test_a_member_sets_their_own_shift_only(world: World) -> None:
    assert world.says("老王", "值班 周五 18:00-22:00 陈副") == ["这一步要有职务的人来做。"]
    assert world.says("老王", "值班 周五 18:00-22:00") == ["🗓 周五 18:00–22:00 先找老王（幸福里第3网格）。"]


def test_cancelling_is_for_the_level_above(world: World) -> None:
    world.says("李书记", "值班 周六周日 8:00-20:00 陈副")
    assert world.says("陈副", "值班 取消 周六周日") == ["取消班次要由社区来做；来不了请发“请假”。"]
    assert world.says("李书记", "值班 取消 周六周日 陈副") == ["🗓 陈副的1个班次取消了。"]
    world.waits_until(china(3, 7, 9))
    world.says("王阿姨", LEAK)
    assert assignee(world, 1) == "老王"


def test_somebody_from_elsewhere_has_no_shift_here(world: World) -> None:
    assert world.says("李书记", "值班 周六 钱网格") == ["钱网格在本单位和上级没有岗位，排不了班。"]


def test_a_part_time_member_is_named_beside_the_full_time_one(world: World) -> None:
    world.says("李书记", "指定网格员 兼职网格员", reply=world.incoming("小周", "大家好", RESIDENTS))
    world.says("李书记", "值班 周六周日 8:00-20:00 小周")
    world.says("王阿姨", LEAK)
    assert assignee(world, 1) == "老王"
    world.waits_until(china(3, 7, 9))
    world.says("李阿姨", LIGHT)
    assert assignee(world, 2) == "小周"


def test_what_the_file_set_and_the_chat_cancelled_stays_cancelled(tmp_path) -> None:
    shift = {"unit": "幸福里第3网格", "person": "陈副", "days": "sat,sun"}
    config = small_town(shifts=[shift])
    first = World(tmp_path, config)
    first.says("李书记", "值班 取消 陈副")
    first.close()
    again = World(tmp_path, config, start=china(3, 7, 9))
    again.says("王阿姨", LEAK)
    assert assignee(again, 1) == "老王"
    again.close()


@pytest.mark.both_databases
def test_leave_hands_over_and_brings_back_with_one_list_each(world: World) -> None:
    world.starts("老王", "陈副")
    opened(world, 1, LEAK)
    opened(world, 2, LIGHT)
    assert world.tells("老王", "请假 3月3日到3月4日 陈副代班 探亲") == [
        "🗓 老王 3月3日（周二）到3月4日（周三）请假\n陈副 顶班"
    ]
    assert world.private("陈副")[-1] == "🔔 老王 3月3日（周二）到3月4日（周三）请假，由您代班。\n到时在办的会交给您。"
    before = len(world.private("陈副"))
    world.waits_until(china(3, 3, 0, 1))
    assert (assignee(world, 1), assignee(world, 2)) == ("陈副", "陈副")
    assert len(world.private("陈副")) == before  # nobody is woken
    world.waits_until(china(3, 3, 7, 31))
    [letter] = world.private("陈副")[before:]
    assert letter.startswith("🔔 老王 3月3日（周二）到3月4日（周三）请假，交陈副代办2件：\n第1件 3号楼2单元 水管漏水")
    assert "第2件" in letter
    assert world.private("老王")[-1].startswith("🔔 老王 3月3日（周二）到3月4日（周三）请假，交出2件：\n第1件")
    world.says("陈副", "办结2 灯泡已换，亮了")
    world.waits_until(china(3, 5, 7, 31))
    assert (assignee(world, 1), assignee(world, 2)) == ("老王", "陈副")
    assert world.private("老王")[-1].startswith("🔔 老王回来了，接着办1件：\n第1件")
    ticket = world.ticket(1)
    assert len(assigned(ticket)) == 2
    assert ticket.state == "taken"


def test_whoever_was_asked_first_stays_answerable(world: World) -> None:
    opened(world, 1, LEAK)
    world.says("老王", "请假 3月3日 陈副代班")
    world.waits_until(china(3, 3, 9))
    with world.session() as session:
        ticket = session.merge(world.ticket(1))
        assert (ticket.first.name, ticket.assignee.name) == ("老王", "陈副")


def test_a_new_matter_during_leave_goes_to_the_stand_in_and_stays_with_them(world: World) -> None:
    world.says("老王", "请假 3月3日 陈副代班")
    world.waits_until(china(3, 3, 9))
    assert "现在：陈副（代老王）" in world.says("王阿姨", "值班")[0]
    assert "网格员 陈副（代老王）" in world.says("王阿姨", "谁负责")[0]
    opened(world, 1, LEAK, "陈副")
    assert assignee(world, 1) == "陈副"
    world.waits_until(china(3, 4, 9))
    assert assignee(world, 1) == "陈副"


def test_residents_do_not_read_of_leave_that_is_to_come(world: World) -> None:
    world.says("老王", "请假 3月4日 陈副代班 看病", group=STAFF)
    assert "请假" not in world.says("王阿姨", "值班")[0]
    assert "老王 3月4日（周三）请假" in world.says("陈副", "值班", group=STAFF)[0]
    assert "看病" not in "".join(world.lines() + world.lines(STAFF))


def test_with_nobody_to_stand_in_the_level_above_is_asked(world: World) -> None:
    world.starts("李书记", "钱网格", "老王")
    opened(world, 1, RUBBISH, "钱网格", "-1003")
    assert world.tells("钱网格", "请假 3月3日到3月4日") == [
        "🗓 钱网格 3月3日（周二）到3月4日（周三）请假\n没有人顶班，已请上级安排"
    ]
    assert world.private("李书记")[-1].startswith(
        "🔔 钱网格（幸福里第4网格）3月3日（周二）到3月4日（周三）请假，没人代班"
    )
    assert world.tells("李书记", "请假 钱网格 老王代班") == ["🗓 钱网格 3月3日（周二）到3月4日（周三）请假\n老王 顶班"]
    world.waits_until(china(3, 3, 8))
    assert assignee(world, 1) == "老王"
    assert "第1件" in world.private("老王")[-1]


def test_without_a_stand_in_what_is_open_goes_to_the_level_above(world: World) -> None:
    opened(world, 1, RUBBISH, "钱网格", "-1003")
    world.says("钱网格", "请假 3月3日到3月4日", group="-1003")
    world.waits_until(china(3, 3, 0, 1))
    assert assignee(world, 1) == "李书记"
    world.waits_until(china(3, 5, 0, 1))
    assert assignee(world, 1) == "钱网格"


def test_a_matter_about_the_member_never_comes_to_their_unit_by_leave(world: World) -> None:
    world.says("王阿姨", LEAK)
    with world.sessions.begin() as session:
        ticket = session.merge(world.ticket(1))
        ticket.about, ticket.rung = ticket.assignee, 1
        [ticket.assignee] = people_called(session, "telegram", "李书记")
    world.says("李书记", "请假 3月2日到3月4日 陈副代班")  # of the grid below: not above, so refused
    world.says("李书记", "请假 3月2日到3月4日")
    world.waits(minutes=1)
    assert assignee(world, 1) == "赵主任"


def test_leave_called_off_brings_everything_back_at_once(world: World) -> None:
    opened(world, 1, LEAK)
    world.says("老王", "请假 3月3日到3月9日 陈副代班")
    world.waits_until(china(3, 3, 9))
    assert assignee(world, 1) == "陈副"
    world.starts("陈副")
    assert world.says("老王", "请假 取消") == ["老王的请假取消了。"]
    assert world.private("陈副")[-1] == "🔔 老王的请假取消了，不用再代班。"
    world.waits(minutes=1)
    assert assignee(world, 1) == "老王"


def test_leave_that_makes_no_sense_is_refused_in_words(world: World) -> None:
    refusals = {
        "请假": "写 请假 3月9日到3月12日 某某代班 理由。",
        "请假 2月30日": "这日期不对，写成3月9日到3月12日。",
        "请假 3月9日到3月5日": "这日期不对，写成3月9日到3月12日。",
        "请假 3月1日": "这几天已经过去了。",
        "请假 3月3日 老王代班": "不能给自己代班，换一位。",
        "请假 3月3日 钱网格代班": "钱网格不是本单位或上级的人，换一位，或请上级指定。",
        "请假 取消": "老王没有请假。",
    }
    for line, answer in refusals.items():
        assert world.says("老王", line) == [answer]
    assert world.says("王阿姨", "请假 3月3日") == ["这一步要有职务的人来做。"]


def test_two_leaves_at_once_are_refused(world: World) -> None:
    world.says("陈副", "请假 3月3日到3月5日")
    assert world.says("陈副", "请假 3月5日到3月6日") == ["陈副这几天已有请假，先发“请假 取消”。"]
    assert world.says("老王", "请假 3月4日 陈副代班") == ["陈副那几天也请假，换一位。"]


def test_a_bot_that_was_away_over_the_whole_leave_moves_nothing(world: World) -> None:
    opened(world, 1, LEAK)
    world.says("老王", "请假 3月3日 陈副代班")
    world.sleeps_until(china(3, 5, 9))
    world.restart()
    assert assignee(world, 1) == "老王"
    assert assigned(world.ticket(1)) == []


def test_a_new_member_gets_one_list_of_what_is_open(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("李阿姨", LIGHT)
    world.starts("小周")
    before = len(world.private("小周"))
    [said] = world.says("李书记", "指定网格员", reply=world.incoming("小周", "大家好", RESIDENTS))
    assert "在办的2件一并转交" in said
    [letter] = world.private("小周")[before:]
    assert letter.startswith("🔔 小周接手幸福里第3网格在办的2件：\n第1件")
    assert letter.endswith("请看一遍，按时回话")


def test_a_leave_of_the_file_is_handed_over_too(tmp_path) -> None:
    leave = {"person": "老王", "stand_in": "陈副", "start": "2026-03-03", "end": "2026-03-04"}
    world = World(tmp_path, small_town(leaves=[leave]))
    opened(world, 1, LEAK)
    world.waits_until(china(3, 3, 9))
    assert assignee(world, 1) == "陈副"
    world.restart()
    world.waits_until(china(3, 5, 9))
    assert assignee(world, 1) == "老王"
    assert len(assigned(world.ticket(1))) == 2
    world.close()
