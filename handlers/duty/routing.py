"""Who is asked for a new matter: by its class, place and hour, and who is on duty then. Looks up, changes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.desk import Desk
from handlers.duty.roster import LEVEL, OnDuty, Roster, read_roster
from handlers.duty.settings import Route
from models.people import Person
from models.units import Unit

OWN = ("grid_member", "deputy")
ABOVE = ("cadre", "supervisor")
Way = Literal["route", "own", "above"]


@dataclass(frozen=True)
class Matter:
    """What of a matter decides who is asked. `about`: whom it is about; they are never asked."""

    place_key: str = ""
    category: str = ""
    urgent: bool = False
    about: Person | None = None


def route(
    desk: Desk, unit: Unit, place_key: str, category: str, urgent: bool, at: datetime, channel: str = ""
) -> Person | None:
    """Who would be asked at that instant; whom this channel can reach goes before whom it cannot."""
    matter = Matter(place_key, category, urgent)
    found = routed(read_roster(desk, unit), desk.policy.routes, unit, matter, at, channel)
    return found.person if found else None


def routed(
    roster: Roster, routes: Sequence[Route], unit: Unit, matter: Matter, at: datetime, channel: str = ""
) -> OnDuty | None:
    """The same on a roster that was read before."""
    return next((found for _, found in ways(roster, routes, unit, matter, at, channel)), None)


def ways(
    roster: Roster, routes: Sequence[Route], unit: Unit, matter: Matter, at: datetime, channel: str = ""
) -> Iterator[tuple[Way, OnDuty]]:
    """Whoever is asked first, and by which way; then whom each further circle of people would have."""
    for way, tier in _tiers(roster, routes, unit, matter, at):
        if asked := [d for d in tier if d.person is not matter.about]:
            yield way, next((d for d in asked if channel and d.person.identity(channel)), asked[0])


def _tiers(
    roster: Roster, routes: Sequence[Route], unit: Unit, matter: Matter, at: datetime
) -> Iterator[tuple[Way, list[OnDuty]]]:
    """Circles of people, the first that is not empty is asked: routes, those of the grid, the levels above."""
    if roster.passed_over(unit, matter.about):
        yield "above", [d for level in roster.levels(unit, at, matter.about) for d in level]
        yield "above", [d for u in reversed(unit.ladder()) for d in roster.here(u, at, LEVEL)]  # nobody is: a peer
        return
    for tier in _by_routes(roster, routes, unit, matter, at):
        yield "route", tier
    yield "own", roster.here(unit, at, OWN)
    yield "above", [d for u in unit.ladder() for d in roster.here(u, at, ABOVE)]


def _by_routes(
    roster: Roster, routes: Sequence[Route], unit: Unit, matter: Matter, at: datetime
) -> Iterator[list[OnDuty]]:
    ladder = unit.ladder() if routes else []
    names = [u.name for u in ladder]
    local = at.astimezone(roster.calendar.zone)
    for line in routes:
        if line.fits(names, matter.place_key, matter.category, matter.urgent) and line.hours.hold(
            local, roster.calendar.workday
        ):
            yield from (roster.posted(u, at, (line.role,), matter.place_key) for u in ladder)
