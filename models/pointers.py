"""Which ticket a message is about: the report, our card, an addition. A reply to any of them finds the ticket."""

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.chats import Chat
from models.tickets import Ticket


class Pointer(Base):
    """One message that is about one ticket."""

    __tablename__ = "pointers"
    __table_args__ = (UniqueConstraint("chat_id", "message_id", "ticket_id"),)

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    message_id: Mapped[str]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]  # report, added, card, ours


def point(session: Session, ticket: Ticket, chat: Chat, message_id: str, kind: str) -> None:
    """Remember that this message is about that ticket; a second time changes nothing."""
    same = select(Pointer).where(
        Pointer.chat_id == chat.id, Pointer.message_id == message_id, Pointer.ticket_id == ticket.id
    )
    if session.scalars(same).first() is None:
        session.add(Pointer(chat_id=chat.id, message_id=message_id, ticket_id=ticket.id, kind=kind))
        session.flush()


def tickets_at(session: Session, chat: Chat, message_id: str, *kinds: str) -> list[Ticket]:
    """Tickets that this message is about, oldest first; of these kinds of pointer only, when given."""
    found = select(Ticket).join(Pointer, Pointer.ticket_id == Ticket.id)
    found = found.where(Pointer.chat_id == chat.id, Pointer.message_id == message_id)
    if kinds:
        found = found.where(Pointer.kind.in_(kinds))
    return list(session.scalars(found.order_by(Ticket.number)))


def drop_pointers(session: Session, chat: Chat) -> None:
    """A migrated group counts its messages anew: old numbers would point at the wrong ones."""
    moved = update(Pointer).where(Pointer.chat_id == chat.id, Pointer.message_id.not_like("old:%"))
    session.execute(moved.values(message_id="old:" + Pointer.message_id))
