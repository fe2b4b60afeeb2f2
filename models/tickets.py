"""The ticket and its own law: which moves are legal, and the history that figures are counted from."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from models.base import Base, claim
from models.chats import Chat
from models.people import Person
from models.units import Unit

OPEN_STATES = ("open", "taken")

MOVES: dict[str, dict[str, str]] = {
    "open": {"take": "taken", "settle": "settled", "void": "void", "lapse": "silent"},
    "taken": {"settle": "settled", "void": "void", "lapse": "silent"},
    "settled": {"confirm": "confirmed", "reopen": "open"},
    "confirmed": {"reopen": "open"},
    "void": {"reopen": "open"},
}
"""state -> move -> new state. settled: the member says so; confirmed: the resident does; silent: nobody answered."""


class IllegalMove(Exception):
    """Our fault: a handler asked for a move that the table does not have."""


class Ticket(Base):
    """One matter. `due_at`: by when an answer is promised; `next_at`: when the heartbeat must look at it again."""

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_unit_state", "unit_id", "state"),)

    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="open")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    thread_id: Mapped[str | None]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    thing: Mapped[str]
    category: Mapped[str]
    private: Mapped[bool] = mapped_column(default=False)
    emergency: Mapped[str | None]
    place: Mapped[str] = mapped_column(default="")
    place_key: Mapped[str] = mapped_column(default="")
    verdict: Mapped[dict[str, Any]] = mapped_column(default=dict)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    rung: Mapped[int] = mapped_column(default=0)  # how many levels above the grid it has climbed
    reminded: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)  # a limit was missed since it was last taken up
    reopened: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    chased_at: Mapped[datetime | None]  # the last status line given to 还没人来
    card_id: Mapped[int | None]  # the letter that is its card

    unit: Mapped[Unit] = relationship()
    chat: Mapped[Chat] = relationship()
    reporter: Mapped[Person | None] = relationship(foreign_keys=reporter_id)
    assignee: Mapped[Person | None] = relationship(foreign_keys=assignee_id)
    followers: Mapped[list["Follower"]] = relationship(order_by="Follower.id")
    files: Mapped[list["TicketFile"]] = relationship(order_by="TicketFile.id")
    history: Mapped[list["TicketEvent"]] = relationship(back_populates="ticket", order_by="TicketEvent.id")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def urgent(self) -> bool:
        return self.emergency is not None

    @property
    def households(self) -> int:
        return 1 + len(self.followers)

    def may(self, move: str) -> bool:
        return move in MOVES.get(self.state, {})

    def move(self, move: str, *, by: Person | None, at: datetime, note: str = "") -> None:
        """Go to the next state and write it into the history."""
        if not self.may(move):
            raise IllegalMove(self.number, self.state, move)
        self.state = MOVES[self.state][move]
        self.record(move, by=by, at=at, note=note)

    def record(self, kind: str, *, by: Person | None, at: datetime, note: str = "", **data: Any) -> None:
        """Append one history row; `state` is the state after it, so that any past day can be counted again."""
        event = TicketEvent(kind=kind, by=by, at=at, note=note, state=self.state, data=data)
        self.history.append(event)

    def overdue(self, now: datetime) -> bool:
        return self.is_open and (self.late or now > self.due_at)


class TicketEvent(Base):
    """One row of the history; never changed (only its note is scrubbed when a person asks to be forgotten)."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_ticket_at", "ticket_id", "at"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str]
    state: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)

    ticket: Mapped[Ticket] = relationship(back_populates="history")
    by: Mapped[Person | None] = relationship()


class Follower(Base):
    """Somebody for whom the same matter counts too (我家也是)."""

    __tablename__ = "followers"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class TicketFile(Base):
    """A photo, voice or video that belongs to the matter; `ref` is the channel's own handle."""

    __tablename__ = "ticket_files"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]
    ref: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    closing: Mapped[bool] = mapped_column(default=False)  # it came with 办结


class Counter(Base):
    """Running numbers, unique in the deployment."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(unique=True)
    value: Mapped[int] = mapped_column(default=0)


def next_number(session: Session) -> int:
    """The next ticket number; the row lock makes two machines take turns."""
    step = update(Counter).where(Counter.name == "ticket").values(value=Counter.value + 1).returning(Counter.value)
    number = session.scalar(step)
    if number is None:
        with suppress(IntegrityError), session.begin_nested():  # another machine may begin to count at the same time
            session.add(Counter(name="ticket", value=0))
        number = session.scalar(step)
    assert number is not None
    return number


def ticket_numbered(session: Session, number: int) -> Ticket | None:
    if number >= 2**31:  # beyond any engine's integer: no such ticket
        return None
    return session.scalars(select(Ticket).where(Ticket.number == number)).first()


def open_tickets(session: Session, unit_ids: list[int]) -> list[Ticket]:
    found = select(Ticket).where(Ticket.unit_id.in_(unit_ids), Ticket.state.in_(OPEN_STATES))
    return list(session.scalars(found.order_by(Ticket.number)))


def newest_tickets(session: Session, most: int) -> list[Ticket]:
    """The last ones opened, newest first."""
    return list(session.scalars(select(Ticket).order_by(Ticket.number.desc()).limit(most)))


def tickets_of(session: Session, person: Person, *, since: datetime) -> list[Ticket]:
    """What this person reported or follows: all that is open, and what was opened since then."""
    theirs = (Ticket.reporter_id == person.id) | Ticket.followers.any(Follower.person_id == person.id)
    recent = Ticket.state.in_(OPEN_STATES) | (Ticket.opened_at >= since)
    return list(session.scalars(select(Ticket).where(theirs, recent).order_by(Ticket.number)))


def has_matters_in(person: Person, unit_id: int) -> bool:
    """Did this person ever report or follow anything in the unit? Nothing else tells us who lives there."""
    session = object_session(person)
    theirs = (Ticket.reporter_id == person.id) | Ticket.followers.any(Follower.person_id == person.id)
    own = select(Ticket.id).where(Ticket.unit_id == unit_id, theirs).limit(1)
    return session is not None and session.scalar(own) is not None


def units_of(session: Session, person: Person) -> list[Unit]:
    """Units in which this person reported or follows something."""
    theirs = (Ticket.reporter_id == person.id) | Ticket.followers.any(Follower.person_id == person.id)
    return list(session.scalars(select(Unit).where(Unit.id.in_(select(Ticket.unit_id).where(theirs)))))


def latest_of(session: Session, person: Person, unit: Unit) -> list[Ticket]:
    """This person's tickets in the unit, newest first."""
    theirs = select(Ticket).where(Ticket.unit_id == unit.id, Ticket.reporter_id == person.id)
    return list(session.scalars(theirs.order_by(Ticket.number.desc()).limit(10)))


def take_due_ticket(session: Session, now: datetime) -> Ticket | None:
    """One ticket whose next look has come, claimed for us; None when there is none."""
    due = select(Ticket).where(Ticket.next_at <= now).order_by(Ticket.next_at, Ticket.id).limit(1)
    while ticket := session.scalars(due, execution_options={"populate_existing": True}).first():
        if claim(session, ticket, "next_at", None):
            return ticket
    return None
