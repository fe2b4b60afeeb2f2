"""挂账, 退回, late 不立单 and 依法终结: asked for with a reason, granted by the level above, told to the resident."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.pauses import Pause
from models.people import Person
from models.requests import Request
from models.tickets import ticket_numbered
from tests.world import RESIDENTS, World, china, small_town

pytestmark = pytest.mark.both_databases

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"
QUARREL = "楼上天天半夜吵架打孩子，我们两家为这个闹翻了"
DUE = china(3, 5, 18)
CAP = china(3, 20, 18)
EVERYBODY = ("老王", "李书记", "赵主任", "王阿姨")


@pytest.fixture
def reported(world: World) -> World:
    """A matter of Monday morning, due on Thursday at six, which 老王 has taken; everybody has pressed Start."""
    world.starts(*EVERYBODY)
    world.says("王阿姨", LIGHT)
    world.tells("老王", "我来办1")
    return world


@pytest.fixture
def suspended(reported: World) -> World:
    """The same, on hold until the 20th since Monday at nine."""
    reported.tells("老王", "挂账1 到3月20日 等停水通知")
    agrees(reported)
    assert reported.ticket(1).state == "suspended"
    return reported


def agrees(world: World, who: str = "李书记") -> list[str]:
    return world.presses(who, "同意", chat=world.id_of(who))


def kinds(world: World, number: int = 1) -> list[str]:
    return [event.kind for event in world.ticket(number).history]


def requests(world: World) -> list[Request]:
    with world.session() as session:
        return list(session.query(Request).order_by(Request.id))


def pauses(world: World) -> list[Pause]:
    with world.session() as session:
        return list(session.query(Pause).order_by(Pause.id))


# 挂账


def test_a_matter_on_hold_is_told_in_one_line_and_its_clock_stands_still(reported: World) -> None:
    lines = len(reported.lines())
    assert reported.tells("老王", "挂账1 到3月20日 等停水通知") == ["第1件挂账，已请社区李书记定。"]
    assert reported.ticket(1).state == "taken", "asking changes nothing"
    assert agrees(reported) == ["已同意第1件挂账。"]
    assert reported.lines()[lines:] == ["第1件暂停计时到3月20日：等停水通知"]
    ticket = reported.ticket(1)
    assert ticket.state == "suspended"
    assert ticket.due_at > CAP, "what was left of the limit follows upon the pause"
    [pause] = pauses(reported)
    assert (pause.start, pause.until, pause.reason) == (china(3, 2, 9), CAP, "等停水通知")
    assert "暂停计时到3月20日" in reported.card().text
    before = len(reported.private("老王"))
    assert not [line for line in reported.waits_until(CAP - timedelta(minutes=1)) if "第1件" in line]
    assert not [line for line in reported.private("老王")[before:] if line.startswith("⏰")]


def test_at_the_cap_it_goes_on_by_itself(suspended: World) -> None:
    due = suspended.ticket(1).due_at
    suspended.waits_until(CAP)
    ticket = suspended.ticket(1)
    assert (ticket.state, ticket.due_at) == ("taken", due)
    assert [line for line in suspended.private("老王") if line.startswith("▶ 第1件 恢复计时")]
    assert kinds(suspended)[-2:] == ["suspend", "resume"]
    assert any("没按时回话，已交社区李书记" in line for line in suspended.waits_until(due))


def test_a_bot_that_was_down_over_the_cap_ends_the_pause_at_the_cap(suspended: World) -> None:
    due = suspended.ticket(1).due_at
    suspended.sleeps_until(CAP + timedelta(hours=40))
    suspended.restart()
    [pause] = pauses(suspended)
    assert pause.ended_at == CAP
    assert suspended.ticket(1).due_at == due


def test_taken_up_again_early_the_resident_reads_the_earlier_date(suspended: World) -> None:
    later = suspended.ticket(1).due_at
    suspended.waits_until(china(3, 10, 9))
    assert suspended.tells("老王", "恢复1") == ["第1件恢复计时，最迟3月13日（周五）18:00回话。"]
    ticket = suspended.ticket(1)
    assert (ticket.state, ticket.due_at) == ("taken", china(3, 13, 18))
    assert ticket.due_at < later
    assert suspended.private("王阿姨")[-1] == "第1件接着办，最迟3月13日（周五）18:00回话"
    assert suspended.tells("老王", "恢复1") == ["第1件没有挂账。"]


def test_a_matter_on_hold_may_be_settled_and_its_pause_is_over(suspended: World) -> None:
    suspended.waits_until(china(3, 10, 9))
    suspended.tells("老王", "办结1 路灯换了新灯泡，已经亮了")
    assert suspended.ticket(1).state == "settled"
    assert pauses(suspended)[0].ended_at == china(3, 10, 9)
    suspended.says("王阿姨", "没好", reply=suspended.card())
    ticket = suspended.ticket(1)
    assert (ticket.state, ticket.due_at) == ("open", china(3, 13, 18)), (
        "the new promise is not held up by the old pause"
    )


def test_a_matter_on_hold_can_neither_be_taken_nor_put_off_nor_put_on_hold_again(suspended: World) -> None:
    assert suspended.tells("老王", "我来办1")[0].startswith("第1件已挂账到3月20日")
    assert suspended.tells("老王", "延期1 2天 等配件") == ["第1件在挂账，要接着办先发“恢复1”。"]
    assert suspended.tells("老王", "挂账1 到3月25日 再等等") == ["第1件已挂账到3月20日。要接着办发“恢复1”。"]
    assert suspended.tells("老王", "退回1 不归本网格") == ["第1件在挂账，先发“恢复1”再退回。"]


def test_who_asks_how_far_it_is_reads_that_it_waits(suspended: World) -> None:
    assert "挂账" in suspended.says("王阿姨", "进度1")[0]
    assert any("暂停计时中" in line for line in suspended.says("王阿姨", "还没人来", reply=suspended.card()))


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("到3月20日", "请写时间和理由，如 挂账1 到20日 等停水通知"),
        ("等停水通知", "请写时间和理由，如 挂账1 到20日 等停水通知"),
        ("到3月1日 等停水通知", "挂账要写以后的日子。"),
        ("到5月20日 等停水通知", "一件事总共最多挂账30天。"),
        ("31天 等停水通知", "一件事总共最多挂账30天。"),
    ],
)
def test_what_cannot_be_a_suspension_is_refused_in_words(reported: World, written: str, answer: str) -> None:
    assert reported.tells("老王", f"挂账1 {written}") == [answer]
    assert requests(reported) == []


def test_one_pause_after_the_other_has_the_same_cap(reported: World) -> None:
    for days, says in ((20, "已请社区李书记定"), (20, "总共最多挂账30天")):
        [answer] = reported.tells("老王", f"挂账1 {days}天 等停水通知")
        assert says in answer
        if requests(reported)[-1].granted is None:
            agrees(reported)
            reported.waits(days=21)
            assert reported.ticket(1).state == "taken"


def test_after_expiry_nothing_is_put_on_hold(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.starts("老王", "李书记")
    world.sleeps_until(DUE)
    assert world.tells("老王", "挂账1 到3月20日 等停水通知") == ["第1件已过时限，不能再挂账。"]


def test_of_a_private_matter_on_hold_the_group_reads_nothing(world: World) -> None:
    world.starts(*EVERYBODY)
    world.says("王阿姨", QUARREL)
    before = len(world.lines())
    world.tells("老王", "挂账1 到3月20日 等他家老人出院")
    agrees(world)
    assert not [line for line in world.lines()[before:] if "老人" in line]
    assert world.private("王阿姨")[-1] == "第1件暂停计时到3月20日：等他家老人出院"


def test_who_stands_above_puts_on_hold_without_asking(reported: World) -> None:
    reported.tells("李书记", "挂账1 到3月20日 等停水通知")
    assert reported.ticket(1).state == "suspended" and requests(reported) == []
    assert reported.lines()[-1] == "第1件暂停计时到3月20日：等停水通知"


def test_a_machine_that_starts_anew_keeps_the_pause(suspended: World) -> None:
    suspended.restart()
    suspended.waits_until(china(3, 19, 9))
    suspended.restart()
    assert suspended.ticket(1).state == "suspended"
    suspended.waits_until(CAP)
    assert suspended.ticket(1).state == "taken"


# 退回


def test_what_is_handed_back_is_with_the_level_above_and_counted(reported: World) -> None:
    assert reported.tells("老王", "退回1 不归本网格") == ["第1件退回，已请社区李书记定。"]
    assert reported.ticket(1).assignee.name == "老王"
    assert agrees(reported) == ["已同意第1件退回。"]
    ticket = reported.ticket(1)
    assert (ticket.state, ticket.assignee.name, ticket.rung, ticket.returned) == ("open", "李书记", 1, 1)
    assert ticket.due_at == DUE, "what was promised to the residents stands"
    assert reported.private("王阿姨")[-1] == "第1件改由社区李书记负责，最迟3月5日（周四）18:00回话"
    assert reported.private("老王")[-1] == "✅ 第1件退回：李书记同意了"
    assert "李书记" in reported.card().text
    event = ticket.history[-1]
    assert (event.kind, event.note) == ("return", "不归本网格")


def test_not_granted_the_member_keeps_it(reported: World) -> None:
    reported.tells("老王", "退回1 不归本网格")
    reported.presses("李书记", "不同意", chat="12")
    ticket = reported.ticket(1)
    assert (ticket.state, ticket.assignee.name, ticket.returned) == ("taken", "老王", 0)
    assert reported.private("老王")[-1].startswith("第1件退回：李书记没有同意\n仍要3月5日（周四）18:00前")


def test_granted_by_the_street_it_is_with_the_level_next_above(reported: World) -> None:
    reported.tells("老王", "退回1 不归本网格")
    [request] = requests(reported)
    reported.press_action("赵主任", f"grant:{request.id}", chat="14")
    assert reported.ticket(1).assignee.name == "李书记"
    assert reported.private("李书记")[-1].startswith("↩ 第1件 退回到您这一级")


def test_the_last_level_cannot_hand_back(reported: World) -> None:
    """R36."""
    reported.waits_until(china(3, 10, 18))
    assert reported.ticket(1).rung == 2
    assert reported.tells("赵主任", "退回1 不归街道") == ["没有上一级来定退回，自己的事不能自己批。"]


def test_a_return_needs_a_reason(reported: World) -> None:
    assert reported.tells("老王", "退回1") == ["请写理由，如 退回1 不归本网格"]


# 不立单 of what is late or was reopened


def test_a_late_matter_is_set_aside_by_the_level_above_alone(reported: World) -> None:
    reported.waits_until(DUE)
    assert reported.tells("老王", "不立单1 同一件事") == ["第1件不立单，已请社区李书记定。"]
    assert reported.ticket(1).is_open
    before = len(reported.lines())
    assert agrees(reported) == ["第1件已定为不立单。"]
    assert reported.ticket(1).state == "void"
    assert reported.lines()[before:] == ["第1件不立单：同一件事（李书记）\n王阿姨，觉得不对就点“仍要登记”"]
    reported.presses("王阿姨", "仍要登记")
    assert reported.ticket(1).state == "open"


def test_by_button_too_the_reason_goes_up(reported: World) -> None:
    reported.waits_until(DUE)
    reported.press_action("老王", "void:1:dup", chat="11")
    assert reported.ticket(1).is_open
    assert "老王想不立单" in reported.private("李书记")[-1]


def test_a_level_that_missed_its_own_limit_does_not_clear_it_away(reported: World) -> None:
    reported.waits_until(china(3, 10, 18))
    assert reported.ticket(1).assignee.name == "赵主任"
    reported.tells("李书记", "不立单1 同一件事")
    assert reported.ticket(1).is_open
    assert "李书记想不立单" in reported.private("赵主任")[-1]


def test_the_level_above_that_got_it_late_may_set_it_aside(reported: World) -> None:
    reported.waits_until(DUE)
    assert reported.ticket(1).assignee.name == "李书记"
    reported.tells("李书记", "不立单1 同一件事")
    assert reported.ticket(1).state == "void"


def test_who_settled_what_was_not_solved_does_not_set_it_aside(reported: World) -> None:
    reported.tells("李书记", "办结1 路灯换了新灯泡，已经亮了")
    reported.says("王阿姨", "没好", reply=reported.card())
    reported.tells("李书记", "不立单1 同一件事")
    assert reported.ticket(1).is_open
    assert "李书记想不立单" in reported.private("赵主任")[-1]


# 依法终结


@pytest.fixture
def repeated(reported: World) -> World:
    """Settled by 老王 three times, and twice the reporter said that it was not good."""
    for n in range(3):
        reported.tells("老王", f"办结1 第{n + 1}次换了路灯的灯泡，亮了")
        if n < 2:
            reported.says("王阿姨", "没好", reply=reported.card())
    assert (reported.ticket(1).state, reported.ticket(1).reopened) == ("settled", 2)
    return reported


def test_a_repeat_case_is_closed_for_good_after_review_by_another(repeated: World) -> None:
    assert repeated.tells("老王", "依法终结1 三次更换，无新情况") == ["第1件依法终结，已请街道赵主任定。"]
    assert repeated.ticket(1).state == "settled"
    agrees(repeated, "赵主任")
    assert repeated.ticket(1).state == "final"
    assert repeated.private("王阿姨")[-1] == "第1件经复核，依法终结：三次更换，无新情况\n有新情况，请找街道赵主任"
    assert "终结" in repeated.card().text
    assert not [s for s in repeated.channel.shown if s.chat_id == RESIDENTS and s.labels]
    [request] = requests(repeated)
    assert repeated.ticket(1).history[-1].by_id not in (request.by_id, repeated.ticket(1).first_id)


def test_nothing_takes_up_again_what_was_closed_for_good(repeated: World) -> None:
    repeated.tells("老王", "依法终结1 三次更换，无新情况")
    [request] = requests(repeated)
    repeated.press_action("赵主任", f"grant:{request.id}", chat="14")
    polite = "第1件已依法终结，不再重办。有新情况，请找街道赵主任。"
    assert repeated.says("王阿姨", "没好", reply=repeated.card()) == [polite]
    assert repeated.says("王阿姨", "重办1 又坏了") == [polite]
    assert repeated.says("王阿姨", "没好") == [polite]
    assert repeated.tells("老王", "重办1 又坏了") == [polite]
    assert repeated.press_action("王阿姨", "bad:1") == [polite]
    assert repeated.tells("老王", "依法终结1 再来一次") == ["第1件不能依法终结。"]
    repeated.waits(days=30)
    assert repeated.ticket(1).state == "final"


def test_the_reviewer_never_had_it_in_hand(repeated: World) -> None:
    with repeated.sessions.begin() as session:
        ticket = ticket_numbered(session, 1)
        assert ticket is not None
        ticket.record("escalated", by=None, at=repeated.clock.now(), to=_person(session, "李书记"))
    repeated.tells("老王", "依法终结1 三次更换，无新情况")
    [request] = requests(repeated)
    assert repeated.press_action("李书记", f"grant:{request.id}", chat="12") == ["这一步要由上一级来定。"]
    assert "老王想依法终结" in repeated.private("赵主任")[-1]


def test_with_everybody_above_among_the_handlers_nothing_is_closed_for_good(repeated: World) -> None:
    with repeated.sessions.begin() as session:
        ticket = ticket_numbered(session, 1)
        assert ticket is not None
        for name in ("李书记", "赵主任"):
            ticket.record("escalated", by=None, at=repeated.clock.now(), to=_person(session, name))
    said = repeated.tells("老王", "依法终结1 三次更换，无新情况")
    assert said == ["上级里没有没经手过的人来复核，不能终结。"]
    assert repeated.ticket(1).state == "settled"


def test_even_from_above_it_takes_two(repeated: World) -> None:
    """李书记 got it when it came back twice: for 赵主任 nobody is left who never had it in hand."""
    assert repeated.ticket(1).assignee.name == "李书记"
    said = repeated.tells("赵主任", "依法终结1 三次更换，无新情况")
    assert said == ["上级里没有没经手过的人来复核，不能终结。"]
    assert repeated.ticket(1).state == "settled"


def test_what_came_once_is_not_closed_for_good(reported: World) -> None:
    reported.tells("老王", "办结1 路灯换了新灯泡，已经亮了")
    assert reported.tells("老王", "依法终结1 已经修好") == ["重复反映满2次的事，才能依法终结。"]


def test_the_same_matter_reported_again_counts_as_repeated(reported: World) -> None:
    for _ in range(2):
        number = reported.tickets()
        reported.tells("老王", f"办结{number} 路灯换了新灯泡，已经亮了")
        reported.says("王阿姨", "好了", reply=reported.card(number))
        reported.waits(days=20)
        reported.says("王阿姨", LIGHT)
    assert reported.tickets() == 3
    [said] = reported.tells("老王", "依法终结3 三次更换，无新情况")
    assert "已请" in said


def test_forgetting_the_reporter_forgets_the_reasons(suspended: World) -> None:
    suspended.tells("王阿姨", "删除我的信息")
    suspended.presses("王阿姨", "确定删除", chat=suspended.id_of("王阿姨"))
    assert suspended.ticket(1).state == "silent"
    assert [table for table in suspended.stored("等停水通知") if table in ("pauses", "requests")] == []


def test_a_unit_with_two_at_the_top_reviews_itself_by_the_other(tmp_path: Path) -> None:
    people = [p.model_dump(exclude_unset=True) for p in small_town().people]
    people.append({"name": "钱主任", "telegram": 18, "posts": [{"unit": "和平街道", "role": "supervisor"}]})
    world = World(tmp_path, small_town(people=people))
    world._ids["钱主任"] = "18"
    world.starts(*EVERYBODY, "钱主任")
    world.says("王阿姨", LIGHT)
    world.tells("老王", "我来办1")
    world.waits_until(china(3, 10, 18))
    assert world.ticket(1).assignee.name == "赵主任"
    due = world.ticket(1).due_at
    world.tells("赵主任", "延期1 2天 等配件")
    assert world.ticket(1).due_at == due
    agrees(world, "钱主任")
    assert world.ticket(1).due_at > due
    world.close()


def _person(session: Session, name: str) -> int:
    [found] = session.query(Person).filter_by(name=name)
    return found.id
