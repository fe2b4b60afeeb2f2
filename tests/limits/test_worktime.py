"""Working time against the calendar of 2026 (State Council, with its six make-up workdays)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.limits.workdays import Workdays
from handlers.limits.worktime import Calendar, Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = ((time(9), time(12)), (time(14), time(18)))
CALENDAR = Calendar(SHANGHAI, OFFICE, Workdays())


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI).astimezone(UTC)


def wall(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


@pytest.mark.parametrize("day", [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)])
def test_make_up_weekends_are_worked(day: tuple[int, int]) -> None:
    assert Workdays()(date(2026, *day))


def test_2026_has_248_working_days() -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(map(Workdays(), year)) == 248


def test_a_year_without_a_schedule_says_so_and_still_counts() -> None:
    days = Workdays()
    assert days.published(2026)
    assert not days.published(2035)
    assert not days(date(2035, 10, 1))
    assert days(date(2035, 9, 28)), "a Friday"


def test_our_own_days_win() -> None:
    days = Workdays(off=[date(2026, 3, 3)], on=[date(2026, 10, 3)])
    assert (days(date(2026, 3, 3)), days(date(2026, 10, 3))) == (False, True)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-11-20 17:59", timedelta(hours=3), "11-23 11:59"),  # one minute on Friday, the rest on Monday
        ("2026-11-20 17:59", timedelta(minutes=1), "11-20 18:00"),
        ("2026-11-20 12:30", timedelta(hours=1), "11-20 15:00"),  # noon does not count
        ("2026-11-21 10:00", timedelta(hours=1), "11-23 10:00"),  # a Saturday
        ("2026-09-19 10:00", timedelta(hours=1), "09-20 10:00"),  # its Sunday is worked
        ("2026-09-30 17:00", timedelta(hours=2), "10-08 10:00"),  # over National Day
        ("2026-11-20 17:59", 3 * CALENDAR.day, "11-25 17:59"),
    ],
)
def test_a_limit_counts_working_hours_only(start: str, amount: timedelta, due: str) -> None:
    assert wall(CALENDAR.after(at(start), amount)) == due


def test_a_pause_across_national_day_moves_the_end_by_the_working_time_it_covers() -> None:
    pause = Span(at("2026-09-30 09:00"), at("2026-10-08 12:00"))
    assert wall(CALENDAR.after(at("2026-09-29 16:00"), timedelta(hours=4), [pause])) == "10-08 16:00"


def test_the_counted_stretches_add_up_to_the_limit() -> None:
    start, amount = at("2026-02-13 11:00"), timedelta(hours=20)
    spans = CALENDAR.counted(start, CALENDAR.after(start, amount))
    assert sum((span.length for span in spans), timedelta()) == amount
    assert [wall(span.start) for span in spans][:3] == ["02-13 11:00", "02-13 14:00", "02-14 09:00"]
