"""The ticket and its own law: which moves are legal, and the history that figures are counted from."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, Table, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship
from sqlalchemy.orm.attributes import set_committed_value

from models.base import Base, index_where, take_due, where_filled
from models.chain import next_link
from models.chats import Chat
from models.followers import Follower, households
from models.parties import HELPING, Party
from models.pauses import Pause
from models.people import Person
from models.states import MOVES, OPEN_STATES, VOICED
from models.units import Unit

WORDED = "thing <> ''"  # its words were not erased yet
TELL_AFTER = timedelta(minutes=1)  # two steps at once are one call


class IllegalMove(Exception):
    """Our fault: a handler asked for a move that the table does not have."""


class Ticket(Base):
    """One matter. `due_at`: by when an answer is promised; `next_at`: when the heartbeat must look at it again.

    `clock_at` and the terms as written (handlers/limits/terms) say how the two limits were counted, so that they can be
    counted again when the list of holidays changes.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_unit_state", "unit_id", "state", "opened_at"),
        Index("ix_tickets_chat_state", "chat_id", "state", "opened_at"),
        where_filled("ix_tickets_unit_settled", "unit_id", "settled_at", filled="settled_at"),
        where_filled("ix_tickets_chat_settled", "chat_id", "settled_at", filled="settled_at"),
        where_filled("ix_tickets_next_at", "next_at"),
        where_filled("ix_tickets_tell_at", "tell_at"),
        where_filled("ix_tickets_merged_into_id", "merged_into_id"),
        where_filled("ix_tickets_first_id", "first_id"),
        where_filled("ix_tickets_about_id", "about_id"),
        where_filled("ix_tickets_proxy_id", "proxy_id"),
        index_where("ix_tickets_erase_at", "erase_at", "state", where=WORDED),
    )

    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="open")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    thread_id: Mapped[str | None]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # first asked: stays answerable (R34)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # the responsible person it is about
    proxy_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who entered it for the reporter (R33)
    text: Mapped[str]
    thing: Mapped[str]
    category: Mapped[str]
    private: Mapped[bool] = mapped_column(default=False)
    emergency: Mapped[str | None]
    place: Mapped[str] = mapped_column(default="")
    place_key: Mapped[str] = mapped_column(default="")
    verdict: Mapped[dict[str, Any]] = mapped_column(default=dict)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    happened_at: Mapped[datetime | None]  # when it began, if earlier
    came_by: Mapped[str] = mapped_column(default="group", server_default="group")  # the channel (R14)
    contact: Mapped[str] = mapped_column(default="", server_default="")  # how to reach a reporter without account
    tell_at: Mapped[datetime | None]  # when somebody must be asked to tell them
    clock_at: Mapped[datetime | None]  # from when the promise is counted
    called_at: Mapped[datetime | None]  # from when whoever has it now has been asked
    respond_term: Mapped[str] = mapped_column(default="", server_default="")
    settle_term: Mapped[str] = mapped_column(default="", server_default="")
    respond_due_at: Mapped[datetime | None]  # by when whoever has it now must have said a first word
    responded_at: Mapped[datetime | None]  # when they did
    nudged: Mapped[bool] = mapped_column(default=False, server_default="0")  # reminded of the first word
    due_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    rung: Mapped[int] = mapped_column(default=0)  # how many levels above the grid it has climbed
    reminded: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)  # a limit was missed since it was last taken up
    reopened: Mapped[int] = mapped_column(default=0)
    rework: Mapped[int] = mapped_column(default=0, server_default="0")  # 返工: reopened because residents said so
    returned: Mapped[int] = mapped_column(default=0, server_default="0")  # 退回
    way: Mapped[str] = mapped_column(default="", server_default="")  # one of the six ways of handling (R15)
    settled_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))  # the level that settled it (R22)
    note_asked: Mapped[bool] = mapped_column(default=False, server_default="0")  # for a better closing note, once
    asked_again: Mapped[bool] = mapped_column(default=False, server_default="0")  # for an answer to the closing line
    unnamed: Mapped[bool] = mapped_column(default=True, server_default="1")  # to the other side
    erase_at: Mapped[datetime | None]  # when its words are to be erased
    note: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    chased_at: Mapped[datetime | None]  # the last status line given to 还没人来
    card_id: Mapped[int | None]  # the letter that is its card
    household: Mapped[str] = mapped_column(default="", server_default="")  # the reporter's, as a keyed hash, if asked
    wish: Mapped[str] = mapped_column(default="", server_default="")  # the kind of a wish for all (R2)
    raised_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))  # the unit above that it was handed to
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    caught_up: Mapped[bool] = mapped_column(default=False, server_default="0")  # 补收: heard only after an outage
    chain: Mapped[str] = mapped_column(default="", server_default="")  # the link of its newest history row
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    __mapper_args__ = {"version_id_col": version}  # two machines never both change what both read

    unit: Mapped[Unit] = relationship(foreign_keys=unit_id)
    settled_unit: Mapped[Unit | None] = relationship(foreign_keys=settled_unit_id)
    raised: Mapped[Unit | None] = relationship(foreign_keys=raised_id)
    chat: Mapped[Chat] = relationship()
    reporter: Mapped[Person | None] = relationship(foreign_keys=reporter_id)
    assignee: Mapped[Person | None] = relationship(foreign_keys=assignee_id)
    first: Mapped[Person | None] = relationship(foreign_keys=first_id)
    about: Mapped[Person | None] = relationship(foreign_keys=about_id)
    proxy: Mapped[Person | None] = relationship(foreign_keys=proxy_id)
    merged_into: Mapped["Ticket | None"] = relationship(remote_side="Ticket.id")
    parts: Mapped[list["Ticket"]] = relationship(foreign_keys=merged_into_id, viewonly=True)
    followers: Mapped[list["Follower"]] = relationship(
        order_by="Follower.id", foreign_keys="Follower.ticket_id", cascade="all, delete-orphan"
    )
    pauses: Mapped[list["Pause"]] = relationship(order_by="Pause.id", cascade="all, delete-orphan")
    parties: Mapped[list["Party"]] = relationship(order_by="Party.id", cascade="all, delete-orphan")
    files: Mapped[list["TicketFile"]] = relationship(order_by="TicketFile.id", foreign_keys="TicketFile.ticket_id")
    history: Mapped[list["TicketEvent"]] = relationship(back_populates="ticket", order_by="TicketEvent.id")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def by_voice(self) -> bool:
        """Was it entered for somebody without an account, who hears of it from whoever entered it?"""
        return self.proxy is not None and self.reporter is not None and not self.reporter.identities

    @property
    def urgent(self) -> bool:
        return self.emergency is not None

    @property
    def households(self) -> int:
        """Doors behind the matter, the reporter's among them; who has no known door counts as one."""
        return households(self.household, self.followers)

    def may(self, move: str) -> bool:
        return move in MOVES.get(self.state, {})

    def move(self, move: str, *, by: Person | None, at: datetime, note: str = "", **data: Any) -> None:
        """Go to the next state and write it into the history."""
        if not self.may(move):
            raise IllegalMove(self.number, self.state, move)
        for pause in self.pauses:  # however it goes on, its clock does not stand still any more
            pause.stop(at)
        self.state = MOVES[self.state][move]
        if self.is_open:
            self.erase_at = None
        else:
            self.unmark()
        self.record(move, by=by, at=at, note=note, **data)

    def record(self, kind: str, *, by: Person | None, at: datetime, note: str = "", **data: Any) -> None:
        """Append one history row; `state` is the state after it, so that any past day can be counted again."""
        link = next_link(self.chain or "", self.number, kind, self.state, at, data)
        self.chain = link
        self._append(TicketEvent(kind=kind, by=by, at=at, note=note, state=self.state, data=data, chain=link))
        for heard in (self, *self.parts) if kind in VOICED else ():
            if heard.by_voice:
                heard.tell_at = at + TELL_AFTER

    def _append(self, event: "TicketEvent") -> None:
        """The rows before it are not read for that."""
        event.ticket = self
        if session := object_session(self):
            session.add(event)

    def has_card(self, letter_id: int) -> None:
        """This letter is its card from now on."""
        session = object_session(self)
        assert session is not None
        session.execute(CARD, {"ticket": self.id, "card": letter_id})
        set_committed_value(self, "card_id", letter_id)

    def unmark(self) -> None:
        """The matter has ended: nothing that could recognise a person who was forgotten stays; the count does."""
        for gone in [f for f in self.followers if f.person_id is None]:
            others = [self.household, *(f.household for f in self.followers if f is not gone)]
            if gone.household and gone.household in others:
                self.followers.remove(gone)
            else:
                gone.household = gone.mark = ""
        if self.reporter_id is None and all(f.household != self.household for f in self.followers):
            self.household = ""

    def give_files(self, other: "Ticket", files: list["TicketFile"]) -> None:
        mine, theirs = self.files, other.files  # both are read before the first is moved
        for file in files:
            mine.remove(file)
            theirs.append(file)

    def follower(self, person: Person) -> "Follower | None":
        return next((f for f in self.followers if f.person_id == person.id), None)

    def helper(self, person: Person) -> "Party | None":
        """Their part in the matter (联办), if they were called."""
        return next((p for p in self.parties if p.person_id == person.id and p.part in HELPING), None)

    def opposes(self, person: Person) -> bool:
        """Are they the other side of it?"""
        return any(p.person_id == person.id and p.part == "other_side" for p in self.parties)

    @property
    def lapsed(self) -> bool:
        """Ended because its reporter asked to be forgotten, not because nobody answered."""
        return self.state == "silent" and self.settled_at is None

    def last_time(self, kind: str) -> datetime | None:
        """When such a history row was last written."""
        return next((e.at for e in reversed(self.history) if e.kind == kind), None)

    def overdue(self, now: datetime) -> bool:
        return self.is_open and (self.late or now > self.due_at)


TICKETS = cast(Table, Ticket.__table__)
CARD = update(TICKETS).where(TICKETS.c.id == bindparam("ticket")).values(card_id=bindparam("card"))


class TicketEvent(Base):
    """One row of the history; never changed. Only its note goes: when a person asks to be forgotten, and when the words
    that it holds became a ticket of their own.
    """

    __tablename__ = "ticket_events"
    __table_args__ = (
        Index("ix_ticket_events_ticket_at", "ticket_id", "at"),
        Index("ix_ticket_events_by_at", "by_id", "at"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str]
    state: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chain: Mapped[str] = mapped_column(default="", server_default="")  # see models/chain

    ticket: Mapped[Ticket] = relationship(back_populates="history")
    by: Mapped[Person | None] = relationship()


class TicketFile(Base):
    """A photo, voice or video that belongs to the matter; `ref` is the channel's own handle."""

    __tablename__ = "ticket_files"
    __table_args__ = (where_filled("ix_ticket_files_by_id", "by_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]
    ref: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    closing: Mapped[bool] = mapped_column(default=False)  # it came with 办结
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))  # the merged ticket that it came with


def ticket_numbered(session: Session, number: int) -> Ticket | None:
    if number >= 2**31:  # beyond any engine's integer: no such ticket
        return None
    return session.scalars(select(Ticket).where(Ticket.number == number)).first()


def take_due_ticket(session: Session, now: datetime) -> Ticket | None:
    """One ticket whose next look has come, claimed for us; None when there is none."""
    return take_due(session, Ticket, "next_at", now)


def notes_of(session: Session, settler: Person, since: datetime, *, but: Ticket) -> list[str]:
    """With which words this person settled other matters since then, one a matter."""
    said = select(TicketEvent.note).where(TicketEvent.kind == "settle", TicketEvent.by_id == settler.id)
    said = said.where(TicketEvent.at >= since, TicketEvent.ticket_id != but.id)
    return list(session.scalars(said.order_by(TicketEvent.id)))


def newest_ticket(session: Session) -> int:
    """The id of the last ticket; 0 when there is none."""
    return session.scalar(select(func.max(Ticket.id))) or 0


def tickets_after(session: Session, ticket_id: int) -> list[Ticket]:
    """Those that came after it, oldest first."""
    return list(session.scalars(select(Ticket).where(Ticket.id > ticket_id).order_by(Ticket.id)))
