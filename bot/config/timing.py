"""Settings of working time and limits that have the right type and still cannot work, or not as somebody may expect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.config.faults import Fault, did_you_mean, fault
from handlers.limits.workdays import Workdays
from models.messages import CATEGORIES

if TYPE_CHECKING:
    from bot.config.load import Config

AHEAD = timedelta(days=60)  # a limit opened today may reach so far


def timing_faults(config: Config) -> Iterator[Fault]:
    for day in sorted(set(config.work.on) & set(config.work.off)):
        yield fault(config.language, "work.on", "work_both", day=day)
    for number, rule in enumerate(config.limits.terms, 1):
        if rule.category is not None and rule.category not in CATEGORIES:
            hint = did_you_mean(config.language, rule.category, CATEGORIES)
            values = {"written": rule.category, "known": ", ".join(CATEGORIES)}
            yield fault(config.language, f"limits.terms[{number}].category", "not_among", hint, **values)


def timing_warnings(config: Config) -> Iterator[Fault]:
    yield from _idle_days(config)
    levels = dict.fromkeys(unit.level for unit in config.units if unit.level)
    for number, rule in enumerate(config.limits.terms, 1):
        key = f"limits.terms[{number}]"
        if rule.respond is None and rule.settle is None:
            yield fault(config.language, key, "term_idle")
        if rule.level is not None and config.units and rule.level not in levels:
            hint = did_you_mean(config.language, rule.level, levels)
            yield fault(config.language, f"{key}.level", "term_level", hint, level=rule.level, known=", ".join(levels))


def unpublished_years(config: Config, today: date) -> Iterator[Fault]:
    """Counting goes on with what is known; somebody should know that it may be counted again."""
    days = Workdays(config.work.off, config.work.on)
    for year in sorted({today.year, (today + AHEAD).year}):
        if not days.published(year):
            yield fault(config.language, "work", "year_unpublished", year=year)


def _idle_days(config: Config) -> Iterator[Fault]:
    """Days that the State Council's list has just so."""
    days = Workdays()
    for key, written, worked in (("on", config.work.on, True), ("off", config.work.off, False)):
        for day in written:
            if days.listed(day) == worked:
                yield fault(config.language, f"work.{key}", "work_idle", day=day)
