"""Units, people and groups as the file writes them: they seed the tables."""

from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

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


class Roll(Section):
    """Who is where: the part of the file that seeds the tables."""

    units: tuple[Unit, ...] = ()
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()

    def roles_in(self, unit: str) -> set[str]:
        return {post.role for person in self.people for post in person.posts if post.unit == unit}

    def has_below(self, unit: str) -> bool:
        return any(below.parent == unit for below in self.units)
