"""By when an answer is due, and which hours count. Every figure is ours: no source gives any (R34)."""

import re
from contextlib import suppress
from datetime import date, time
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from handlers.limits.terms import Term
from handlers.section import ClockTime, Section, read_time


def read_window(value: object) -> object:
    """'08:30-12:00' -> (08:30, 12:00); 24:00 ends with the day."""
    with suppress(PydanticCustomError, ValueError):  # no time, or not two of them
        first, last = re.split(r"\s*[-–]\s*", value.strip() if isinstance(value, str) else "")
        start, end = read_time(first), time.max if last == "24:00" else read_time(last)
        if isinstance(start, time) and isinstance(end, time) and start < end:
            return (start, end)
    raise PydanticCustomError("window", 'write working hours as "08:30-12:00", the later time last')


def read_windows(value: object) -> object:
    """Windows in order, none of which reaches into the next."""
    windows = [read_window(v) for v in value] if isinstance(value, list | tuple) else []
    ends = [t for window in windows for t in window]  # type: ignore[attr-defined]
    if not windows or ends != sorted(ends):
        raise PydanticCustomError("windows", 'list the working hours of a day in order, e.g. ["08:30-12:00"]')
    return tuple(windows)


def read_term(value: object) -> object:
    """'3d 18:00', '3h', '90m', '30m!' (around the clock)."""
    if isinstance(value, Term):
        return value
    try:
        return Term.read(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError("term", 'write a limit as "3d 18:00", "3h", "90m" or "30m!"') from None


Written = Annotated[Term, BeforeValidator(read_term), PlainSerializer(str)]


class Work(Section):
    """Which hours count: windows of a working day; days that are worked or not against the State Council's list."""

    hours: Annotated[tuple[tuple[time, time], ...], BeforeValidator(read_windows)] = (
        (time(8, 30), time(12)),
        (time(14), time(18)),
    )
    off: tuple[date, ...] = ()
    on: tuple[date, ...] = ()


class TermRule(Section):
    """One line of the table: the first that fits and gives a limit wins. What is not said fits everything."""

    category: str | None = None
    level: str | None = None  # of the unit that has it: 网格, 社区 …
    urgent: bool | None = None
    respond: Written | None = None
    settle: Written | None = None

    def fits(self, category: str, level: str, urgent: bool) -> bool:
        asked = ((self.category, category), (self.level, level), (self.urgent, urgent))
        return all(wanted is None or wanted == given for wanted, given in asked)


class Limits(Section):
    """`terms` is the table; where it says nothing, the plain figures hold."""

    answer_days: Annotated[int, Field(ge=0, le=60)] = 3  # working days
    answer_at: ClockTime = time(18)
    take_hours: Annotated[int, Field(ge=1, le=240)] = 3  # working hours until a first word
    take_above: Written = Term(days=1)  # the same for the levels above
    urgent_minutes: Annotated[int, Field(ge=5, le=600)] = 30  # until a first word, around the clock
    urgent_hours: Annotated[int, Field(ge=1, le=48)] = 2
    terms: tuple[TermRule, ...] = ()
    join_minutes: Annotated[int, Field(ge=0, le=1440)] = 10  # one person's next lines about the same thing
    join_days: Annotated[int, Field(ge=0, le=60)] = 3  # same place and class counts as the same matter
    confirm_days: Annotated[int, Field(ge=1, le=60)] = 7  # so long 没好 takes up again what nobody confirmed
    wish_households: Annotated[int, Field(ge=2, le=1000)] = 3  # so many wish for the same: it may be reported up (R2)
    extend_days: Annotated[int, Field(ge=1, le=365)] = 30  # calendar days by which one 延期 may put off the answer
    suspend_days: Annotated[int, Field(ge=1, le=365)] = 30  # calendar days that one matter may be 挂账 in all
    repeat_times: Annotated[int, Field(ge=1, le=100)] = 2  # so often it came back: it may be closed for good (R36)
