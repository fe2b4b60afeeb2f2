"""Counted time as people read it: full working days in a row taken together, other days with their hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from handlers.limits.worktime import ALWAYS, Calendar, Span


@dataclass(frozen=True)
class Stretch:
    """From the first day to the last; `whole` days count in full, else `spans` are the hours."""

    first: date
    last: date
    whole: int
    spans: tuple[Span, ...]

    @property
    def length(self) -> timedelta:
        return total(self.spans)


def total(spans: Sequence[Span]) -> timedelta:
    return sum((span.length for span in spans), timedelta())


def stretches(calendar: Calendar, days: Calendar, spans: Sequence[Span]) -> list[Stretch]:
    """`calendar` counted the spans; `days` says on whose wall clock a day begins."""
    if calendar is ALWAYS:
        return [_around_the_clock(days, span) for span in _joined(spans)]
    found: list[Stretch] = []
    for day in _by_day(calendar, spans):
        if found and found[-1].whole and day.whole:
            before = found.pop()
            day = Stretch(before.first, day.last, before.whole + 1, (*before.spans, *day.spans))
        found.append(day)
    return found


def _by_day(calendar: Calendar, spans: Sequence[Span]) -> Iterator[Stretch]:
    for day, found in groupby(spans, key=lambda span: span.start.astimezone(calendar.zone).date()):
        mine = tuple(found)
        yield Stretch(day, day, int(total(mine) == calendar.day), mine)


def _around_the_clock(days: Calendar, span: Span) -> Stretch:
    first, last = (at.astimezone(days.zone).date() for at in (span.start, span.end))
    return Stretch(first, last, 0, (span,))


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Midnight is no break."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end == span.start:
            span = Span(found.pop().start, span.end)
        found.append(span)
    return found
