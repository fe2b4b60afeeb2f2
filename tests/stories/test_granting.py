"""What nobody may grant themselves: extension, suspension, return and the like are decided by the level above."""

from datetime import timedelta

import pytest

from models.requests import Request
from tests.world import STAFF, World, china

pytestmark = pytest.mark.both_databases

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"
DUE = china(3, 5, 18)
LATER = china(3, 9, 18)  # two working days after it: 3月9日 is a Monday
EVERYBODY = ("老王", "李书记", "赵主任", "王阿姨")


@pytest.fixture
def reported(world: World) -> World:
    """A matter of Monday morning, due on Thursday at six, which 老王 has taken; everybody has pressed Start."""
    world.starts(*EVERYBODY)
    world.says("王阿姨", LIGHT)
    world.tells("老王", "我来办1")
    return world


def kinds(world: World, number: int = 1) -> list[str]:
    return [event.kind for event in world.ticket(number).history]


def requests(world: World) -> list[Request]:
    with world.session() as session:
        return list(session.query(Request).order_by(Request.id))


def agrees(world: World, who: str = "李书记") -> list[str]:
    return world.presses(who, "同意", chat=world.id_of(who))


# 延期


def test_an_extension_is_asked_upward_and_the_resident_reads_the_new_date(reported: World) -> None:
    said = reported.tells("老王", "延期1 2d 等配件")
    assert said == ["第1件延期，已请社区李书记定。"]
    assert reported.ticket(1).due_at == DUE, "asking changes nothing"
    asked = reported.private("李书记")[-1]
    assert asked.startswith("⏳ 第1件 老王想延期到3月9日（周一）18:00（幸福里第3网格）")
    assert "理由：等配件\n原定3月5日（周四）18:00前回话" in asked
    lines = len(reported.lines())
    assert agrees(reported) == ["已同意第1件延期。"]
    ticket = reported.ticket(1)
    assert (ticket.due_at, ticket.settle_term) == (LATER, "3d 18:00 + 2d")
    assert reported.private("王阿姨")[-1] == "第1件还要些时间：等配件\n最迟3月9日（周一）18:00回话"
    assert reported.private("老王")[-1] == "✅ 第1件延期：李书记同意了"
    assert "最迟3月9日（周一）18:00回话" in reported.card().text
    assert len(reported.lines()) == lines, "who was told privately needs no line in the group"
    assert kinds(reported)[-2:] == ["extend_asked", "extended"]
    event = ticket.history[-1]
    assert (event.note, event.data["asked_by"]) == ("等配件", ticket.assignee_id)


def test_asked_in_the_group_nothing_of_it_is_read_there(reported: World) -> None:
    assert reported.says("老王", "延期1 2d 等配件") == []
    assert reported.private("老王")[-1] == "第1件延期，已请社区李书记定。"


def test_a_reporter_out_of_private_reach_reads_one_line_in_the_group(world: World) -> None:
    world.starts("老王", "李书记")
    world.says("王阿姨", LIGHT)
    world.tells("老王", "延期1 2天 等配件")
    before = len(world.lines())
    agrees(world)
    assert world.lines()[before:] == ["第1件还要些时间：等配件\n最迟3月9日（周一）18:00回话"]


def test_who_joined_hears_the_new_date_too(reported: World) -> None:
    reported.starts("小李")
    reported.presses("小李", "我家也是", on=reported.card())
    reported.tells("老王", "延期1 2天 等配件")
    agrees(reported)
    assert reported.private("小李")[-1].endswith("还要些时间：等配件\n最迟3月9日（周一）18:00回话")


def test_the_new_limit_is_the_one_that_is_kept(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    agrees(reported)
    assert not [line for line in reported.waits_until(LATER - timedelta(minutes=1)) if "没按时" in line]
    assert any("没按时回话，已交社区李书记" in line for line in reported.waits_until(LATER))


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2d 等配件", LATER),
        ("2天 等配件", LATER),
        ("两天，等配件", LATER),
        ("2个工作日 等配件", LATER),
        ("２天　等配件", LATER),
        ("3h 等配件", china(3, 6, 11, 30)),
        ("3小时等配件", china(3, 6, 11, 30)),
        ("到3月12日 等配件", china(3, 12, 18)),
        ("到12日等配件", china(3, 12, 18)),
        ("延到3月12号 等配件", china(3, 12, 18)),
        ("到2026年3月12日 等配件", china(3, 12, 18)),
        ("到3月6日12:00 等配件", china(3, 6, 12)),
        ("到3月8日 等配件", china(3, 6, 18)),  # a Sunday: the last day of work before it
    ],
)
def test_how_long_is_written_as_people_write_it(reported: World, written: str, due: object) -> None:
    reported.tells("老王", f"延期1 {written}")
    agrees(reported)
    assert reported.ticket(1).due_at == due
    assert reported.ticket(1).history[-1].note == "等配件"


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("", "请写时间和理由，如 延期1 2天 等配件"),
        ("2天", "请写时间和理由，如 延期1 2天 等配件"),
        ("等配件", "请写时间和理由，如 延期1 2天 等配件"),
        ("2d 25:00 等配件", "请写时间和理由，如 延期1 2天 等配件"),
        ("到3月4日 等配件", "现在定的是3月5日（周四）18:00，请写更晚的时间。"),
        ("到3月5日12:00 等配件", "现在定的是3月5日（周四）18:00，请写更晚的时间。"),
        ("0d 等配件", "请写时间和理由，如 延期1 2天 等配件"),
        ("0小时 等配件", "请写时间和理由，如 延期1 2天 等配件"),
        ("到2月30日 等配件", "没有这一天，请再看看日期。"),
        ("到3月32日 等配件", "没有这一天，请再看看日期。"),
        ("到2025年3月12日 等配件", "现在定的是3月5日（周四）18:00，请写更晚的时间。"),
        ("到6月12日 等配件", "一次最多延30天。"),
        ("900d 等配件", "一次最多延30天。"),
    ],
)
def test_what_cannot_be_an_extension_is_refused_in_words(reported: World, written: str, answer: str) -> None:
    assert reported.tells("老王", f"延期1 {written}") == [answer]
    assert reported.ticket(1).due_at == DUE
    assert requests(reported) == []


def test_after_expiry_no_extension_can_be_asked_for(world: World) -> None:
    world.starts("老王", "李书记", "赵主任")
    world.says("王阿姨", LIGHT)
    world.sleeps_until(DUE)
    assert world.tells("老王", "延期1 2d 等配件") == ["第1件已过时限，不能再延期。"]
    assert world.ticket(1).due_at == DUE


def test_an_extension_cannot_be_granted_after_expiry(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    reported.sleeps_until(DUE)
    assert agrees(reported) == ["已经过期，不能再定。"]
    assert reported.ticket(1).due_at == DUE
    reported.waits(minutes=1)
    assert "escalated" in kinds(reported)


def test_nobody_decides_their_own(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    [request] = requests(reported)
    assert reported.press_action("老王", f"grant:{request.id}", chat="11") == ["自己提的，要由上一级来定。"]
    assert reported.ticket(1).due_at == DUE


def test_nobody_decides_their_own_from_another_post(reported: World) -> None:
    reported.says("李书记", "指定网格员 李书记")
    with reported.sessions.begin() as session:
        from models.tickets import ticket_numbered

        ticket = ticket_numbered(session, 1)
        assert ticket is not None and ticket.assignee is not None
        assert ticket.assignee.name == "李书记"
    reported.tells("李书记", "延期1 2d 等配件")
    assert reported.ticket(1).due_at == DUE
    assert "想延期" in reported.private("赵主任")[-1], "his own post in the community does not decide"
    [request] = requests(reported)
    assert reported.press_action("李书记", f"grant:{request.id}", chat="12") == ["自己提的，要由上一级来定。"]
    agrees(reported, "赵主任")
    assert reported.ticket(1).due_at == LATER


@pytest.mark.parametrize("who", ["陈副", "孙楼长", "周物业", "钱网格", "王阿姨", "小李"])
def test_only_the_level_above_decides(reported: World, who: str) -> None:
    reported.says(who, "大家好")
    reported.tells("老王", "延期1 2d 等配件")
    [request] = requests(reported)
    [answer] = reported.press_action(who, f"grant:{request.id}", chat=reported.id_of(who))
    assert answer in ("这一步要由上一级来定。", "这个按钮过时了，请看最新的卡片。")
    assert reported.ticket(1).due_at == DUE


def test_the_street_may_decide_what_the_community_was_asked(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    [request] = requests(reported)
    reported.press_action("赵主任", f"grant:{request.id}", chat="14")
    assert reported.ticket(1).due_at == LATER


def test_of_two_who_press_one_decides(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    assert agrees(reported) == ["已同意第1件延期。"]
    [request] = requests(reported)
    assert reported.press_action("赵主任", f"deny:{request.id}", chat="14") == ["这件已经定过了。"]
    assert reported.press_action("李书记", f"grant:{request.id}", chat="12") == ["这件已经定过了。"]
    assert reported.ticket(1).due_at == LATER
    assert kinds(reported).count("extended") == 1
    assert "同意" not in reported.channel.shown[-1].labels


def test_refused_with_a_reason_the_asker_reads_it_and_the_limit_stands(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    letter = reported.channel.shown[-2]
    assert letter.chat_id == "12" and letter.labels == ["同意", "不同意"]
    assert reported.tells("李书记", "不同意 先去物业借", reply=letter) == [
        "好的，第1件延期没有同意。\n要说理由，下次回复“不同意 理由”。"
    ]
    assert reported.private("老王")[-1] == (
        "第1件延期：李书记没有同意，因为先去物业借\n仍要3月5日（周四）18:00前给居民回话"
    )
    assert (reported.ticket(1).due_at, kinds(reported)[-1]) == (DUE, "extend_refused")
    assert letter.labels == [] and letter.text.endswith("李书记没有同意")


def test_consent_in_words_counts_only_when_it_is_all_that_is_said(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    letter = reported.channel.shown[-2]
    reported.tells("李书记", "同意了吗？我再问问", reply=letter)
    assert reported.ticket(1).due_at == DUE
    reported.tells("李书记", "同意", reply=letter)
    assert reported.ticket(1).due_at == LATER


def test_consent_said_in_a_residents_group_is_talk(reported: World) -> None:
    assert reported.says("王阿姨", "同意") == []
    assert reported.says("李书记", "同意") == []


def test_a_level_out_of_private_reach_is_asked_in_its_staff_group(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LIGHT)
    assert world.tells("老王", "延期1 2d 等配件") == ["第1件延期，已请社区李书记定。"]
    street = [s for s in world.channel.shown if s.chat_id == "-1004"]
    assert "老王想延期" in street[-1].text
    assert world.presses("李书记", "同意", on=street[-1]) == ["已同意第1件延期。"]


def test_who_stands_above_puts_the_limit_off_without_asking_and_it_is_written_down(reported: World) -> None:
    assert reported.tells("李书记", "延期1 2d 停水到周五") == ["第1件已延到3月9日（周一）18:00。"]
    ticket = reported.ticket(1)
    assert ticket.due_at == LATER
    assert (ticket.history[-1].kind, ticket.history[-1].note) == ("extended", "停水到周五")
    assert requests(reported) == []
    assert reported.private("王阿姨")[-1].startswith("第1件还要些时间：停水到周五")


def test_the_level_that_has_it_now_does_not_grant_itself(reported: World) -> None:
    reported.waits_until(DUE)
    assert reported.ticket(1).assignee.name == "李书记"
    due = reported.ticket(1).due_at
    reported.tells("李书记", "延期1 2d 等配件")
    assert reported.ticket(1).due_at == due
    assert "李书记想延期" in reported.private("赵主任")[-1]


def test_the_last_level_has_nobody_to_ask(reported: World) -> None:
    reported.waits_until(china(3, 10, 18))
    ticket = reported.ticket(1)
    assert (ticket.rung, ticket.assignee.name) == (2, "赵主任")
    said = reported.tells("赵主任", "延期1 2d 等配件")
    assert said == ["没有上一级来定延期，自己的事不能自己批。"]
    assert reported.ticket(1).due_at == ticket.due_at


def test_one_request_at_a_time(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    assert reported.tells("老王", "延期1 3d 等配件") == ["第1件延期正等上一级定。"]
    assert len(requests(reported)) == 1


def test_a_request_that_hangs_is_reminded_once_and_never_stops_the_ladder(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    reported.waits_until(DUE - timedelta(minutes=1))
    asked = [line for line in reported.private("李书记") if "老王想延期" in line]
    assert len(asked) == 2 and asked[1].startswith("⏰ 还等您定\n⏳ 第1件")
    assert any("没按时回话，已交社区李书记" in line for line in reported.waits_until(DUE))
    assert "第1件延期没人定，不算同意，时限照旧" in reported.private("老王")
    assert "extend_lapsed" in kinds(reported)
    letters = [s for s in reported.channel.shown if "老王想延期" in s.text]
    assert all(s.labels == [] and s.text.endswith("没人定，已过期") for s in letters)
    [request] = requests(reported)
    assert request.granted is None and request.decided_at is not None
    assert reported.press_action("赵主任", f"grant:{request.id}", chat="14") == ["已经过期，不能再定。"]


def test_a_request_of_a_matter_that_is_settled_is_over(reported: World) -> None:
    reported.tells("老王", "延期1 2d 等配件")
    reported.tells("老王", "办结1 路灯换了新灯泡，已经亮了")
    assert agrees(reported) == ["已经过期，不能再定。"]
    reported.waits(days=5)
    assert not [line for line in reported.private("老王") if "没人定" in line]


def test_the_reminder_of_the_limit_comes_again_for_the_new_limit(reported: World) -> None:
    reported.waits_until(china(3, 5, 11))
    assert [line for line in reported.private("老王") if "快到时限" in line]
    reported.tells("老王", "延期1 3d 等配件")
    agrees(reported)
    before = len(reported.private("老王"))
    reported.waits_until(reported.ticket(1).due_at - timedelta(minutes=1))
    assert [line for line in reported.private("老王")[before:] if "快到时限" in line]


def test_asking_is_a_first_word(world: World) -> None:
    world.starts(*EVERYBODY)
    world.says("王阿姨", LIGHT)
    world.tells("老王", "延期1 2d 等配件")
    world.waits(hours=8)
    assert world.ticket(1).rung == 0


def test_a_decider_who_has_blocked_us_is_passed_over(reported: World) -> None:
    reported.channel.gone.add("12")
    reported.tells("老王", "延期1 2d 等配件")
    reported.waits(minutes=1)
    assert any("老王想延期" in s.text for s in reported.channel.shown if s.chat_id in ("14", "-1004"))


def test_of_a_private_matter_a_staff_group_reads_neither_thing_nor_reason(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", "楼上天天半夜吵架打孩子，我们两家为这个闹翻了")
    world.tells("老王", "延期1 2d 等他家老人出院")
    street = [s.text for s in world.channel.shown if s.chat_id == "-1004"]
    assert "老人" not in street[-1] and "吵架" not in street[-1]


def test_no_limit_of_danger_is_counted_in_working_hours(world: World) -> None:
    world.starts("老王", "李书记")
    world.says("王阿姨", "3号楼楼道里着火了，冒黑烟")
    due = world.ticket(1).due_at
    world.tells("老王", "延期1 2小时 消防还在现场")
    agrees(world)
    assert world.ticket(1).due_at == due + timedelta(hours=2)


def test_residents_and_strangers_cannot_ask(reported: World) -> None:
    for who in ("王阿姨", "小李", "周物业"):
        reported.says(who, "延期1 2d 等配件")
    reported.says("钱网格", "延期1 2d 等配件", group=STAFF)
    assert requests(reported) == [] and reported.ticket(1).due_at == DUE
