"""Shifts as people write them: 周六周日 8:00-20:00 陈副, 周一至周五 18:00-22:00, 10月1日 陈副, sat,sun 8:00-20:00."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from handlers.duty.dates import NoSuchDate, read_span
from handlers.duty.hours import DAY, EVERY_DAY, FREE_DAYS, WORKDAYS, Hours
from handlers.duty.settings import read_days

_CLOCK = r"(\d{1,2})\s*[:：]\s*(\d{2})"
_HOURS = re.compile(rf"{_CLOCK}\s*(?:[-–—~～到至]|to)\s*{_CLOCK}")
_NAMED = re.compile(r"(?:周|星期)?(?:(一)|(二)|(三)|(四)|(五)|(六)|([日天]))")
_RANGE = re.compile(r"(?:周|星期)([一二三四五六日天])\s*[到至-]\s*(?:周|星期)?([一二三四五六日天])")
_DAYS = re.compile(
    r"(?:周|星期)[一二三四五六日天]"
    r"(?:\s*[、,，和]?\s*(?:周|星期)?[一二三四五六日天](?![^\s、,，和周星期一二三四五六日天\d]))*"
)
_KINDS = re.compile(r"(每天)|(工作日)|(休息日|节假日)|(周末)")
_LATIN_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)"
_LATIN = re.compile(rf"\b(?:daily|workdays|holidays|{_LATIN_DAY}(?:[-,]{_LATIN_DAY})*)\b")


@dataclass(frozen=True)
class Line:
    """Days and hours, as far as they were named, and the words that are left: a name."""

    days: Hours | None
    hours: tuple[time, time] | None
    rest: str

    def shift(self) -> Hours | None:
        """The hours of duty; None while no day is named. Without a time it is the whole day."""
        if self.days is None or self.hours is None:
            return self.days
        return replace(self.days, start=self.hours[0], end=self.hours[1])


def read_line(written: str, now: datetime, zone: ZoneInfo) -> Line:
    """NoSuchDate where a date or a time is none."""
    hours, rest = _take_hours(written)
    days, rest = _take_days(rest, now, zone)
    return Line(days, hours, " ".join(rest.split()))


def _take_hours(written: str) -> tuple[tuple[time, time] | None, str]:
    found = _HOURS.search(written)
    if found is None:
        return None, written
    first, last = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    try:
        start, end = time(*first), time.max if last == (24, 0) else time(*last)
    except ValueError:
        raise NoSuchDate(found[0]) from None
    if start == end:
        raise NoSuchDate(found[0])
    return (start, end), _without(written, found)


def _take_days(written: str, now: datetime, zone: ZoneInfo) -> tuple[Hours | None, str]:
    if found := _KINDS.search(written):
        return Hours((EVERY_DAY, WORKDAYS, FREE_DAYS, "56")[(found.lastindex or 1) - 1]), _without(written, found)
    if found := _LATIN.search(written.lower()):
        return Hours(str(read_days(found[0]))), _without(written, found)
    if found := _RANGE.search(written):
        first, last = _weekday(found[1]), _weekday(found[2])
        return Hours(_sorted(str((first + n) % 7) for n in range((last - first) % 7 + 1))), _without(written, found)
    if found := _DAYS.search(written):
        return Hours(_sorted(str(_weekday(name[0])) for name in _NAMED.finditer(found[0]))), _without(written, found)
    if away := read_span(written, now, zone):
        if away.end - away.start > DAY:
            raise NoSuchDate(written)
        return Hours("", away.start.date()), f"{away.before} {away.after}"
    return None, written


def _weekday(written: str) -> int:
    found = _NAMED.fullmatch(written.strip())
    assert found is not None and found.lastindex is not None
    return found.lastindex - 1


def _sorted(days: object) -> str:
    return "".join(sorted(set(days)))  # type: ignore[call-overload]


def _without(written: str, found: re.Match[str]) -> str:
    return written[: found.start()] + " " + written[found.end() :]
