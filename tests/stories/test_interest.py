"""A matter about a responsible person goes to the level above, and is kept from them by every way there is."""

from datetime import timedelta

import pytest

from models.people import find_person
from models.roster import Leave
from tests.world import OTHER, RESIDENTS, STAFF, STREET, World

RUDE = "网格员老王态度太差，叫他三次都不来"
MISSING = "您这里没有第1件"


@pytest.fixture
def world(world: World) -> World:
    world.starts("老王", "陈副", "孙楼长", "周物业", "李书记", "赵主任")
    return world


def heard_by(world: World, *names: str) -> list[str]:
    """What these were told about a ticket."""
    return [line for name in names for line in world.private(name) if "第1件" in line]


def heard_in(world: World, group: str) -> list[str]:
    return [line for line in world.lines(group) if "第1件" in line]


# who is asked


@pytest.mark.parametrize("line", [RUDE, "老王收了钱不办事", "网格员从来不下来看", "我要投诉网格员"])
def test_it_goes_to_the_level_above_at_once(world: World, line: str) -> None:
    world.says("王阿姨", line)
    ticket = world.ticket(1)
    assert ticket.assignee is not None and ticket.about is not None
    assert (ticket.assignee.name, ticket.about.name, ticket.rung, ticket.private) == ("李书记", "老王", 1, True)
    assert line in world.private("李书记")[-1]
    assert heard_by(world, "老王", "陈副", "孙楼长", "周物业") == []
    assert heard_in(world, STAFF) == []


def test_the_card_tells_nothing_of_it(world: World) -> None:
    card = world.says("王阿姨", "老王收了钱不办事")
    assert card == ["📌 第1件，记下了\n李书记会单独联系您，群里不再细说"]


def test_it_climbs_from_there_and_never_comes_down(world: World) -> None:
    world.says("王阿姨", RUDE)
    world.waits(days=12)
    assert world.ticket(1).assignee.name == "赵主任"  # type: ignore[union-attr]
    assert heard_by(world, "老王", "陈副", "孙楼长") == []
    assert heard_in(world, STAFF) == []


def test_a_matter_about_the_next_level_goes_above_that(world: World) -> None:
    world.says("王阿姨", "李书记包庇亲戚搭棚子")
    ticket = world.ticket(1)
    assert ticket.assignee is not None and (ticket.assignee.name, ticket.rung) == ("赵主任", 2)
    assert heard_by(world, "老王", "李书记") == []
    assert heard_in(world, STAFF) == []


def test_a_matter_about_the_highest_still_has_somebody(world: World) -> None:
    world.says("王阿姨", "街道主任吃拿卡要")
    ticket = world.ticket(1)
    assert ticket.about is not None and ticket.about.name == "赵主任"
    assert ticket.assignee is not None and ticket.assignee.name != "赵主任"
    assert heard_by(world, "赵主任") == [] and heard_in(world, STREET) == []


def test_a_matter_about_a_building_contact_is_the_members(world: World) -> None:
    world.says("王阿姨", "孙楼长把我家电话泄露给推销的了")
    ticket = world.ticket(1)
    assert ticket.assignee is not None and (ticket.assignee.name, ticket.rung) == ("老王", 0)
    assert heard_by(world, "孙楼长") == []
    assert world.tells("孙楼长", "进度1")[-1].startswith(MISSING)


def test_another_grid_has_its_own_member(world: World) -> None:
    world.starts("钱网格")
    world.says("李阿姨", "网格员从来不下来看", group=OTHER)
    assert world.ticket(1).about.name == "钱网格"  # type: ignore[union-attr]
    assert heard_by(world, "钱网格") == []


def test_the_same_person_saying_more_of_it_opens_nothing_new(world: World) -> None:
    world.says("王阿姨", RUDE)
    assert world.says("王阿姨", "老王收了钱不办事") == []
    assert world.tickets() == 1 and "收了钱" in world.private("李书记")[-1]
    world.says("小李", "老王骂人")
    assert world.tickets() == 2
    assert "第1件" in world.tells("王阿姨", "进度1")[-1] and "没有第2件" in world.tells("王阿姨", "进度2")[-1]


# what is none


@pytest.mark.parametrize("line", ["老王修得真好", "谢谢网格员", "网格员电话多少", "网格员怎么还没来", "还没人来"])
def test_thanks_questions_and_chasing_are_no_complaint(world: World, line: str) -> None:
    assert world.says("王阿姨", line) == []
    assert world.tickets() == 0


def test_chasing_what_is_open_stays_with_it(world: World) -> None:
    world.says("王阿姨", "3号楼2单元水管漏水，楼道都是水")
    world.waits(hours=2)
    world.says("王阿姨", "还没人来修")
    world.says("王阿姨", "网格员怎么还没来")
    assert world.tickets() == 1 and world.ticket(1).about is None


def test_a_fault_told_with_a_complaint_of_neglect_is_still_the_fault(world: World) -> None:
    world.says("王阿姨", "网格员不管事，3号楼楼道灯坏了没人修")
    assert world.ticket(1).about is None and not world.ticket(1).private


def test_staff_do_not_complain_by_talking(world: World) -> None:
    assert world.says("李书记", "网格员老王态度太差") == []


# what they may not do


@pytest.mark.parametrize(
    "words",
    [
        "进度1",
        "依据1",
        "办结1 说清了",
        "我来办1",
        "不立单1 没这事",
        "改类1 环境卫生",
        "重办1 再来",
        "并案1 2",
        "拆案1 别的",
    ],
)
@pytest.mark.parametrize("name", ["老王", "陈副"])
def test_by_number_it_is_missing_in_private(world: World, name: str, words: str) -> None:
    world.says("王阿姨", RUDE)
    world.says("小李", "3号楼2单元水管漏水，楼道都是水")
    before = (world.ticket(1).state, len(world.ticket(1).history))
    assert world.tells(name, words)[-1].startswith(MISSING)
    assert (world.ticket(1).state, len(world.ticket(1).history)) == before


@pytest.mark.parametrize("words", ["进度1", "办结1 说清了", "我来办1", "不立单1 没这事", "改类1 环境卫生"])
def test_by_number_it_is_as_for_any_neighbour_in_the_group(world: World, words: str) -> None:
    world.says("王阿姨", RUDE)
    assert world.says("老王", words) == world.says("小李", words)
    assert world.ticket(1).state == "open"


def test_a_reply_to_the_card_does_nothing(world: World) -> None:
    world.says("王阿姨", RUDE)
    for words in ("已处理", "收到", "修好了"):
        world.says("老王", words, reply=world.card())
    assert world.ticket(1).state == "open"


@pytest.mark.parametrize("action", ["done:1", "take:1", "void:1", "void:1:dup", "good:1", "bad:1", "join:1", "raise:1"])
def test_no_button_works_for_them(world: World, action: str) -> None:
    world.says("王阿姨", RUDE)
    before = (world.ticket(1).state, len(world.ticket(1).history), len(world.ticket(1).followers))
    world.press_action("老王", action, chat=world.id_of("老王"))
    world.press_action("老王", action, chat=RESIDENTS, message_id=world.card().message_id)
    assert (world.ticket(1).state, len(world.ticket(1).history), len(world.ticket(1).followers)) == before


def test_the_link_under_the_card_opens_nothing_for_them(world: World) -> None:
    world.says("王阿姨", RUDE)
    assert "第1件" in world.tells("老王", "/start p1")[-1] and "没有" in world.private("老王")[-1]
    assert "没有" not in world.tells("王阿姨", "/start p1")[-1]


def test_their_lists_and_figures_do_not_have_it(world: World) -> None:
    world.says("王阿姨", RUDE)
    assert "第1件" not in world.tells("老王", "待办")[-1]
    assert "1" not in world.says("老王", "待办", group=STAFF)[-1]
    assert "第1件" in world.tells("李书记", "待办")[-1]
    world.waits(days=7, chat=STAFF)
    assert "老王" not in "".join(world.lines(STAFF)) and "李书记" not in "".join(world.lines(STAFF))


def test_whoever_has_it_settles_it(world: World) -> None:
    world.says("王阿姨", RUDE)
    world.tells("李书记", "办结1 约谈了，已向居民道歉")
    assert world.ticket(1).state == "settled"
    assert heard_by(world, "老王", "陈副") == []


def test_taken_up_again_it_stays_above(world: World) -> None:
    world.says("王阿姨", RUDE)
    world.tells("李书记", "办结1 约谈了，已向居民道歉")
    world.waits(hours=1)
    world.tells("赵主任", "重办1 居民说没谈")
    assert (world.ticket(1).state, world.ticket(1).rung >= 1) == ("open", True)
    assert heard_by(world, "老王", "陈副", "孙楼长") == [] and heard_in(world, STAFF) == []


# when nobody above can be written to


def test_a_staff_group_below_never_reads_of_it(world: World) -> None:
    with world.sessions.begin() as session:
        for number in ("12", "14"):
            person = find_person(session, "telegram", number)
            assert person is not None
            person.identities[0].started_at = None
    world.says("王阿姨", RUDE)
    world.waits(days=10)
    assert heard_in(world, STAFF) == [] and heard_by(world, "老王", "陈副") == []
    assert (
        world.lines(STREET)
        and "老王" not in "".join(world.lines(STREET))
        and "态度" not in "".join(world.lines(STREET))
    )


def test_who_stands_in_for_the_level_above_is_not_asked_about_themselves(world: World) -> None:
    with world.sessions.begin() as session:
        away, instead = (find_person(session, "telegram", number) for number in ("12", "11"))
        start, end = world.clock.now() + timedelta(hours=1), world.clock.now() + timedelta(days=3)
        session.add(Leave(person=away, stand_in=instead, start=start, end=end, next_at=start))
    world.says("王阿姨", RUDE)
    assert world.ticket(1).assignee.name == "李书记"  # type: ignore[union-attr]
    world.waits(days=2)
    world.says("小李", "老王骂人")
    assert world.ticket(2).assignee.name == "赵主任"  # type: ignore[union-attr]
    world.waits(days=6)
    assert [line for line in world.private("老王") if "件" in line] == []


# it turns out later


def test_what_turns_out_to_be_about_them_is_taken_from_them(world: World) -> None:
    world.says("王阿姨", "3号楼2单元水管漏水，楼道都是水")
    assert "第1件" in world.private("老王")[-1]
    world.tells("李书记", "回避1 老王")
    world.deliver()
    assert world.ticket(1).assignee.name == "李书记"  # type: ignore[union-attr]
    assert "漏水" not in world.card().text and "李书记" in world.card().text
    assert any("漏水" in line for line in world.private("李书记"))
    told = len(heard_by(world, "老王", "陈副"))
    assert "没有第1件" in world.tells("老王", "进度1")[-1]
    world.waits_until(world.clock.now() + timedelta(days=10))
    assert len(heard_by(world, "老王", "陈副")) == told + 1  # the missing number


def test_a_member_may_stand_back_themselves(world: World) -> None:
    world.says("王阿姨", "3号楼2单元水管漏水，楼道都是水")
    assert world.tells("老王", "回避1") == ["第1件已换人办，您不再经手。"]
    assert world.ticket(1).assignee.name == "李书记"  # type: ignore[union-attr]
    assert "没有第1件" in world.tells("老王", "进度1")[-1]


def test_whom_to_stand_back_must_be_somebody_in_charge(world: World) -> None:
    world.says("王阿姨", "3号楼2单元水管漏水，楼道都是水")
    assert world.tells("李书记", "回避1 张三") == ["要请谁回避？写负责人的名字，如 回避1 老王"]
    assert world.says("小李", "回避1") == ["这一步要由本网格负责的人来做。"]
