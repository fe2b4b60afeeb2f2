"""Lines that may be an issue: a member is asked privately. The words are kept until answered, at most a day."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, claim
from models.chats import Chat


class Ask(Base):
    """One question to a member. `message` is the line as it came (JSON); `answer`: None, yes, no, opened, gone."""

    __tablename__ = "asks"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    message: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    text: Mapped[str]
    rung: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    chat: Mapped[Chat] = relationship()

    def close(self, answer: str, by_id: int | None = None) -> None:
        """The answer stays as a correction; the words go, at once unless they were judged wrongly."""
        self.answer, self.by_id, self.next_at = answer, by_id, None
        if answer != "no":
            self.text = ""


def take_due_ask(session: Session, now: datetime) -> Ask | None:
    """One question that nobody answered in time, claimed for us."""
    due = select(Ask).where(Ask.next_at <= now).order_by(Ask.next_at, Ask.id).limit(1)
    while ask := session.scalars(due, execution_options={"populate_existing": True}).first():
        if claim(session, ask, "next_at", None):
            return ask
    return None


def open_ask(session: Session, chat: Chat, message_id: str) -> Ask | None:
    """The question about this message that nobody has answered yet."""
    waiting = select(Ask).where(Ask.chat_id == chat.id, Ask.answer.is_(None))
    return next((a for a in session.scalars(waiting) if a.message["message_id"] == message_id), None)


def forget_asks(session: Session, now: datetime) -> None:
    session.execute(delete(Ask).where(Ask.expires_at <= now, Ask.next_at.is_(None)))


def lose_asked_numbers(session: Session, chat: Chat) -> None:
    """After a migration the number of the line that we asked about means another message."""
    for ask in session.scalars(select(Ask).where(Ask.chat_id == chat.id, Ask.answer.is_(None))):
        ask.message = {**ask.message, "message_id": None}
