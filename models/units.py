"""The tree of units (网格, 社区, 街道 … of any depth) and who sits above whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ForeignKey, Select, bindparam, select, union
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from models.base import Base
from models.direct import columns, plain
from models.once import one_of


class Unit(Base):
    """`landmarks`: names of places that only the neighbours know; None while nobody has said any."""

    __tablename__ = "units"

    name: Mapped[str] = mapped_column(unique=True)
    level: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    landmarks: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id")

    def above(self) -> list["Unit"]:
        """The units above, nearest first."""
        session = object_session(self)
        if session and self.parent_id is not None and not _is_at_hand(session, self):
            _read_above(session, self)
        found: list[Unit] = []
        unit = self.parent
        while unit is not None and unit not in found:
            found.append(unit)
            unit = unit.parent
        return found

    def ladder(self) -> list["Unit"]:
        """This unit and all above it."""
        return [self, *self.above()]


def _is_at_hand(session: Session, unit: Unit) -> bool:
    """Was the unit above read already?"""
    return "parent" in unit.__dict__ or identity_key(Unit, unit.parent_id) in session.identity_map


def _up_from() -> Select[Unit]:
    up = select(Unit.id, Unit.parent_id).where(Unit.id == bindparam("unit")).cte("up", recursive=True)
    up = up.union(select(Unit.id, Unit.parent_id).where(Unit.id == up.c.parent_id))
    return select(Unit).where(Unit.id.in_(select(up.c.id)))


UP_FROM = _up_from()


def _read_above(session: Session, unit: Unit) -> None:
    """All units above it by one statement."""
    above = {u.id: u for u in session.scalars(UP_FROM, {"unit": unit.parent_id})}
    for each in (unit, *above.values()):
        set_committed_value(each, "parent", above.get(each.parent_id or 0))


def unit_named(session: Session, name: str) -> Unit | None:
    return session.scalars(select(Unit).where(Unit.name == name)).first()


def units_ending(session: Session, ending: str) -> list[Unit]:
    """Units whose name ends like this: people leave out the part that everybody knows."""
    found = select(Unit).where(Unit.name.endswith(ending, autoescape=True))
    return list(session.scalars(found.order_by(Unit.id)))


def all_units(session: Session) -> list[Unit]:
    return list(session.scalars(select(Unit).order_by(Unit.id)))


def children(session: Session, unit: Unit) -> list[Unit]:
    return list(session.scalars(select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.id)))


def subtree(session: Session, unit: Unit) -> list[int]:
    """Ids of the unit and of everything below it."""
    found, edge = [unit.id], [unit.id]
    while edge:
        edge = [i for i in session.scalars(select(Unit.id).where(Unit.parent_id.in_(edge))) if i not in found]
        found += edge
    return found


def tree(session: Session, unit: Unit) -> list[Unit]:
    """The unit and everything below it, each followed by what is below it."""
    found: list[Unit] = []
    waiting = [unit]
    while waiting:
        following = waiting.pop()
        if following not in found:
            found.append(following)
            waiting += reversed(children(session, following))
    return found


@dataclass(frozen=True)
class Place:
    """A unit as plain values."""

    id: int
    name: str
    parent_id: int | None


@dataclass(frozen=True)
class Forest:
    """All units, read at once. `below`: parent -> what lies right below it."""

    places: Mapping[int, Place]
    below: Mapping[int | None, Sequence[Place]]

    @classmethod
    def read(cls, session: Session) -> "Forest":
        places = [Place(*row) for row in session.execute(select(Unit.id, Unit.name, Unit.parent_id).order_by(Unit.id))]
        below: dict[int | None, list[Place]] = {}
        for place in places:
            below.setdefault(place.parent_id, []).append(place)
        return cls({place.id: place for place in places}, below)

    def tree(self, unit_id: int) -> list[Place]:
        """The unit and everything below it, each followed by what is below it."""
        return self._grow(self.places[unit_id], frozenset({unit_id}))

    def _grow(self, place: Place, met: frozenset[int]) -> list[Place]:
        following = [p for p in self.below.get(place.id, ()) if p.id not in met]
        return [place, *(found for p in following for found in self._grow(p, met | {p.id}))]


def landmarks_around(session: Session, unit: Unit) -> tuple[str, ...]:
    """Names of places in the unit, in those above it and in those below, its own first."""
    return one_of(session, "landmarks", unit.id, lambda roots: _landmarks(session, roots)) or ()


def _landmarks(session: Session, roots: Collection[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, dict[str, None]] = {}
    for root, names in plain(session, LANDMARKS, roots=list(roots)):
        found.setdefault(root, {}).update(dict.fromkeys(names or ()))
    return {root: tuple(names) for root, names in found.items()}


def _around() -> Select[Any]:
    """(root, names) of every unit with landmarks above or below one of `roots`: the root's own first."""
    unit = columns(Unit)
    start = select(unit.id.label("root"), unit.id.label("unit"), unit.parent_id.label("parent"))
    start = start.where(unit.id.in_(bindparam("roots", expanding=True)))
    up, down = start.cte("up", recursive=True), start.cte("down", recursive=True)
    up = up.union(select(up.c.root, unit.id, unit.parent_id).where(unit.id == up.c.parent))
    down = down.union(select(down.c.root, unit.id, unit.parent_id).where(unit.parent_id == down.c.unit))
    near = union(select(up.c.root, up.c.unit), select(down.c.root, down.c.unit)).subquery()
    named = select(near.c.root, unit.landmarks).where(unit.id == near.c.unit, unit.landmarks.is_not(None))
    return named.order_by(near.c.root, unit.id != near.c.root, unit.id)


LANDMARKS = _around()
