"""Working time: which hours count towards a limit, and when so many of them are over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FARTHEST = 3660  # days looked ahead before a calendar without working hours is called a fault
Window = tuple[time, time]


@dataclass(frozen=True)
class Span:
    """A stretch of time that counts; both ends are aware, in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Calendar:
    """`workday` says of a date whether it counts; `windows` are the hours of such a day, in order, apart."""

    zone: ZoneInfo
    windows: tuple[Window, ...]
    workday: Callable[[date], bool]

    @property
    def day(self) -> timedelta:
        """What one working day is worth."""
        return sum((_since_midnight(end) - _since_midnight(start) for start, end in self.windows), timedelta())

    def spans(self, start: datetime) -> Iterator[Span]:
        """Everything that counts from this instant on."""
        first = start.astimezone(self.zone).date()
        for ahead in range(FARTHEST):
            for span in self._hours(first + timedelta(days=ahead)):
                if span.end > start:
                    yield Span(max(span.start, start), span.end)

    def counted(self, start: datetime, end: datetime, pauses: Sequence[Span] = ()) -> list[Span]:
        """The stretches between two instants that count; what lies in a pause does not."""
        found = []
        for span in self.spans(start):
            if span.start >= end:
                break
            found += without(Span(span.start, min(span.end, end)), pauses)
        return found

    def after(self, start: datetime, amount: timedelta, pauses: Sequence[Span] = ()) -> datetime:
        """The instant at which `amount` of working time is over."""
        left = amount
        for span in self.spans(start):
            for part in without(span, pauses):
                if part.length >= left:
                    return part.start + left
                left -= part.length
        raise ValueError("no working hours within ten years")

    def closing(self, start: datetime, days: int, at: time) -> datetime:
        """That time on the n-th working day after the day of `start`; never before `start`."""
        day = start.astimezone(self.zone).date()
        left = days
        while left > 0 or not self.workday(day) or self._at(day, at) <= start:
            day += timedelta(days=1)
            left -= self.workday(day)
        return self._at(day, at)

    def opening(self, instant: datetime, *, every_day: bool = False) -> datetime:
        """When work begins on the first working day (or simply day) after the day of this instant."""
        day = instant.astimezone(self.zone).date() + timedelta(days=1)
        while not (every_day or self.workday(day)):
            day += timedelta(days=1)
        return self._at(day, self.windows[0][0])

    def _hours(self, day: date) -> Iterator[Span]:
        if self.workday(day):
            for start, end in self.windows:
                yield Span(self._at(day, start), self._at(day, end))

    def _at(self, day: date, clock: time) -> datetime:
        return (datetime.combine(day, time(), tzinfo=self.zone) + _since_midnight(clock)).astimezone(UTC)


def _since_midnight(clock: time) -> timedelta:
    """A window that ends at the last minute of the day ends with the day."""
    minutes = clock.hour * 60 + clock.minute
    return timedelta(days=1) if clock == time.max else timedelta(minutes=minutes)


ALWAYS = Calendar(ZoneInfo("UTC"), ((time.min, time.max),), lambda day: True)
"""Around the clock, as danger is counted."""


def without(span: Span, pauses: Sequence[Span]) -> list[Span]:
    """What is left of a stretch when the pauses are cut out of it."""
    left = [span]
    for pause in pauses:
        left = [part for whole in left for part in _cut(whole, pause)]
    return left


def _cut(whole: Span, pause: Span) -> list[Span]:
    before = Span(whole.start, min(whole.end, pause.start))
    after = Span(max(whole.start, pause.end), whole.end)
    return [part for part in (before, after) if part.start < part.end]
