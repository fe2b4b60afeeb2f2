"""Words that fit several open tickets: their speaker is asked which is meant, and the answer is remembered."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, take_due
from models.chats import Chat
from models.tickets import Ticket

REMEMBERED = timedelta(hours=24)


class Choice(Base):
    """One question. `tickets`: ids of those offered; `answer`: None, chosen, none, over.

    `message` and `verdict` are the line as it came (JSON); both are emptied as soon as it is answered or over.
    """

    __tablename__ = "choices"
    __table_args__ = (Index("ix_choices_chat_asked", "chat_id", "asked_at"),)

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    sender_id: Mapped[str]
    message: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    tickets: Mapped[list[Any]]
    letter_id: Mapped[int | None]
    asked_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when it is over unanswered
    answer: Mapped[str | None]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))

    chat: Mapped[Chat] = relationship()

    def close(self, answer: str, ticket: Ticket | None = None) -> None:
        """The words go; what was chosen stays."""
        self.answer, self.next_at = answer, None
        self.ticket_id = ticket.id if ticket else None
        self.message, self.verdict = {}, {}


def asked_since(session: Session, chat: Chat, since: datetime, sender_id: str | None = None) -> int:
    """How many questions the group, or this person in it, was asked since then."""
    asked = select(func.count(Choice.id)).where(Choice.chat_id == chat.id, Choice.asked_at > since)
    if sender_id is not None:
        asked = asked.where(Choice.sender_id == sender_id)
    return session.scalar(asked) or 0


def remembered_choice(session: Session, chat: Chat, sender_id: str, now: datetime) -> Ticket | None:
    """The ticket that this person last chose here, for a day."""
    chosen = select(Ticket).join(Choice, Choice.ticket_id == Ticket.id)
    chosen = chosen.where(Choice.chat_id == chat.id, Choice.sender_id == sender_id, Choice.asked_at > now - REMEMBERED)
    return session.scalars(chosen.order_by(Choice.id.desc()).limit(1)).first()


def forget_choice(session: Session, chat: Chat, sender_id: str, *, but: list[Ticket]) -> None:
    """They spoke of another matter since: what they chose before says nothing any more."""
    theirs = update(Choice).where(Choice.chat_id == chat.id, Choice.sender_id == sender_id)
    session.execute(theirs.where(Choice.ticket_id.not_in([t.id for t in but])).values(ticket_id=None))


def take_due_choice(session: Session, now: datetime) -> Choice | None:
    """One question that nobody answered in time, claimed for us."""
    return take_due(session, Choice, "next_at", now)


def drop_choices_of(session: Session, sender_id: str) -> int:
    """Everything that this account was asked; returns how many questions still stood."""
    theirs = list(session.scalars(select(Choice).where(Choice.sender_id == sender_id)))
    for choice in theirs:
        session.delete(choice)
    return sum(choice.answer is None for choice in theirs)


def drop_old_choices(session: Session, now: datetime) -> None:
    session.execute(delete(Choice).where(Choice.asked_at <= now - REMEMBERED, Choice.next_at.is_(None)))


def lose_chosen_numbers(session: Session, chat: Chat) -> None:
    """After a migration the number of the line that we asked about means another message."""
    for choice in session.scalars(select(Choice).where(Choice.chat_id == chat.id, Choice.answer.is_(None))):
        choice.message = {**choice.message, "message_id": None}
