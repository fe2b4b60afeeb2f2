"""[[routes]]: who is asked first for which matters, where and when. Every line is ours: no source has any."""

import re
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from handlers.duty.hours import EVERY_DAY, FREE_DAYS, WORKDAYS, Hours
from handlers.section import ClockTime, Section, read_time

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KINDS = {"daily": EVERY_DAY, "workdays": WORKDAYS, "holidays": FREE_DAYS}

Days = str | date


def read_days(value: object) -> object:
    """'mon-fri', 'sat,sun', 'daily', 'workdays', 'holidays' -> weekdays as a shift keeps them; a date stays one."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    written = value.strip().lower() if isinstance(value, str) else ""
    if written in KINDS:
        return KINDS[written]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        return date.fromisoformat(written)
    found = [_range(part.strip()) for part in written.split(",")]
    if not all(found):
        raise PydanticCustomError("duty_days", 'write days as "mon-fri", "sat,sun", "workdays" or "2026-10-01"')
    return "".join(sorted({day for days in found for day in days}))


def _range(written: str) -> str:
    first, dash, last = (part.strip() for part in written.partition("-"))
    if first not in NAMES or (dash and last not in NAMES):
        return ""
    start = NAMES.index(first)
    length = (NAMES.index(last) - start) % 7 + 1 if dash else 1
    return "".join(str((start + n) % 7) for n in range(length))


def read_end(value: object) -> object:
    """24:00 ends with the day."""
    return time.max if value in ("24:00", time.max) else read_time(value)


WrittenDays = Annotated[Days, BeforeValidator(read_days)]
End = Annotated[time, BeforeValidator(read_end)]


class Timed(Section):
    """Days, and hours of them; an end before the start is the next morning."""

    days: WrittenDays = EVERY_DAY
    start: ClockTime = time()
    end: End = time.max

    @property
    def hours(self) -> Hours:
        if isinstance(self.days, date):
            return Hours("", self.days, self.start, self.end)
        return Hours(self.days, None, self.start, self.end)


class Route(Timed):
    """The first line that fits and whose role has somebody on duty wins. What is not said fits everything."""

    categories: tuple[str, ...] = ()
    units: tuple[str, ...] = ()  # and all below them
    scope: tuple[str, ...] = ()  # places, as people write them in the file; normalised when it is read
    urgent: bool | None = None
    role: Literal[
        "grid_member", "deputy", "building_contact", "cadre", "supervisor", "property", "volunteer", "mediator"
    ]

    def fits(self, units: list[str], place_key: str, category: str, urgent: bool) -> bool:
        """Everything but the hours. `units`: the matter's own and those above it, by name."""
        return (
            (not self.categories or category in self.categories)
            and (self.urgent is None or self.urgent == urgent)
            and (not self.units or any(name in self.units for name in units))
            and (not self.scope or any(place_key == s or place_key.startswith(f"{s}-") for s in self.scope))
        )
