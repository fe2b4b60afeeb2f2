"""What must hold of shifts, leave and routes, and what is merely odd about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.config.faults import Fault, did_you_mean, fault
from models.messages import CATEGORIES

if TYPE_CHECKING:
    from bot.config.load import Config


def duty_faults(config: Config) -> list[Fault]:
    """What makes the roster unusable."""
    return [found for check in (_shifts, _leaves, _overlaps, _routes) for found in check(config)]


def duty_warnings(config: Config) -> list[Fault]:
    """What will work, but leaves somebody out."""
    return [found for check in (_idle_part_timers, _away_together, _idle_routes) for found in check(config)]


def _unknown(config: Config, key: str, name: str) -> Iterator[Fault]:
    names = [person.name for person in config.people]
    if name not in names:
        yield fault(config.language, key, "person_unknown", did_you_mean(config.language, name, names), name=name)


def _unknown_unit(config: Config, key: str, name: str) -> Iterator[Fault]:
    names = [unit.name for unit in config.units]
    if name not in names:
        yield fault(config.language, key, "unit_unknown", did_you_mean(config.language, name, names), name=name)


def _shifts(config: Config) -> Iterator[Fault]:
    for number, shift in enumerate(config.shifts, 1):
        key = f"shifts[{number}]"
        wrong = [*_unknown_unit(config, f"{key}.unit", shift.unit), *_unknown(config, f"{key}.person", shift.person)]
        yield from wrong
        if not wrong and not config.serves(shift.person, shift.unit):
            yield fault(config.language, f"{key}.person", "shift_outsider", name=shift.person, unit=shift.unit)
        if shift.start == shift.end:
            yield fault(config.language, f"{key}.end", "shift_empty")


def _leaves(config: Config) -> Iterator[Fault]:
    for number, leave in enumerate(config.leaves, 1):
        key = f"leaves[{number}]"
        yield from _unknown(config, f"{key}.person", leave.person)
        if leave.stand_in is not None:
            yield from _unknown(config, f"{key}.stand_in", leave.stand_in)
        if leave.stand_in == leave.person:
            yield fault(config.language, f"{key}.stand_in", "stand_in_same", name=leave.person)
        start, end = leave.within(_zone(config))
        if end <= start:
            yield fault(config.language, f"{key}.end", "leave_empty")


def _overlaps(config: Config) -> Iterator[Fault]:
    zone = _zone(config)
    for number, leave in enumerate(config.leaves, 1):
        start, end = leave.within(zone)
        for earlier, other in enumerate(config.leaves[: number - 1], 1):
            other_start, other_end = other.within(zone)
            if other.person == leave.person and start < other_end and other_start < end:
                key = f"leaves[{number}].start"
                yield fault(config.language, key, "leave_overlap", name=leave.person, other=f"leaves[{earlier}]")


def _routes(config: Config) -> Iterator[Fault]:
    for number, route in enumerate(config.routes, 1):
        key = f"routes[{number}]"
        for name in route.units:
            yield from _unknown_unit(config, f"{key}.units", name)
        for name in route.categories:
            if name not in CATEGORIES:
                hint = did_you_mean(config.language, name, CATEGORIES)
                known = ", ".join(CATEGORIES)
                yield fault(config.language, f"{key}.categories", "not_among", hint, written=name, known=known)
        if route.start == route.end:
            yield fault(config.language, f"{key}.end", "shift_empty")


def _idle_part_timers(config: Config) -> Iterator[Fault]:
    """Without a shift they are never on duty."""
    shifted = {(shift.person, shift.unit) for shift in config.shifts}
    for number, person in enumerate(config.people, 1):
        for count, post in enumerate(person.posts, 1):
            if post.part_time and (person.name, post.unit) not in shifted:
                key = f"people[{number} {person.name}].posts[{count}].part_time"
                yield fault(config.language, key, "part_time_idle", name=person.name)


def _away_together(config: Config) -> Iterator[Fault]:
    zone = _zone(config)
    for number, leave in enumerate(config.leaves, 1):
        start, end = leave.within(zone)
        for other in config.leaves:
            other_start, other_end = other.within(zone)
            if other.person == leave.stand_in and start < other_end and other_start < end:
                yield fault(config.language, f"leaves[{number}].stand_in", "stand_in_away", name=other.person)


def _idle_routes(config: Config) -> Iterator[Fault]:
    held = {post.role for person in config.people for post in person.posts}
    for number, route in enumerate(config.routes, 1):
        if config.people and route.role not in held:
            yield fault(config.language, f"routes[{number}].role", "route_idle", role=route.role)


def _zone(config: Config) -> ZoneInfo:
    """Another check names a zone that does not exist."""
    try:
        return ZoneInfo(config.zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
