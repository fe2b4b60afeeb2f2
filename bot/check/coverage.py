"""gridbot check --coverage: for each grid, class and minute of a week, is there anybody to ask, and above to go on?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.duty.hours import DAY
from handlers.duty.roster import LEVEL, OnDuty, Roster, read_roster
from handlers.duty.routing import Matter, ways
from handlers.duty.settings import Route
from handlers.policy import Policy
from models.chats import groups_with_unit
from models.messages import CATEGORIES
from models.people import Post
from models.units import Unit, all_units

Kind = Literal["nobody", "above", "end", "skipped"]
Case = tuple[str, bool]  # class, urgent
EVERY_CASE: frozenset[Case] = frozenset((c, urgent) for c in CATEGORIES for urgent in (False, True))
HOUR = timedelta(hours=1)
WORST: tuple[Kind, ...] = ("nobody", "end")  # nobody at all; the others fall to somebody


@dataclass(frozen=True)
class Hole:
    """In this stretch these cases of the unit find nobody of its own. `to`: who has them instead, if anybody."""

    kind: Kind
    unit: Unit
    start: datetime
    end: datetime
    cases: frozenset[Case] = EVERY_CASE
    to: OnDuty | None = None


@dataclass(frozen=True)
class Row:
    """A unit's week; what no hole covers is covered."""

    unit: Unit
    holes: tuple[Hole, ...]


def coverage(session: Session, policy: Policy, start: datetime) -> list[Row]:
    """Seven days from `start` (a midnight): the grids, then every level above. The tables are read once."""
    desk = Desk(session, start, policy)
    roster = read_roster(desk)
    units, groups = all_units(session), groups_with_unit(session)
    with_residents = {chat.unit_id for chat in groups if chat.kind == "residents"}
    above = {u.parent_id for u in units}
    grids = [u for u in units if u.id in with_residents or (u.id not in above and not _is_department(roster, u))]
    levels = [u for u in units if u.id in above]
    found = [Row(u, tuple(merged(_holes(roster, policy.routes, u, start)))) for u in grids]
    return found + [Row(u, tuple(merged(_gaps(roster, u, start)))) for u in levels]


def finds_nobody(rows: Sequence[Row]) -> bool:
    """Is there a stretch with nobody at all?"""
    return any(hole.kind in WORST for row in rows for hole in row.holes)


def merged(pieces: Iterator[Hole]) -> Iterator[Hole]:
    """Stretches that follow each other and are alike become one."""
    open_: dict[tuple[object, ...], Hole] = {}
    for piece in pieces:
        alike = (piece.kind, piece.cases, piece.to.person.id if piece.to else None)
        before = open_.get(alike)
        if before is not None and before.end == piece.start:
            open_[alike] = Hole(piece.kind, piece.unit, before.start, piece.end, piece.cases, piece.to)
            continue
        if before is not None:
            yield before
        open_[alike] = piece
    yield from open_.values()


def _holes(roster: Roster, routes: Sequence[Route], grid: Unit, start: datetime) -> Iterator[Hole]:
    """Pieces of the week in which a new matter would not stay in the grid."""
    circles = _alike(routes, grid)
    for first, last in _stretches(roster, routes, grid, start):
        outcomes: dict[tuple[Kind, OnDuty | None], frozenset[Case]] = {}
        for cases in circles:
            category, urgent = min(cases)
            way, asked = next(ways(roster, routes, grid, Matter("", category, urgent), first), ("", None))
            if asked is None:
                outcomes["nobody", None] = outcomes.get(("nobody", None), frozenset()) | cases
            elif way == "above" and asked.unit is not grid:
                outcomes["above", asked] = outcomes.get(("above", asked), frozenset()) | cases
        for (kind, to), cases in outcomes.items():
            yield Hole(kind, grid, first, last, cases, to)


def _gaps(roster: Roster, unit: Unit, start: datetime) -> Iterator[Hole]:
    """Pieces in which what is late below cannot be handed to this level."""
    for first, last in _stretches(roster, (), unit, start):
        here, *further = [roster.here(u, first, LEVEL) for u in unit.ladder()]
        if not here:
            to = next((level[0] for level in further if level), None)
            yield Hole("skipped" if to else "end", unit, first, last, to=to)


def _alike(routes: Sequence[Route], grid: Unit) -> list[frozenset[Case]]:
    """Cases that the same routes fit need one look only."""
    names = [u.name for u in grid.ladder()]
    found: dict[tuple[int, ...], frozenset[Case]] = {}
    for category, urgent in sorted(EVERY_CASE):
        fitting = tuple(n for n, line in enumerate(routes) if line.fits(names, "", category, urgent))
        found[fitting] = found.get(fitting, frozenset()) | {(category, urgent)}
    return list(found.values())


def _stretches(
    roster: Roster, routes: Sequence[Route], unit: Unit, start: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The week cut wherever who is on duty may change; between two cuts nothing does."""
    ladder = unit.ladder()
    clocks = {time()}
    for hours in [h for u in ladder for h, _ in roster.shifts.get(u.id, ())] + [line.hours for line in routes]:
        clocks |= {hours.start, hours.end}
    days = [(start + n * DAY).date() for n in range(8)]
    cuts = {datetime.combine(day, clock, tzinfo=start.tzinfo) for day in days for clock in clocks if clock != time.max}
    absences = [x for u in ladder for x in _absences(roster, roster.posts.get(u.id, ()))]
    cuts |= {moment.astimezone(start.tzinfo) for absence in absences for moment in absence}
    inside = sorted(cut for cut in cuts if start <= cut <= start + 7 * DAY)
    return zip(inside, inside[1:], strict=False)


def _absences(roster: Roster, posts: Sequence[Post]) -> Iterator[tuple[datetime, datetime]]:
    """Leave of these people; that of their stand-ins matters too, and is rare enough to take all."""
    if any(post.person_id in roster.leaves for post in posts):
        yield from ((leave.start, leave.end) for leaves in roster.leaves.values() for leave in leaves)


def _is_department(roster: Roster, unit: Unit) -> bool:
    """It stands beside the ladder and has no residents."""
    return {post.role for post in roster.posts.get(unit.id, ())} == {"department"}
