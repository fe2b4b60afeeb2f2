"""Units, people and groups as the file writes them: they seed the tables."""

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, Strict, StringConstraints
from pydantic_core import PydanticCustomError

from handlers.duty.hours import DAY
from handlers.duty.settings import Timed
from handlers.policy import Threshold
from handlers.section import Section
from models.people import Role

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[int, Strict()]  # `true` must not become the id 1


class Unit(Section):
    """One knot of the tree: a grid, a community, a street. Depth and the words for the levels are data.

    `landmarks`: places as the neighbours call them, which no general rule can know.
    """

    name: Name
    level: str = ""
    parent: Name | None = None
    landmarks: tuple[Name, ...] = ()


class Post(Section):
    """What a person does in a unit; `scope` names the buildings of a building contact as people write them."""

    unit: Name
    role: Role
    scope: tuple[Name, ...] = ()
    part_time: bool = False  # on duty in their shifts only


class Person(Section):
    name: Name
    telegram: Annotated[Id, Field(gt=0)] | None = None
    phone: str = ""
    posts: tuple[Post, ...] = ()


class Group(Section):
    """Which chat belongs to which unit; a unit may have several. Thresholds not given are those of [reading]."""

    unit: Name
    telegram: Id
    kind: Literal["residents", "staff"] = "residents"
    reading_open: Threshold | None = None
    reading_ask: Threshold | None = None


class Shift(Timed):
    """Hours in which this person is asked first in the unit."""

    unit: Name
    person: Name


def read_moment(value: object) -> object:
    """'2026-03-09' (that day) or '2026-03-09 14:00' (wall time)."""
    if isinstance(value, date):
        return value
    written = value.strip() if isinstance(value, str) else ""
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
            return date.fromisoformat(written)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}", written):
            return datetime.fromisoformat(written)
    raise PydanticCustomError("duty_moment", 'write a day as "2026-03-09", or with its time as "2026-03-09 14:00"')


Moment = Annotated[date | datetime, BeforeValidator(read_moment)]


class Leave(Section):
    """Somebody is away, whole days (the last one included) or until a time; `stand_in` has their work meanwhile."""

    person: Name
    stand_in: Name | None = None
    start: Moment
    end: Moment
    reason: str = ""

    def within(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Away from the first instant until the second."""
        return _instant(self.start, zone), _instant(self.end, zone, DAY)


def _instant(moment: date | datetime, zone: ZoneInfo, whole_day: timedelta = timedelta()) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=moment.tzinfo or zone)
    return datetime.combine(moment + whole_day, time(), tzinfo=zone)


class Roll(Section):
    """Who is where: the part of the file that seeds the tables."""

    units: tuple[Unit, ...] = ()
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    shifts: tuple[Shift, ...] = ()
    leaves: tuple[Leave, ...] = ()

    def roles_in(self, unit: str) -> set[str]:
        return {post.role for person in self.people for post in person.posts if post.unit == unit}

    def serves(self, name: str, unit: str) -> bool:
        """Has anybody of this name a post in the unit or above it?"""
        above = {unit.name: unit.parent for unit in self.units}
        ladder: list[str | None] = []
        rung: str | None = unit
        while rung is not None and rung not in ladder:
            ladder.append(rung)
            rung = above.get(rung)
        return any(p.unit in ladder for person in self.people if person.name == name for p in person.posts)

    def has_below(self, unit: str) -> bool:
        return any(below.parent == unit for below in self.units)
