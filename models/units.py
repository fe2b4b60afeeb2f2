"""The tree of units (网格, 社区, 街道 … of any depth) and who sits above whom."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base


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
        found: list[Unit] = []
        unit = self.parent
        while unit is not None and unit not in found:
            found.append(unit)
            unit = unit.parent
        return found

    def ladder(self) -> list["Unit"]:
        """This unit and all above it."""
        return [self, *self.above()]


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


def landmarks_around(session: Session, unit: Unit) -> tuple[str, ...]:
    """Names of places in the unit, in those above it and in those below, its own first."""
    named = session.scalars(select(Unit).where(Unit.landmarks.is_not(None)).order_by(Unit.id))
    near = [u for u in named if u in unit.ladder() or unit in u.above()]
    near.sort(key=lambda u: u is not unit)
    return tuple(dict.fromkeys(name for u in near for name in u.landmarks or ()))
