"""Time runs out: a private word first, then one level up for every limit missed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.load import Config
from tests.world import RESIDENTS, STAFF, STREET, World, china, small_town

pytestmark = pytest.mark.both_databases

LIGHT = "3号楼2单元的路灯坏了三天了，没人修"
NUDGE, HEARD_BY = china(3, 2, 11, 24), china(3, 2, 12)  # three hours of work after Monday nine o'clock
REMIND, DUE = china(3, 5, 10, 6), china(3, 5, 18)  # 23.6 and 29.5 hours of work after it
SECOND_DUE, LAST_DUE = china(3, 10, 18), china(3, 13, 18)
STAFFED = ("老王", "李书记", "赵主任")


@pytest.fixture
def reported(world: World) -> World:
    """A matter of Monday morning, due on Thursday at six; everybody has pressed Start."""
    world.starts(*STAFFED)
    world.says("王阿姨", LIGHT)
    return world


@pytest.fixture
def taken(reported: World) -> World:
    """The grid member said a first word at once."""
    reported.says("老王", "我来办1")
    return reported


def about(world: World, who: str) -> list[str]:
    """The ⏰ lines that this person has read privately."""
    return [line for line in world.private(who) if line.startswith("⏰")]


def climbs(world: World, number: int = 1) -> list[str]:
    return [e.data["unit"] for e in world.ticket(number).history if e.kind == "escalated"]


def late_lines(world: World) -> list[str]:
    return [line for line in world.lines() if "没按时" in line or "没人应声" in line]


def test_without_a_first_word_the_member_hears_of_it_before_anybody_else(reported: World) -> None:
    reported.waits_until(NUDGE - timedelta(minutes=1))
    assert about(reported, "老王") == []
    assert reported.waits_until(NUDGE) == []
    thing = reported.ticket(1).thing
    said = f"⏰ 第1件 还没人应声（幸福里第3网格）\n3号楼2单元 {thing}\n今天12:00前请应一声：点“我来办”，或回一句话"
    assert about(reported, "老王") == [said]
    assert about(reported, "李书记") == []


def test_the_first_word_missed_calls_the_next_level_and_the_promise_stands(reported: World) -> None:
    lines = reported.waits_until(HEARD_BY)
    assert lines == ["第1件还没人应声，已交社区李书记，最迟3月5日（周四）18:00回话。让您久等了"]
    ticket = reported.ticket(1)
    assert (ticket.rung, ticket.state, ticket.assignee and ticket.assignee.name) == (1, "open", "李书记")
    assert ticket.due_at == DUE
    assert "到您这一级" in about(reported, "李书记")[-1]
    assert "已交社区李书记" in about(reported, "老王")[-1]
    assert not ticket.late, "the answer itself is not late"


def test_a_first_word_stops_the_calling(taken: World) -> None:
    taken.waits_until(REMIND - timedelta(minutes=1))
    assert about(taken, "老王") == [] and climbs(taken) == []


def test_any_word_of_the_member_about_it_is_a_first_word(reported: World) -> None:
    reported.says("老王", "明天上午我带电工过去看看", reply=reported.card())
    assert reported.ticket(1).responded_at is not None
    reported.waits_until(HEARD_BY)
    assert climbs(reported) == []


def test_a_neighbours_word_is_none(reported: World) -> None:
    reported.says("小李", "那盏灯我也看见了，晚上黑得很", reply=reported.card())
    reported.says("王阿姨", "我晚上回来差点摔一跤", reply=reported.card())
    assert reported.ticket(1).responded_at is None


def test_a_word_to_the_reporter_in_private_is_a_first_word(world: World) -> None:
    world.starts("王阿姨", *STAFFED)
    world.says("王阿姨", LIGHT)
    world.says("老王", "改类1 矛盾纠纷")
    ping = next(s for s in reversed(world.channel.shown) if s.chat_id == world.id_of("老王"))
    world.tells("老王", "我下午三点来您家", reply=ping)
    world.waits_until(HEARD_BY)
    assert climbs(world) == []


def test_the_level_above_has_a_working_day_for_its_first_word(reported: World) -> None:
    reported.waits_until(china(3, 3, 11, 59))
    assert climbs(reported) == ["幸福里社区"]
    assert "今天12:00前请应一声" in about(reported, "李书记")[-1]
    reported.waits_until(china(3, 3, 12))
    assert climbs(reported) == ["幸福里社区", "和平街道"]
    assert "没人应声" in about(reported, "李书记")[-1]
    assert "没人应声" in about(reported, "老王")[-1], "the first asked hears where it is now (R34)"


def test_the_level_above_takes_it_with_one_press(reported: World) -> None:
    reported.waits_until(HEARD_BY)
    reported.presses("李书记", "我来办", chat=reported.id_of("李书记"))
    assert reported.ticket(1).state == "taken"
    reported.waits_until(REMIND)
    assert climbs(reported) == ["幸福里社区"]
    assert "快到时限" in about(reported, "李书记")[-1]
    assert not any("快到时限" in line for line in about(reported, "老王")), "who has it is reminded"


def test_four_fifths_into_the_limit_the_member_is_reminded_privately(taken: World) -> None:
    taken.waits_until(REMIND - timedelta(minutes=1))
    assert about(taken, "老王") == []
    assert taken.waits_until(REMIND) == []
    thing = taken.ticket(1).thing
    assert about(taken, "老王") == [f"⏰ 第1件 快到时限（幸福里第3网格）\n3号楼2单元 {thing}\n今天18:00前要给居民回话"]
    assert about(taken, "李书记") == []


def test_two_reminders_of_one_hour_are_one_letter(world: World) -> None:
    world.config = small_town(limits={"terms": [{"respond": "3h", "settle": "210m"}]})
    world.restart()
    world.starts(*STAFFED)
    world.says("王阿姨", LIGHT)
    world.waits_until(china(3, 2, 11, 59))
    assert len(about(world, "老王")) == 1
    assert "今天12:00前请应一声，今天14:30前要给居民回话" in about(world, "老王")[0]


def test_the_limit_missed_takes_it_one_level_up(taken: World) -> None:
    assert not [line for line in taken.waits_until(DUE - timedelta(minutes=1)) if "第1件" in line]
    lines = taken.waits_until(DUE)
    assert lines == ["第1件没按时回话，已交社区李书记，最迟3月10日（周二）18:00回话。让您久等了"]
    assert "到您这一级" in about(taken, "李书记")[-1]
    assert "已过时限" in about(taken, "老王")[-1]
    assert about(taken, "赵主任") == []
    assert "最迟3月10日（周二）18:00回话" in taken.card().text


def test_each_limit_missed_is_one_level(taken: World) -> None:
    taken.waits_until(DUE)
    taken.says("李书记", "我来办1")
    taken.waits_until(SECOND_DUE)
    assert climbs(taken) == ["幸福里社区", "和平街道"]
    assert "已交街道赵主任" in taken.lines()[-1]
    for who in ("李书记", "老王"):
        assert "已过时限" in about(taken, who)[-1], "the level that missed it hears of it, and the first asked"


def left_with_the_street(world: World) -> None:
    """Each level says a first word and no more, until the street has missed its limit too."""
    for who, due in (("老王", DUE), ("李书记", SECOND_DUE), ("赵主任", LAST_DUE)):
        world.says(who, "我来办1")
        world.waits_until(due)


def test_the_last_level_is_asked_every_working_morning_and_the_group_hears_once(reported: World) -> None:
    left_with_the_street(reported)
    assert late_lines(reported)[-1] == "第1件没按时回话，还在催办，最迟3月18日（周三）18:00回话。让您久等了"
    lines, asked = len(late_lines(reported)), len(about(reported, "赵主任"))
    reported.waits_until(china(3, 16, 8, 29))
    assert len(about(reported, "赵主任")) == asked, "not on Saturday, not on Sunday, not before work"
    for day in (16, 17, 18, 19, 20):
        reported.waits_until(china(3, day, 8, 30))
        asked += 1
        assert len(about(reported, "赵主任")) == asked, day
        reported.waits_until(china(3, day, 23))
        assert len(about(reported, "赵主任")) == asked, "once a day"
    assert "请今天给居民回话" in about(reported, "赵主任")[-1]
    assert climbs(reported) == ["幸福里社区", "和平街道"]
    assert len(late_lines(reported)) == lines


def test_a_last_level_that_says_nothing_is_asked_for_a_first_word_too(reported: World) -> None:
    reported.waits_until(china(3, 4, 12))  # it missed its own first word
    asked = len(about(reported, "赵主任"))
    assert "还没人应声" in about(reported, "赵主任")[-1]
    reported.waits_until(china(3, 5, 8, 30))
    assert len(about(reported, "赵主任")) == asked + 1
    reported.says("赵主任", "我来办1")
    reported.waits_until(REMIND)
    assert "快到时限" in about(reported, "赵主任")[-1]


def test_with_nobody_above_the_group_hears_once_and_the_member_each_working_day(lonely: World) -> None:
    lonely.says("老王", "我来办1")
    lines = [line for line in lonely.waits_until(DUE) if "第1件" in line]
    assert lines == ["第1件没按时回话，还在催办，最迟3月10日（周二）18:00回话。让您久等了"]
    for day, times in ((6, 1), (7, 0), (8, 0), (9, 1), (10, 1), (11, 1)):
        before = len(about(lonely, "老王"))
        assert [line for line in lonely.waits_until(china(3, day, 20)) if "第1件" in line] == []
        assert len(about(lonely, "老王")) == before + times, day


def test_danger_is_asked_after_on_a_day_off_too(lonely: World) -> None:
    lonely.sleeps_until(china(3, 6, 20))
    lonely.says("王阿姨", "3号楼着火了，好大的烟，快来人")
    lonely.waits_until(china(3, 6, 23))
    before = len(about(lonely, "老王"))
    lonely.waits_until(china(3, 7, 20))  # a Saturday
    assert len([line for line in about(lonely, "老王")[before:] if "第2件" in line]) == 1


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[World]:
    """A grid of one member with nobody above, and a matter of Monday."""
    town = {"units": [{"name": "孤网格"}], "people": [], "groups": [{"unit": "孤网格", "telegram": -1001}]}
    town["people"] = [{"name": "老王", "telegram": 11, "posts": [{"unit": "孤网格", "role": "grid_member"}]}]
    world = World(tmp_path, Config.model_validate(town))
    world.starts("老王")
    world.says("王阿姨", LIGHT)
    yield world
    world.close()


def test_nobody_is_named_late_before_the_neighbours(reported: World) -> None:
    left_with_the_street(reported)
    for line in late_lines(reported):
        assert "老王" not in line
    late = [s for s in reported.channel.shown if s.chat_id == RESIDENTS and "没按时" in s.text]
    assert len(late) == 3 and all(s.mentions == [] for s in late)
    assert "李书记" not in late[1].text, "the level that let it lie is not named either"


def test_a_settled_matter_is_left_in_peace(reported: World) -> None:
    reported.says("老王", "办结1 三单元路灯换了灯泡")
    reported.waits_until(china(3, 6))
    assert about(reported, "老王") == [] and climbs(reported) == []


def test_a_matter_taken_on_still_has_its_limit(taken: World) -> None:
    taken.waits_until(DUE)
    assert climbs(taken) == ["幸福里社区"]


def test_a_restart_in_between_repeats_nothing(taken: World) -> None:
    for moment in (REMIND, REMIND + timedelta(minutes=1), DUE, DUE + timedelta(hours=1)):
        taken.waits_until(moment)
        taken.restart()
    assert len(about(taken, "老王")) == 2
    assert climbs(taken) == ["幸福里社区"]
    assert len(late_lines(taken)) == 1


def test_a_restart_does_not_ask_the_last_level_twice(reported: World) -> None:
    left_with_the_street(reported)
    asked = len(about(reported, "赵主任"))
    for hour in (9, 12, 17):
        reported.waits_until(china(3, 16, hour))
        reported.restart()
    assert len(about(reported, "赵主任")) == asked + 1


@pytest.mark.parametrize("moment", [HEARD_BY, DUE], ids=["first word", "answer"])
def test_two_processes_climb_one_step(world: World, moment: object) -> None:
    world.starts(*STAFFED)
    world.says("王阿姨", LIGHT)
    if moment == DUE:
        world.says("老王", "我来办1")
    world.clock.move_to(moment)  # type: ignore[arg-type]
    _, second, _ = world.another_process()
    world.heartbeat.beat_now()
    second.beat_now()
    world.heartbeat.beat_now()
    assert climbs(world) == ["幸福里社区"]


def test_a_bot_that_was_down_over_the_limits_climbs_once_and_gives_a_new_limit(reported: World) -> None:
    reported.sleeps_until(china(3, 20, 9))
    reported.restart()
    assert climbs(reported) == ["幸福里社区"]
    assert late_lines(reported) == ["第1件没按时回话，已交社区李书记，最迟3月25日（周三）18:00回话。让您久等了"]
    assert not any("快到时限" in line for line in about(reported, "老王"))


def test_a_level_without_anybody_is_passed_over(tmp_path: Path) -> None:
    config = small_town()
    people = [p.model_dump(exclude_unset=True) for p in config.people if p.name != "李书记"]
    world = World(tmp_path, small_town(people=people))
    world.starts("赵主任")
    world.says("王阿姨", LIGHT)
    world.waits_until(HEARD_BY)
    assert climbs(world) == ["和平街道"]
    world.close()


def test_who_cannot_be_reached_is_told_in_the_staff_group(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.says("老王", "我来办1")
    world.waits_until(DUE)
    assert len([line for line in world.lines(STAFF) if "已过时限" in line]) == 1
    assert any("到您这一级" in line for line in world.lines(STREET))
    assert not any(line.startswith("⏰") for line in world.lines(RESIDENTS))


def test_a_building_contact_reads_no_notice_and_stands_in_none(world: World) -> None:
    world.starts("孙楼长", *STAFFED)
    world.says("王阿姨", LIGHT)
    with world.sessions.begin() as session:
        from models.people import find_person
        from models.tickets import ticket_numbered

        ticket = ticket_numbered(session, 1)
        assert ticket is not None
        ticket.assignee = ticket.first = find_person(session, "telegram", world.id_of("孙楼长"))
    world.waits_until(china(3, 12))
    assert about(world, "孙楼长") == []
    assert "还没人应声" in about(world, "老王")[0], "the grid's own hears it instead"
    told = [line for who in STAFFED for line in about(world, who)]
    assert told and not any("孙楼长" in line for line in (*told, *world.lines(STAFF), *late_lines(world)))


def test_an_urgent_matter_has_half_an_hour_for_a_first_word_whatever_the_hour(world: World) -> None:
    world.starts(*STAFFED)
    world.sleeps_until(china(3, 2, 23))
    world.says("王阿姨", "3号楼着火了，好大的烟，快来人")
    world.waits_until(china(3, 2, 23, 29))
    assert climbs(world) == [] and "还没人应声" in about(world, "老王")[-1]
    world.waits_until(china(3, 2, 23, 30))
    assert climbs(world) == ["幸福里社区"]
    assert "到您这一级" in about(world, "李书记")[-1], "the night does not hold it back"


def test_an_urgent_matter_has_two_hours(world: World) -> None:
    world.starts(*STAFFED)
    world.sleeps_until(china(3, 2, 23))
    world.says("王阿姨", "3号楼着火了，好大的烟，快来人")
    world.says("老王", "我来办1")
    world.waits_until(china(3, 3, 0, 59))
    assert climbs(world) == []
    world.waits_until(china(3, 3, 1))
    assert climbs(world) == ["幸福里社区"]


def test_a_reminder_that_falls_into_quiet_hours_waits_for_the_morning(world: World) -> None:
    world.config = small_town(work={"hours": ["08:30-12:00", "14:00-24:00"]})  # 13.5 hours of work a day
    world.restart()
    world.starts(*STAFFED)
    world.says("王阿姨", LIGHT)
    world.says("老王", "我来办1")
    world.waits_until(china(3, 4, 21, 31))
    world.waits_until(china(3, 5, 7, 29))
    assert about(world, "老王") == []
    world.waits_until(china(3, 5, 7, 30))
    assert len(about(world, "老王")) == 1


def test_of_a_private_matter_neither_group_reads_more_than_its_number(world: World) -> None:
    world.says("王阿姨", LIGHT)
    world.says("老王", "改类1 矛盾纠纷")
    world.waits_until(china(3, 9))
    for chat in (RESIDENTS, STAFF):
        late = [line for line in world.lines(chat) if "时限" in line or "没按时" in line or "没人应声" in line]
        assert late
        assert not any(word in line for line in late for word in ("路灯", "3号楼", "矛盾", "王阿姨"))


def test_a_reopened_matter_has_a_new_limit_with_whoever_has_it(taken: World) -> None:
    taken.waits_until(DUE)
    taken.says("老王", "办结1 三单元路灯换了灯泡")
    taken.says("王阿姨", "重办1 又坏了")
    assert taken.ticket(1).due_at == SECOND_DUE
    assert not taken.ticket(1).late
    taken.says("李书记", "我来办1")
    taken.waits_until(SECOND_DUE)
    assert climbs(taken) == ["幸福里社区", "和平街道"]
