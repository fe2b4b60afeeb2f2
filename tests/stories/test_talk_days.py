"""说事日 (R10): the evening before and in the morning of the 5th, 15th and 20th, every group, once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from handlers.desk import Desk
from handlers.policy import TalkDays
from handlers.talk_days import next_slot, regular_days
from models.units import unit_named
from tests.world import OTHER, RESIDENTS, STAFF, STREET, World, china, small_town

pytestmark = pytest.mark.both_databases

EVE = "🗣 明天5日（周四）说事日\n9:00–11:00 社区说事室，街道社区干部都在\n大事小事都能说，家务事单独说\n"
EVE += "来不了？群里说一句，替您带到"
MORNING = EVE.replace("明天", "今天")
GROUPS = (RESIDENTS, STAFF, OTHER, STREET)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[type["Towns"]]:
    """Towns with settings of their own; all are closed in the end."""
    Towns.folder = tmp_path
    yield Towns
    while Towns.built:
        Towns.built.pop().close()


class Towns:
    folder: Path
    built: list[World] = []

    @classmethod
    def with_talk(cls, *, zone: str = "Asia/Shanghai", **settings: object) -> World:
        world = World(cls.folder, small_town(talk_days=settings, zone=zone))
        cls.built.append(world)
        return world


def calls(world: World, until: datetime, chat: str = RESIDENTS) -> list[tuple[str, str]]:
    """(when, first line) of every call in this group until then, as the neighbours' clock shows it."""
    before = len(world.channel.shown)
    world.waits_until(until)
    zone = world.config.policy.tz
    return [
        (f"{s.at.astimezone(zone):%m-%d %H:%M}", s.text.partition("\n")[0])
        for s in world.channel.shown[before:]
        if s.chat_id == chat and "🗣" in s.text
    ]


def dates(year: int, **settings: object) -> list[date]:
    return list(regular_days(TalkDays(**settings), date(year, 1, 1), 365))  # type: ignore[arg-type]


def test_every_group_is_called_the_evening_before_and_in_the_morning(world: World) -> None:
    assert world.waits_until(china(3, 4, 17, 59)) == []
    assert world.waits_until(china(3, 4, 18, 0)) == [EVE]
    assert world.waits_until(china(3, 5, 7, 59)) == []
    assert world.waits_until(china(3, 5, 8, 0)) == [MORNING]
    for group in GROUPS:
        assert world.lines(group) == [EVE, MORNING]


def test_a_month_has_three_talk_days(world: World) -> None:
    assert [when for when, _ in calls(world, china(4, 1))] == [
        "03-04 18:00",
        "03-05 08:00",
        "03-14 18:00",
        "03-15 08:00",
        "03-19 18:00",
        "03-20 08:00",
    ]


def test_the_call_makes_a_sound_and_asks_for_nothing(world: World) -> None:
    world.waits_until(china(3, 4, 19))
    shown = world.channel.shown[-1]
    assert not shown.post.silent
    assert shown.labels == [] and shown.mentions == []


def test_a_weekend_is_no_obstacle_and_is_said(world: World) -> None:
    world.sleeps_until(china(6, 19, 12))
    world.restart()
    assert calls(world, china(6, 20, 8)) == [
        ("06-19 18:00", "🗣 明天20日（周六）说事日，周六照常"),
        ("06-20 08:00", "🗣 今天20日（周六）说事日，周六照常"),
    ]


def test_36_a_year_of_which_these_fall_on_weekends_in_2026() -> None:
    year = dates(2026)
    assert len(year) == 36
    assert [f"{d:%m-%d}" for d in year if d.weekday() >= 5] == (
        ["02-15", "03-15", "04-05", "06-20", "07-05", "08-15", "09-05", "09-20", "11-15", "12-05", "12-20"]
    )


def test_a_shift_leads_to_the_monday_after_and_loses_no_day() -> None:
    shifted = dates(2026, shift_weekends=True)
    assert len(shifted) == 36
    assert all(d.weekday() < 5 for d in shifted)
    assert date(2026, 3, 16) in shifted and date(2026, 6, 22) in shifted


def test_a_month_too_short_has_its_day_at_its_end() -> None:
    assert [f"{d:%m-%d}" for d in dates(2026, days=(31,))][:4] == ["01-31", "02-28", "03-31", "04-30"]
    february = [d.day for d in dates(2026, days=(28, 29, 30, 31)) if d.month == 2]
    assert february == [28]
    assert date(2028, 2, 29) in dates(2028, days=(30,))


# never twice


def test_a_restart_repeats_nothing(world: World) -> None:
    world.waits_until(china(3, 4, 18, 0))
    world.restart()
    world.waits(minutes=30)
    world.restart()
    world.waits_until(china(3, 5, 12))
    world.restart()
    assert world.lines() == [EVE, MORNING]


def test_two_processes_call_once(world: World) -> None:
    world.clock.move_to(china(3, 4, 18, 1))
    first, (_, second, _) = world.heartbeat, world.another_process()
    first.beat_now()
    second.beat_now()
    first.beat_now()
    world.deliver()
    assert world.lines() == [EVE]


# never stale


def test_a_late_start_on_the_same_evening_still_calls(world: World) -> None:
    world.sleeps_until(china(3, 4, 23, 30))
    world.restart()
    assert world.lines() == [EVE]
    assert world.channel.shown[-1].post.silent, "it is night"


def test_an_evening_call_is_not_sent_after_midnight(world: World) -> None:
    world.sleeps_until(china(3, 5, 0, 0))
    world.restart()
    assert world.lines() == []
    assert calls(world, china(3, 5, 9)) == [("03-05 08:00", "🗣 今天5日（周四）说事日")]


def test_a_morning_call_is_not_sent_after_the_meeting(world: World) -> None:
    world.sleeps_until(china(3, 5, 11, 0))
    world.restart()
    assert world.lines() == []


def test_a_call_for_the_5th_is_not_sent_on_the_6th(world: World) -> None:
    world.sleeps_until(china(3, 6, 9))
    world.restart()
    assert world.lines() == []
    assert calls(world, china(3, 14, 18)) == [("03-14 18:00", "🗣 明天15日（周日）说事日，周日照常")]


def test_a_call_that_waits_in_the_outbox_too_long_is_dropped(world: World) -> None:
    world.clock.move_to(china(3, 4, 18))
    world.heartbeat.beat_now()
    world.sleeps_until(china(3, 5, 0, 1))
    world.deliver()
    assert world.lines() == []


def test_half_an_hour_into_the_meeting_the_call_still_helps(world: World) -> None:
    world.sleeps_until(china(3, 5, 9, 30))
    world.restart()
    assert world.lines() == [MORNING]


# settings


def test_days_times_hours_and_venue_are_settings(town: type[Towns]) -> None:
    world = town.with_talk(days=[8], remind=["-3d 12:00", "07:45"], venue="老槐树下", start="15:00", end="17:30")
    found = calls(world, china(3, 9))
    assert found == [
        ("03-05 12:00", "🗣 8日（周日）说事日，周日照常"),
        ("03-08 07:45", "🗣 今天8日（周日）说事日，周日照常"),
    ]
    assert "15:00–17:30 老槐树下" in world.lines()[-1]


def test_the_zone_is_a_setting(town: type[Towns]) -> None:
    world = town.with_talk(zone="Asia/Urumqi")
    assert [when for when, _ in calls(world, china(3, 6))] == ["03-04 18:00", "03-05 08:00"]
    assert world.channel.shown[-1].at == china(3, 5, 10)


def test_a_call_in_the_night_makes_no_sound(town: type[Towns]) -> None:
    world = town.with_talk(remind=["-1d 22:00"])
    world.waits_until(china(3, 4, 23))
    assert world.channel.shown[-1].post.silent


def test_changed_settings_hold_from_the_next_start(world: World) -> None:
    world.waits_until(china(3, 2, 12))
    world.config = small_town(talk_days={"days": [3, 20], "remind": ["-1d 17:00"]})
    world.restart()
    assert [when for when, _ in calls(world, china(3, 21))] == ["03-02 17:00", "03-19 17:00"]


# one date moved or cancelled


def test_a_date_is_moved_and_every_group_below_is_told_once(world: World) -> None:
    moved = "🗣 3月20日（周五）说事日改到3月24日（周二）：春节"
    world.says("赵主任", "/talk 20日 改 24日 春节", group=STREET)
    for group in GROUPS:
        assert world.lines(group) == [moved]
    world.waits_until(china(3, 17))
    found = calls(world, china(3, 25))
    assert found == [("03-23 18:00", "🗣 明天24日（周二）说事日"), ("03-24 08:00", "🗣 今天24日（周二）说事日")]


def test_a_cancelled_date_is_not_called(world: World) -> None:
    lines = world.says("李书记", "说事日 5日 取消 会议室漏水")
    assert lines == ["🗣 3月5日（周四）说事日取消：会议室漏水\n有事群里说一句就行"]
    assert calls(world, china(3, 6)) == []


def test_a_change_survives_a_restart(world: World) -> None:
    world.says("李书记", "说事日 5日 改 6日 停电")
    world.restart()
    assert [when for when, _ in calls(world, china(3, 7))] == ["03-05 18:00", "03-06 08:00"]


def test_a_change_reaches_its_unit_and_what_is_below_only(world: World) -> None:
    world.says("李书记", "说事日 5日 取消 修路")
    assert calls(world, china(3, 6)) == []
    assert [s.text for s in world.channel.shown if s.chat_id == OTHER] == [EVE, MORNING]


def test_from_private_chat_the_one_who_asked_hears_it_too(world: World) -> None:
    answer = world.tells("李书记", "说事日 20日 改 24日 春节")
    assert answer == ["🗣 3月20日（周五）说事日改到3月24日（周二）：春节"]
    assert world.lines(RESIDENTS) == world.lines(OTHER) == answer
    assert world.lines(STREET) == [], "the street is above"


@pytest.mark.parametrize("who", ["王阿姨", "孙楼长", "周物业", "钱网格"])
def test_residents_and_strangers_move_nothing(world: World, who: str) -> None:
    assert world.says(who, "说事日 5日 取消 不想开") == ["这一步要有职务的人来做。"]
    assert len(calls(world, china(3, 6))) == 2


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("说事日 5日 取消", "请写理由，如 说事日 20日 改 24日 春节"),
        ("说事日 20日 改 24日", "请写理由，如 说事日 20日 改 24日 春节"),
        ("说事日 6日 取消 有事", "3月6日（周五）不是说事日。"),
        ("说事日 1月5日 取消 有事", "1月5日（周一）已经过去了。"),
        ("说事日 20日 改 32日 有事", "没有这一天，请再看看日期。"),
        ("说事日 20日 改 20日 有事", "3月20日（周五）说事日已经是这样定的，群里通知过了。"),
        ("说事日 改天吧", "请写：说事日 20日 改 24日 理由，或 说事日 20日 取消 理由"),
    ],
)
def test_what_cannot_be_is_answered_in_words(world: World, written: str, answer: str) -> None:
    assert world.says("李书记", written) == [answer]
    assert len(calls(world, china(3, 6))) == 2


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("说事日 3月20日 改 24日 春节", "3月20日（周五）说事日改到3月24日（周二）：春节"),
        ("/talk 20号改到18号春节", "3月20日（周五）说事日改到3月18日（周三）：春节"),
        ("说事日 20日改4月2日 春节", "3月20日（周五）说事日改到4月2日（周四）：春节"),
        ("说事日 ２０日 改 ２４日 春节", "3月20日（周五）说事日改到3月24日（周二）：春节"),
        ("说事日 4月5日 取消 清明", "4月5日（周日）说事日取消：清明"),
        ("说事日 20日 取消 24日有检查", "3月20日（周五）说事日取消：24日有检查"),
        ("/talk 20 to 24 Spring Festival", "3月20日（周五）说事日改到3月24日（周二）：Spring Festival"),
        ("/talk 20 cancel holiday", "3月20日（周五）说事日取消：holiday"),
    ],
)
def test_dates_are_read_as_people_write_them(world: World, written: str, told: str) -> None:
    assert world.says("李书记", written)[0].startswith(f"🗣 {told}")


def test_a_date_may_be_moved_twice(world: World) -> None:
    world.says("李书记", "说事日 5日 改 6日 停电")
    assert world.says("李书记", "说事日 6日 改 9日 还没来电") == ["🗣 3月6日（周五）说事日改到3月9日（周一）：还没来电"]
    assert [when for when, _ in calls(world, china(3, 12))] == ["03-08 18:00", "03-09 08:00"]


def test_a_moved_date_may_be_named_by_its_first_day_too(world: World) -> None:
    world.says("李书记", "说事日 5日 改 6日 停电")
    world.says("李书记", "说事日 5日 改 9日 还没来电")
    assert [when for when, _ in calls(world, china(3, 12))] == ["03-08 18:00", "03-09 08:00"]


def test_the_same_change_again_tells_nobody_again(world: World) -> None:
    world.says("李书记", "说事日 5日 改 6日 停电")
    assert world.says("赵主任", "说事日 5日 改 6日 停电") == ["3月5日（周四）说事日已经是这样定的，群里通知过了。"]
    assert len(world.lines(STAFF)) == 1


def test_a_cancelled_date_may_be_put_back(world: World) -> None:
    world.says("李书记", "说事日 5日 取消 停电")
    assert world.says("李书记", "说事日 5日 改 5日 来电了") == ["🗣 3月5日（周四）说事日改到3月5日（周四）：来电了"]
    assert [when for when, _ in calls(world, china(3, 6))] == ["03-04 18:00", "03-05 08:00"]


def test_what_the_street_says_last_holds_for_a_grid_that_had_moved_the_date_itself(world: World) -> None:
    world.says("李书记", "说事日 5日 改 6日 停电")
    world.says("赵主任", "说事日 5日 改 9日 全街道检查", group=STREET)
    assert [when for when, _ in calls(world, china(3, 12))] == ["03-08 18:00", "03-09 08:00"]


def test_a_call_that_still_waits_is_withdrawn_when_the_date_is_moved(world: World) -> None:
    world.clock.move_to(china(3, 4, 18))
    world.heartbeat.beat_now()
    world.receive(world.incoming("李书记", "说事日 5日 改 6日 停电", STAFF))
    world.waits_until(china(3, 4, 19))
    assert world.lines() == ["🗣 3月5日（周四）说事日改到3月6日（周五）：停电"]


def test_anyone_may_ask_when_the_next_one_is(world: World) -> None:
    assert world.says("王阿姨", "说事日") == ["下次说事日：3月5日（周四） 9:00–11:00 社区说事室"]
    world.waits_until(china(3, 5, 10, 59))
    assert world.says("王阿姨", "说事日")[0].startswith("下次说事日：3月5日")
    world.waits_until(china(3, 5, 11))
    assert world.says("王阿姨", "说事日")[0].startswith("下次说事日：3月15日")


def test_a_group_that_joins_in_the_evening_hears_the_morning_call_only(world: World) -> None:
    world.waits_until(china(3, 4, 20))
    world.joins("-1009")
    world.says("李书记", "绑定网格 幸福里第3网格", group="-1009")
    assert calls(world, china(3, 6), chat="-1009") == [("03-05 08:00", "🗣 今天5日（周四）说事日")]


def test_a_group_that_threw_us_out_is_not_called(world: World) -> None:
    world.joins(RESIDENTS, present=False)
    assert calls(world, china(3, 6)) == []


def test_a_year_of_calls_is_complete(world: World) -> None:
    """Each call leads to the next: the plan never breaks off."""
    at, found = china(1, 1, 0), []
    with world.session() as session:
        unit = unit_named(session, "幸福里第3网格")
        assert unit is not None
        while (slot := next_slot(Desk(session, at, world.config.policy), unit, at)) and slot.at.year == 2026:
            found.append(slot)
            at = slot.at
    assert len(found) == 72
    assert all(slot.until - slot.at in (timedelta(hours=6), timedelta(hours=3)) for slot in found)
