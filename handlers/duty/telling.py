"""Days and hours of duty in the words of the chat."""

from datetime import time, timedelta

from handlers.desk import Desk
from handlers.duty.hours import EVERY_DAY, FREE_DAYS, WORKDAYS, Hours
from handlers.duty.roster import OnDuty
from handlers.texts import Texts
from handlers.wording import day_full, when_full
from models.roster import Leave

INSTANT = timedelta(microseconds=1)


def span_words(desk: Desk, leave: Leave) -> str:
    """3月9日（周一）到3月12日（周四）, with times where they are not whole days."""
    start, end = desk.policy.local(leave.start), desk.policy.local(leave.end)
    if start.time() == end.time() == time():
        last = (end - INSTANT).date()
        first = day_full(desk, start.date())
        whole = desk.texts.line("leave_span", start=first, end=day_full(desk, last))
        return first if start.date() == last else whole
    return desk.texts.line("leave_span", start=when_full(desk, leave.start), end=when_full(desk, leave.end))


def days_words(desk: Desk, hours: Hours) -> str:
    """周六周日, 每天, 工作日, 10月1日（周四）."""
    if hours.day is not None:
        return day_full(desk, hours.day)
    kinds = {EVERY_DAY: "days_daily", WORKDAYS: "days_workdays", FREE_DAYS: "days_free"}
    if key := kinds.get(hours.weekdays):
        return desk.texts.line(key)
    return days_named(desk.texts, hours.weekdays)


def days_named(texts: Texts, weekdays: str) -> str:
    """周六周日, 周一至周五: three in a row and more are a range."""
    words = [texts.word("weekdays", number) for number in weekdays]
    if len(weekdays) > 2 and weekdays in EVERY_DAY:
        return texts.line("days_range", first=words[0], last=words[-1])
    return texts.line("days_joint").join(words)


def hours_words(hours: Hours) -> str:
    """8:00–20:00."""
    end = "24:00" if hours.end == time.max else f"{hours.end.hour}:{hours.end:%M}"
    return f"{hours.start.hour}:{hours.start:%M}–{end}"


def duty_name(desk: Desk, duty: OnDuty) -> str:
    """陈副, or 陈副（代老王）."""
    if duty.absent is None:
        return duty.person.name
    return desk.texts.line("roster_instead", name=duty.person.name, absent=duty.absent.name)
