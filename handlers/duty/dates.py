"""From when until when somebody is away, as people write it: 3月9日到12日, 明天, 2026-03-09 14:00 to 2026-03-12."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.duty.hours import DAY

_END = re.compile(
    r"(?:(今天|today)|(明天|tomorrow)|(后天)|(?:(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*)?(\d{1,2})\s*[日号]?)"
    r"(?:\s*(\d{1,2})\s*[:：]\s*(\d{2}))?"
).pattern
_SPAN = re.compile(rf"{_END}(?:\s*(?:到|至|[-–—~～]|\bto\b)\s*{_END})?", re.IGNORECASE)
FAR = 180  # days back at which a date without its year means the coming one; nobody is away for longer


class NoSuchDate(ValueError):
    """Written like a date, but the calendar has none like it, or it ends before it begins."""


@dataclass(frozen=True)
class Away:
    """Two instants, and the words around them."""

    start: datetime
    end: datetime
    before: str
    after: str


@dataclass(frozen=True)
class Written:
    """One end of a span, in the pieces of the pattern."""

    today: str | None
    tomorrow: str | None
    after: str | None
    year: str | None
    month: str | None
    number: str | None
    hour: str | None
    minute: str | None

    @property
    def names_a_day(self) -> bool:
        """A bare number is no date."""
        return any((self.month, self.today, self.tomorrow, self.after))

    @property
    def clock(self) -> time | None:
        if self.hour is None or self.minute is None:
            return None
        try:
            return time(int(self.hour), int(self.minute))
        except ValueError:
            raise NoSuchDate(self.hour) from None

    def day(self, today: date, first: date | None = None) -> date:
        """What is left out is that of the first day, or of today; a date long past means the coming one."""
        for ahead, named in enumerate((self.today, self.tomorrow, self.after)):
            if named:
                return today + timedelta(days=ahead)
        known = first or today
        try:
            day = date(int(self.year or known.year), int(self.month or known.month), int(self.number or 0))
            past = day < first if first else (today - day).days > FAR
            return day.replace(year=day.year + 1) if past and self.month and not self.year else day
        except ValueError:
            raise NoSuchDate(self.number) from None


def read_span(written: str, now: datetime, zone: ZoneInfo) -> Away | None:
    """None where no date is named; NoSuchDate where there is none such. A last day without a time is a whole day."""
    found = next((f for f in _SPAN.finditer(written) if Written(*f.groups()[:8]).names_a_day), None)
    if found is None:
        return None
    one, other = Written(*found.groups()[:8]), Written(*found.groups()[8:])
    today = now.astimezone(zone).date()
    first = one.day(today)
    last = other.day(today, first) if any(found.groups()[8:]) else first
    start = datetime.combine(first, one.clock or time(), tzinfo=zone)
    at = other.clock
    end = datetime.combine(last, at, tzinfo=zone) if at else datetime.combine(last + DAY, time(), tzinfo=zone)
    if not timedelta() < end - start < timedelta(days=FAR):
        raise NoSuchDate(written)
    return Away(start, end, written[: found.start()].strip(), written[found.end() :].strip())
