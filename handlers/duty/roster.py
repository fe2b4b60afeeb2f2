"""Who is on duty in a unit at an instant: shifts first, then posts by rank; leave brings the stand-in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.desk import Desk
from handlers.duty.hours import Hours
from handlers.limits.worktime import Calendar
from models.people import ON_DUTY, Person, Post, posts_in
from models.roster import Leave, leaves_after, shifts_in
from models.units import Unit

LEVEL = ("cadre", "supervisor", "grid_member", "deputy")  # who answers for a unit above a grid, in the order of asking


@dataclass(frozen=True)
class OnDuty:
    """Somebody who can be asked for a unit. `absent`: whose place they take."""

    person: Person
    unit: Unit
    role: str
    absent: Person | None = None


@dataclass(frozen=True)
class Roster:
    """Posts, shifts and leave of some units and of all above them, read once: asking costs no query."""

    calendar: Calendar
    posts: Mapping[int, Sequence[Post]]
    shifts: Mapping[int, Sequence[tuple[Hours, Person]]]
    leaves: Mapping[int, Sequence[Leave]]

    def here(self, unit: Unit, at: datetime, roles: Sequence[str] = ON_DUTY) -> list[OnDuty]:
        """Everybody of these roles on duty, in the order of asking; whoever has the shift stands before them."""
        shifted = self.on_shift(unit, at)
        found = [self.present(OnDuty(p, unit, self._role(p, unit)), at) for p in shifted]
        return _once([*found, *self.posted(unit, at, roles)])

    def posted(self, unit: Unit, at: datetime, roles: Sequence[str], place_key: str | None = None) -> list[OnDuty]:
        """The same by their posts alone; with a place, those who answer for it."""
        held = [p for p in self.posts.get(unit.id, ()) if p.role in roles]
        held = [p for p in held if place_key is None or p.covers(place_key)]
        shifted = self.on_shift(unit, at) if any(p.part_time for p in held) else ()
        held = [p for p in held if not p.part_time or p.person in shifted]
        held.sort(key=lambda p: roles.index(p.role))
        return _once([self.present(OnDuty(p.person, unit, p.role), at) for p in held])

    def on_shift(self, unit: Unit, at: datetime) -> list[Person]:
        """Whose hours these are; a shift of somebody who has no post here or above any more counts for nothing."""
        shifts = self.shifts.get(unit.id, ())
        local = at.astimezone(self.calendar.zone) if shifts else at
        return [p for hours, p in shifts if hours.hold(local, self.calendar.workday) and self._role(p, unit)]

    def levels(self, unit: Unit, at: datetime, about: Person | None = None) -> list[list[OnDuty]]:
        """Who can be asked, level by level, nearest first. A matter about one of them goes to the level above."""
        found = [self.here(u, at, LEVEL if n else ON_DUTY) for n, u in enumerate(unit.ladder())]
        found = [[d for d in level if d.person is not about] for level in found[self.passed_over(unit, about) :]]
        return [level for level in found if level]

    def passed_over(self, unit: Unit, about: Person | None) -> int:
        """How many levels a matter about this person passes over: those at which they are answerable, and below."""
        held = [[p for p in self.posts.get(u.id, ()) if p.person is about] for u in unit.ladder()]
        return max((n for n, posts in enumerate(held, 1) if any(p.role in ON_DUTY for p in posts)), default=0)

    def present(self, duty: OnDuty, at: datetime) -> OnDuty | None:
        """This person, or their stand-in while they are away; None where there is none."""
        person, passed = duty.person, {duty.person.id}
        while leave := self.leave_of(person, at):
            if leave.stand_in is None or leave.stand_in.id in passed:
                return None
            person = leave.stand_in
            passed.add(person.id)
        return duty if person is duty.person else OnDuty(person, duty.unit, duty.role, duty.person)

    def leave_of(self, person: Person, at: datetime) -> Leave | None:
        return next((x for x in self.leaves.get(person.id, ()) if x.start <= at < x.end), None)

    def _role(self, person: Person, unit: Unit) -> str:
        """What this person is here or above; empty when nothing."""
        held = (p.role for u in unit.ladder() for p in self.posts.get(u.id, ()) if p.person_id == person.id)
        return next(held, "")


def read_roster(desk: Desk, *units: Unit) -> Roster:
    """The roster of these units and all above them, of everybody where none is named."""
    ids = {u.id for unit in units for u in unit.ladder()} if units else None
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in posts_in(desk.session, ids):
        posts[post.unit_id].append(post)
    shifts: dict[int, list[tuple[Hours, Person]]] = defaultdict(list)
    for shift in shifts_in(desk.session, ids):
        shifts[shift.unit_id].append((Hours.of(shift), shift.person))
    leaves: dict[int, list[Leave]] = defaultdict(list)
    for leave in leaves_after(desk.session, desk.now):
        leaves[leave.person_id].append(leave)
    return Roster(desk.calendar, posts, shifts, leaves)


def on_duty(desk: Desk, unit: Unit, at: datetime | None = None) -> list[OnDuty]:
    """Everybody who can be asked for this unit at that instant (now, or later), in the order of asking."""
    return read_roster(desk, unit).here(unit, at or desk.now)


def _once(found: Sequence[OnDuty | None]) -> list[OnDuty]:
    first: dict[int, OnDuty] = {}
    for duty in found:
        if duty is not None:
            first.setdefault(duty.person.id, duty)
    return list(first.values())


def everyone(levels: Sequence[Sequence[OnDuty]]) -> Iterator[Person]:
    """The people of all levels, each once, nearest first."""
    yield from dict.fromkeys(d.person for level in levels for d in level)
