"""What somebody is telling us step by step in a private chat: kept until they finish, cancel, or an hour is over."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, take_due
from models.chats import Chat


class Draft(Base):
    """One a chat. `kind`: proxy or private; `step`: what is asked now; `answers`: what was said so far (JSON)."""

    __tablename__ = "drafts"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), unique=True)
    kind: Mapped[str]
    step: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when it lapses

    chat: Mapped[Chat] = relationship()


def draft_in(session: Session, chat: Chat) -> Draft | None:
    return session.scalars(select(Draft).where(Draft.chat_id == chat.id)).first()


def drop_draft(session: Session, chat: Chat) -> None:
    """Nothing of it is left."""
    if draft := draft_in(session, chat):
        session.delete(draft)
        session.flush()


def take_due_draft(session: Session, now: datetime) -> Draft | None:
    """One that nobody went on with, claimed for us; None when there is none."""
    return take_due(session, Draft, "next_at", now)
