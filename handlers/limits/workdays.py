"""Which days are worked in China: statutory holidays, make-up workdays (调休), and a deployment's own days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from holidays import HolidayBase, country_holidays

SATURDAY = 5


@dataclass(frozen=True)
class Workdays:
    """The State Council's list as the package `holidays` has it; `off` and `on` are ours and win."""

    off: Collection[date] = ()
    on: Collection[date] = ()

    def __call__(self, day: date) -> bool:
        """Is this day worked? A year whose schedule is not published yet counts with the statutory days alone."""
        if day in self.on or day in self.off:
            return day in self.on
        return self.listed(day)

    def published(self, year: int) -> bool:
        """Is the year's schedule known? Every published one has had at least one weekend that is worked.

        One that the deployment wrote down itself counts too: by the package it stays unknown until the next version.
        """
        self._china.is_working_day(date(year, 1, 1))
        own = (day for day in self.on if day.weekday() >= SATURDAY)
        return any(day.year == year for day in (*self._china.weekend_workdays, *own))

    def listed(self, day: date) -> bool:
        """Is this day worked by the State Council's list alone?"""
        return bool(self._china.is_working_day(day))

    @cached_property
    def _china(self) -> HolidayBase:
        return country_holidays("CN")
