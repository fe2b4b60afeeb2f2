"""Who is on duty when (值班, R24): shifts, leave, and who stands in."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.people import Person
from models.units import Unit


class Shift(Base):
    """Hours in which this person is the one to be asked in this unit, on some weekdays (0 = Monday) or one day.

    `end` at or before `start` reaches into the next morning.
    """

    __tablename__ = "shifts"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    weekdays: Mapped[str] = mapped_column(default="", server_default="")  # "01234"; empty where `day` is given
    day: Mapped[date | None]
    start: Mapped[time]
    end: Mapped[time]

    unit: Mapped[Unit] = relationship()
    person: Mapped[Person] = relationship()


class Leave(Base):
    """Away from `start` until `end`; `stand_in` has the post's work meanwhile. `next_at`: the next hand-over."""

    __tablename__ = "leaves"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    start: Mapped[datetime]
    end: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    next_at: Mapped[datetime | None] = mapped_column(index=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    stand_in: Mapped[Person | None] = relationship(foreign_keys=stand_in_id)
