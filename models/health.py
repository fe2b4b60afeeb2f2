"""What an operator asks first, read from the tables: letters that wait or died, messages that failed, the last word."""

from datetime import datetime
from pathlib import Path
from shutil import disk_usage

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.chats import Chat
from models.heard import Failed
from models.letters import Letter
from models.taken import TakenUpdate


def last_heard(session: Session) -> datetime | None:
    """When the last message or press came in; of what is older than two days, to the hour."""
    taken = session.scalar(select(func.max(TakenUpdate.at)))
    heard = session.scalar(select(func.max(Chat.heard_at))) if taken is None else None
    return taken or heard


def letters_waiting(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """How many letters could go out now, and since when the oldest of them could."""
    due = select(func.count(), func.min(Letter.due_at)).where(Letter.state == "waiting", Letter.due_at <= now)
    count, oldest = session.execute(due).one()
    return count, oldest


def letters_dead(session: Session, since: datetime) -> int:
    """How many letters written since then will never arrive; an answer to a press is none to miss."""
    dead = select(func.count()).select_from(Letter).where(Letter.state == "dead", Letter.kind != "toast")
    return session.scalar(dead.where(Letter.written_at >= since)) or 0


def messages_failed(session: Session, account: str | None = None) -> int:
    """How many messages our own code still fails on: of this bot (channel:account), or of all."""
    found = select(func.count()).select_from(Failed)
    return session.scalar(found.where(Failed.account == account) if account else found) or 0


def database_bytes(session: Session) -> int:
    """How much the database takes; of SQLite without what is still in its journal."""
    if session.get_bind().dialect.name == "sqlite":
        return (session.scalar(text("PRAGMA page_count")) or 0) * (session.scalar(text("PRAGMA page_size")) or 0)
    return session.scalar(text("SELECT pg_database_size(current_database())")) or 0


def free_bytes(session: Session) -> int | None:
    """What is left on the disk of the database's file; None where it is a server's."""
    url = session.get_bind().engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    try:
        return disk_usage(Path(url.database).resolve().parent).free
    except OSError:
        return None
