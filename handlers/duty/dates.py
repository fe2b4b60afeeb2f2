"""From when until when somebody is away, as people write it: 3月9日到12日, 明天, 2026-03-09 14:00 to 2026-03-12."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.duty.hours import DAY

_DATE = r"(?:(?:(?P<y{n}>\d{{4}})\s*[-/.年]\s*)?(?P<m{n}>\d{{1,2}})\s*[-/.月]\s*)?(?P<d{n}>\d{{1,2}})\s*[日号]?"
_NEAR = r"(?P<today{n}>今天|today)|(?P<next{n}>明天|tomorrow)|(?P<after{n}>后天)"
_CLOCK = r"(?:\s*(?P<h{n}>\d{{1,2}})\s*[:：]\s*(?P<min{n}>\d{{2}}))?"
_END = rf"(?:{_NEAR}|{_DATE}){_CLOCK}"
_SPAN = re.compile(rf"(?:{_END.format(n=1)})(?:\s*(?:到|至|[-–—~～]|\bto\b)\s*(?:{_END.format(n=2)}))?", re.IGNORECASE)
FAR = 180  # days back at which a date without its year means the coming one


class NoSuchDate(ValueError):
    """Written like a date, but the calendar has none like it, or it ends before it begins."""


@dataclass(frozen=True)
class Away:
    """Two instants, and the words around them."""

    start: datetime
    end: datetime
    before: str
    after: str


def read_span(written: str, now: datetime, zone: ZoneInfo) -> Away | None:
    """None where no date is named; NoSuchDate where there is none such. A last day without a time is a whole day."""
    found = next((f for f in _SPAN.finditer(written) if _names_a_day(f)), None)
    if found is None:
        return None
    today = now.astimezone(zone).date()
    first = _day(found, "1", today, None)
    last = _day(found, "2", today, first) if _given(found, "2") else first
    start = datetime.combine(first, _clock(found, "1") or time(), tzinfo=zone)
    at = _clock(found, "2")
    end = datetime.combine(last, at, tzinfo=zone) if at else datetime.combine(last + DAY, time(), tzinfo=zone)
    if end <= start:
        raise NoSuchDate(written)
    return Away(start, end, written[: found.start()].strip(), written[found.end() :].strip())


def _names_a_day(found: re.Match[str]) -> bool:
    """A bare number is no date."""
    return any(found[name] for name in ("m1", "today1", "next1", "after1"))


def _given(found: re.Match[str], n: str) -> bool:
    return any(found[name + n] for name in ("d", "today", "next", "after"))


def _day(found: re.Match[str], n: str, today: date, first: date | None) -> date:
    for name, ahead in (("today", 0), ("next", 1), ("after", 2)):
        if found[name + n]:
            return today + timedelta(days=ahead)
    month = int(found["m" + n]) if found["m" + n] else (first or today).month
    year = int(found["y" + n]) if found["y" + n] else (first or today).year
    try:
        day = date(year, month, int(found["d" + n]))
        past = day < first if first else (today - day).days > FAR
        return day.replace(year=year + 1) if past and not found["y" + n] and found["m" + n] else day
    except ValueError:
        raise NoSuchDate(found[0]) from None


def _clock(found: re.Match[str], n: str) -> time | None:
    if found["h" + n] is None:
        return None
    try:
        return time(int(found["h" + n]), int(found["min" + n]))
    except ValueError:
        raise NoSuchDate(found[0]) from None
