"""Hours of duty: on which days, from when until when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.roster import Shift

DAY = timedelta(days=1)
WORKDAYS, FREE_DAYS, EVERY_DAY = "W", "H", "0123456"


@dataclass(frozen=True)
class Hours:
    """`weekdays`: 0 = Monday, "W" a working day, "H" a day off; or one `day`. `end` until `start` is the next morning.

    A day that ends at 24:00 ends at `time.max`.
    """

    weekdays: str = EVERY_DAY
    day: date | None = None
    start: time = time()
    end: time = time.max

    @classmethod
    def of(cls, shift: Shift) -> "Hours":
        return cls(shift.weekdays, shift.day, shift.start, shift.end)

    def hold(self, local: datetime, workday: Callable[[date], bool]) -> bool:
        """Is this instant, on the wall clock, within them?"""
        today, at = local.date(), local.time()
        if self.start < self.end:
            return self.start <= at < self.end and self._on(today, workday)
        return self._on(today, workday) if at >= self.start else at < self.end and self._on(today - DAY, workday)

    def _on(self, day: date, workday: Callable[[date], bool]) -> bool:
        if self.day is not None:
            return day == self.day
        if self.weekdays in (WORKDAYS, FREE_DAYS):
            return workday(day) == (self.weekdays == WORKDAYS)
        return str(day.weekday()) in self.weekdays
