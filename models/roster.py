"""Who is on duty when (值班, R24): shifts, leave, and who stands in."""

from collections.abc import Iterable
from datetime import date, datetime, time

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload

from models.base import Base, take_due
from models.direct import columns, plain
from models.people import Person
from models.states import OPEN_STATES
from models.tickets import Ticket, TicketEvent
from models.units import Unit

WITH_ACCOUNTS = selectinload(Person.identities)


class Shift(Base):
    """Hours in which this person is the one to be asked in this unit.

    `weekdays`: 0 = Monday, "W" a working day, "H" a day off; empty where `day` is given. `end` at or before `start`
    reaches into the next morning. `ended_at`: cancelled in chat, kept so that the file does not give it again.
    """

    __tablename__ = "shifts"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    weekdays: Mapped[str] = mapped_column(default="", server_default="")
    day: Mapped[date | None]
    start: Mapped[time]
    end: Mapped[time]
    ended_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    person: Mapped[Person] = relationship()


class Leave(Base):
    """Away from `start` until `end`; `stand_in` has the post's work meanwhile. `next_at`: the next hand-over.

    A leave that was called off ends when it starts.
    """

    __tablename__ = "leaves"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    start: Mapped[datetime]
    end: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    next_at: Mapped[datetime | None] = mapped_column(index=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    stand_in: Mapped[Person | None] = relationship(foreign_keys=stand_in_id)


MADE = select(Shift).where(Shift.ended_at.is_(None)).order_by(Shift.id)
MADE = MADE.options(joinedload(Shift.person, innerjoin=True).options(WITH_ACCOUNTS))
MADE_IN = MADE.where(Shift.unit_id.in_(bindparam("units", expanding=True)))


PLAIN = columns(Shift)
ANY_SHIFT = select(PLAIN.id).where(PLAIN.ended_at.is_(None), PLAIN.unit_id.in_(bindparam("units", expanding=True)))


def shifts_in(session: Session, units: Iterable[int] | None) -> list[Shift]:
    """The shifts of these units, of all where None; the first that was made comes first."""
    if units is None:
        return list(session.scalars(MADE))
    asked = list(units)
    if not plain(session, ANY_SHIFT, units=asked).first():  # of most units nothing is written down
        return []
    return list(session.scalars(MADE_IN, {"units": asked}))


def ever_shifted(session: Session, shift: Shift) -> bool:
    """Was there ever such a shift, even if it was cancelled in chat?"""
    same = select(Shift.id).where(
        Shift.unit_id == shift.unit_id,
        Shift.person_id == shift.person_id,
        Shift.weekdays == shift.weekdays,
        Shift.day == shift.day,
        Shift.start == shift.start,
        Shift.end == shift.end,
    )
    return session.scalar(same) is not None


LEFT = select(Leave).where(Leave.end > bindparam("instant"), Leave.end > Leave.start).order_by(Leave.start, Leave.id)
LEFT = LEFT.options(selectinload(Leave.person), selectinload(Leave.stand_in).options(WITH_ACCOUNTS))


ANY_LEFT = select(columns(Leave).id).where(columns(Leave).end > bindparam("instant")).limit(1)


def leaves_after(session: Session, instant: datetime, person: Person | None = None) -> list[Leave]:
    """Leave that has not ended by then, earliest first; of everybody where nobody is named."""
    if not plain(session, ANY_LEFT, instant=instant).first():
        return []
    left = LEFT.where(Leave.person_id == person.id) if person else LEFT
    return list(session.scalars(left, {"instant": instant}))


def ever_on_leave(session: Session, person: Person, start: datetime) -> bool:
    """Was a leave from this instant ever written down, even if it was called off?"""
    same = select(Leave.id).where(Leave.person_id == person.id, Leave.start == start)
    return session.scalar(same) is not None


def take_due_leave(session: Session, now: datetime) -> Leave | None:
    """One leave that begins or ends, claimed for us."""
    return take_due(session, Leave, "next_at", now)


def held_by(session: Session, person: Person) -> list[Ticket]:
    """Open tickets that this person has now, by number."""
    held = select(Ticket).where(Ticket.assignee_id == person.id, Ticket.state.in_(OPEN_STATES))
    return list(session.scalars(held.order_by(Ticket.number)))


def handed_over(session: Session, leave: Leave) -> list[Ticket]:
    """Open tickets that this leave gave to somebody else, who still has them."""
    moved = (
        select(TicketEvent)
        .join(TicketEvent.ticket)
        .where(TicketEvent.kind == "assigned", TicketEvent.at >= leave.start, Ticket.state.in_(OPEN_STATES))
    )
    events = [e for e in session.scalars(moved.order_by(TicketEvent.id)) if e.data.get("leave") == leave.id]
    last = {e.ticket_id: e for e in events}
    found = [e.ticket for e in last.values() if e.ticket.assignee_id == e.data["after"]]
    return sorted(found, key=lambda t: t.number)
