"""What came in: a short memory of recent messages, and messages that failed in our hands."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.chats import Chat
from models.direct import columns, plain
from models.messages import Attachment, Incoming
from models.once import hold_back, sees_once, write_held_back
from models.taken import UPDATE_MEMORY, TakenUpdate

MESSAGE_MEMORY = timedelta(minutes=10)


class Heard(Base):
    """A recent message without its text: what an edit, an album or a photo sent first needs.

    Kept for ten minutes; that it was a command for as long as an edit of it could run it again.
    """

    __tablename__ = "heard"
    __table_args__ = (Index("ix_heard_chat_message", "chat_id", "message_id"),)

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    message_id: Mapped[str]
    sender_id: Mapped[str | None]
    sender_name: Mapped[str] = mapped_column(default="")
    username: Mapped[str | None]
    album_id: Mapped[str | None]
    files: Mapped[list[Any]] = mapped_column(default=list)
    command: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(index=True)
    said_at: Mapped[datetime | None]  # by the message's own clock; `at` is when it reached us


def own_time(of: Any = Heard) -> ColumnElement[datetime]:
    """When a line was said: what waited for us is all heard in one second."""
    return func.coalesce(of.said_at, of.at)


class Failed(Base):
    """A message on which our own code raised: kept whole until it is retried or judged."""

    __tablename__ = "failed"

    account: Mapped[str]
    event_id: Mapped[str]
    event: Mapped[str]
    error: Mapped[str]
    at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when it is tried again; None: an operator judges
    version: Mapped[str] = mapped_column(default="", server_default="")  # of the program that failed on it last


HEAR = insert(cast(Table, Heard.__table__))


def hear(
    session: Session, chat: Chat, message: Incoming, now: datetime, *, command: bool, said_at: datetime | None = None
) -> None:
    """Keep who wrote and which files came, for ten minutes; never the words. `said_at`: None when said just now."""
    row = {
        "chat_id": chat.id,
        "message_id": message.message_id,
        "sender_id": message.sender.id,
        "sender_name": message.sender.name,
        "username": message.sender.username,
        "album_id": message.album_id,
        "files": [[f.kind, f.ref] for f in message.files],
        "command": command,
        "at": now,
        "said_at": said_at,
    }
    if sees_once(session) and not message.edited and not session.in_nested_transaction():
        hold_back(session, HEAR, chat.id, row)
        return
    write_held_back(session)  # the order in which things were said is that of the rows
    session.add(Heard(**row))


def heard(session: Session, chat: Chat, message_id: str) -> Heard | None:
    found = select(Heard).where(Heard.chat_id == chat.id, Heard.message_id == message_id)
    return session.scalars(found.order_by(Heard.id.desc())).first()


class Sent(NamedTuple):
    """A recent message with the files in it."""

    message_id: str
    files: list[Any]


PLAIN = columns(Heard)
SENT = select(PLAIN.message_id, PLAIN.files).where(PLAIN.chat_id == bindparam("chat")).order_by(PLAIN.id)
OF_ALBUM = SENT.where(PLAIN.album_id == bindparam("album"))
SENT_SINCE = SENT.where(PLAIN.sender_id == bindparam("sender"), own_time(PLAIN) >= bindparam("since"))


def album_of(session: Session, chat: Chat, album_id: str) -> list[Sent]:
    return list(map(Sent._make, plain(session, OF_ALBUM, chat=chat.id, album=album_id)))


def files_before(session: Session, chat: Chat, sender_id: str, since: datetime) -> list[Sent]:
    """Recent messages of this person with files in them, oldest first."""
    write_held_back(session)
    sent = plain(session, SENT_SINCE, chat=chat.id, sender=sender_id, since=since)
    return [message for message in map(Sent._make, sent) if message.files]


def heard_called(session: Session, chat: Chat, name: str) -> Heard | None:
    """Somebody who spoke in the last minutes under this name or @username."""
    write_held_back(session)
    bare = name.removeprefix("@")
    named = (Heard.username == bare) | (Heard.sender_name == bare)
    found = select(Heard).where(Heard.chat_id == chat.id, named, Heard.sender_id.is_not(None))
    return session.scalars(found.order_by(Heard.id.desc())).first()


def chats_heard_in(session: Session, channel: str, sender_id: str) -> list[Chat]:
    """Groups in which this account spoke in the last minutes, or gave a command in the last days."""
    write_held_back(session)
    theirs = select(Heard.chat_id).where(Heard.sender_id == sender_id)
    return list(session.scalars(select(Chat).where(Chat.channel == channel, Chat.id.in_(theirs)).order_by(Chat.id)))


def forget_old(session: Session, now: datetime) -> None:
    """Prune what is past its time."""
    session.execute(delete(TakenUpdate).where(TakenUpdate.at < now - UPDATE_MEMORY))
    session.execute(delete(Heard).where(Heard.at < now - MESSAGE_MEMORY, Heard.command.is_(False)))
    session.execute(delete(Heard).where(Heard.at < now - UPDATE_MEMORY))


def forget_heard(session: Session, chat: Chat) -> None:
    """A migrated group counts its messages anew: what was heard under old numbers must not be met again."""
    session.execute(delete(Heard).where(Heard.chat_id == chat.id))


def keep_failed(session: Session, account: str, event_id: str, event: str, error: str, now: datetime) -> Failed:
    kept = Failed(account=account, event_id=event_id, event=event, error=error, at=now, tries=0)
    session.add(kept)
    return kept


def as_files(row: Heard | Sent) -> tuple[Attachment, ...]:
    return tuple(Attachment(kind, ref) for kind, ref in row.files)
