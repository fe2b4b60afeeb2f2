"""One limit as people write it ("3d 18:00", "3h", "30m!"), and when it ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from handlers.limits.worktime import ALWAYS, Calendar, Span

_DAYS, _HOURS, _MINUTES = (
    r"(?P<days>\d{1,3})d(?:\s+(?P<at>\d{1,2}:\d{2}))?",
    r"(?P<hours>\d{1,3})h",
    r"(?P<minutes>\d{1,4})m",
)
_WRITTEN = re.compile(rf"(?:{_DAYS}|{_HOURS}|{_MINUTES})(?P<clock>!?)")


@dataclass(frozen=True)
class Term:
    """So many working days (until a time of the last one, where `at` is given), or so much working time.

    `clock`: counted around the clock, holidays and nights included, as danger is.
    """

    days: int = 0
    at: time | None = None
    amount: timedelta = timedelta()
    clock: bool = False

    @classmethod
    def read(cls, written: str) -> "Term":
        """ValueError when it is no term: nothing at all, or a time of a working day counted around the clock."""
        found = _WRITTEN.fullmatch(written.strip())
        if not found:
            raise ValueError(written)
        at = time.fromisoformat(found["at"].zfill(5)) if found["at"] else None
        amount = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
        term = cls(int(found["days"] or 0), at, amount, bool(found["clock"]))
        if not (term.days or term.amount or at) or (at and term.clock):
            raise ValueError(written)
        return term

    def __str__(self) -> str:
        if self.days or self.at:
            written = f"{self.days}d" + (f" {self.at:%H:%M}" if self.at else "")
        else:
            minutes = round(self.amount.total_seconds() / 60)
            written = f"{minutes}m" if minutes % 60 else f"{minutes // 60}h"
        return written + "!" * self.clock

    def ends(self, calendar: Calendar, start: datetime, pauses: Sequence[Span] = ()) -> datetime:
        """When it is over, counted from `start`; a pause puts the end off by the time it covers."""
        end = self._plain_end(calendar, start)
        return self.after(calendar, start, self.between(calendar, start, end), pauses) if pauses else end

    def after(self, calendar: Calendar, start: datetime, amount: timedelta, pauses: Sequence[Span] = ()) -> datetime:
        """The instant at which so much counted time is over."""
        return (ALWAYS if self.clock else calendar).after(start, amount, pauses)

    def between(self, calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span] = ()) -> timedelta:
        """How much counted time lies between two instants."""
        counting = ALWAYS if self.clock else calendar
        return sum((span.length for span in counting.counted(start, end, pauses)), timedelta())

    def _plain_end(self, calendar: Calendar, start: datetime) -> datetime:
        if self.at is not None and not self.clock:
            return calendar.closing(start, self.days, self.at)
        return self.after(calendar, start, self.days * (ALWAYS if self.clock else calendar).day + self.amount)
