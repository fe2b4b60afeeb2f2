"""Which ticket a message is about: the report, our card, an addition. A reply to any of them finds the ticket."""

from collections.abc import Collection, Mapping
from typing import cast

from sqlalchemy import ForeignKey, Table, UniqueConstraint, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.chats import Chat
from models.direct import columns, plain
from models.once import one_of
from models.tickets import Ticket


class Pointer(Base):
    """One message that is about one ticket."""

    __tablename__ = "pointers"
    __table_args__ = (UniqueConstraint("chat_id", "message_id", "ticket_id"),)

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    message_id: Mapped[str]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]  # report, added, card, ours


POINT = insert(cast(Table, Pointer.__table__))
AT_MESSAGE = (Pointer.chat_id == bindparam("chat"), Pointer.message_id == bindparam("message"))
SAME = select(Pointer.id).where(*AT_MESSAGE, Pointer.ticket_id == bindparam("ticket"))
POINTED_AT = select(Ticket).join(Pointer, Pointer.ticket_id == Ticket.id).where(*AT_MESSAGE).order_by(Ticket.number)

PLAIN = columns(Pointer)
POINTED_AT_ALL = select(PLAIN.chat_id, PLAIN.message_id, PLAIN.ticket_id).where(
    PLAIN.chat_id.in_(bindparam("chats", expanding=True)), PLAIN.message_id.in_(bindparam("messages", expanding=True))
)
THESE = select(Ticket).where(Ticket.id.in_(bindparam("tickets", expanding=True))).order_by(Ticket.number)


def point(session: Session, ticket: Ticket, chat: Chat, message_id: str, kind: str) -> None:
    """Remember that this message is about that ticket; a second time changes nothing."""
    if session.scalar(SAME, {"chat": chat.id, "message": message_id, "ticket": ticket.id}) is None:
        session.add(Pointer(chat_id=chat.id, message_id=message_id, ticket_id=ticket.id, kind=kind))


def point_first(session: Session, ticket: Ticket, messages: Mapping[str, str]) -> None:
    """The messages (id -> kind) that opened the ticket, in the chat in which they did: nothing pointed at it before."""
    pointed = {"chat_id": ticket.chat_id, "ticket_id": ticket.id}
    if messages:
        rows = [{**pointed, "message_id": message, "kind": kind} for message, kind in messages.items()]
        session.execute(POINT, rows)


def tickets_at(session: Session, chat: Chat, message_id: str, *kinds: str) -> list[Ticket]:
    """Tickets that this message is about, oldest first: what was merged is part of another.

    With kinds of pointer: only these, and each ticket as it was pointed at.
    """
    if not kinds:
        known = one_of(session, "at", (chat.id, message_id), lambda places: _pointed_at(session, places)) or []
        return list(dict.fromkeys(map(as_one, known)))
    found = POINTED_AT.where(Pointer.kind.in_(kinds))
    return list(session.scalars(found, {"chat": chat.id, "message": message_id}))


def _pointed_at(session: Session, places: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[Ticket]]:
    """By chat and message."""
    asked = {"chats": list({chat for chat, _ in places}), "messages": list({message for _, message in places})}
    pointed = {(chat, message, ticket) for chat, message, ticket in plain(session, POINTED_AT_ALL, **asked)}
    if not pointed:  # most replies are to what a neighbour said
        return {}
    found: dict[tuple[int, str], list[Ticket]] = {}
    for ticket in session.scalars(THESE, {"tickets": list({number for _, _, number in pointed})}):
        for chat, message, number in pointed:
            if number == ticket.id:
                found.setdefault((chat, message), []).append(ticket)
    return found


def as_one(ticket: Ticket) -> Ticket:
    """The ticket as part of which this one goes on; itself, unless it was merged."""
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
    return ticket


def unpoint(session: Session, ticket: Ticket, chat: Chat, message_id: str) -> None:
    """This message is not about that ticket after all."""
    here = (Pointer.chat_id == chat.id) & (Pointer.message_id == message_id)
    session.execute(delete(Pointer).where(here, Pointer.ticket_id == ticket.id))


def turn_to(session: Session, gone: Ticket, kept: Ticket) -> None:
    """Private talk about the one is about the other from now on, where it is the same person's."""
    if gone.reporter_id == kept.reporter_id:
        session.execute(update(Chat).where(Chat.about_ticket_id == gone.id).values(about_ticket_id=kept.id))


def drop_pointers(session: Session, chat: Chat) -> None:
    """A migrated group counts its messages anew: old numbers would point at the wrong ones."""
    moved = update(Pointer).where(Pointer.chat_id == chat.id, Pointer.message_id.not_like("old:%"))
    session.execute(moved.values(message_id="old:" + Pointer.message_id))
