"""Groups in which nobody has said a word for long, and chats that letters reach again."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.chats import Chat
from models.letters import Letter

LISTENED_TO = (Chat.kind == "residents") & Chat.unit_id.is_not(None)


def begin_counting(session: Session, now: datetime) -> None:
    """Of a group that has not been heard yet the days count from the first look."""
    session.execute(update(Chat).where(LISTENED_TO, Chat.present, Chat.heard_at.is_(None)).values(heard_at=now))


def silent_groups(session: Session, channel: str, account: str, since: datetime) -> list[Chat]:
    """Residents' groups of this bot that were last heard before `since`; it may have been thrown out of them."""
    ours = (Chat.channel == channel) & (Chat.account == account)
    return list(session.scalars(select(Chat).where(LISTENED_TO, ours, Chat.heard_at < since).order_by(Chat.id)))


def reached_since(session: Session, chat_id: int, since: datetime) -> bool:
    """Did a letter arrive there after that?"""
    arrived = select(Letter.id).where(Letter.chat_id == chat_id, Letter.state == "sent", Letter.sent_at > since)
    return session.scalar(arrived.limit(1)) is not None
