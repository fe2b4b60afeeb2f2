"""Messages on which our own code raised: when they are tried again, and which wait for an operator."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.base import ours, take_due
from models.heard import Failed


def take_due_failed(session: Session, now: datetime) -> Failed | None:
    """One that is to be tried again, claimed for us."""
    return take_due(session, Failed, "next_at", now)


def all_failed(session: Session) -> list[Failed]:
    """Every one, oldest first."""
    return list(session.scalars(select(Failed).order_by(Failed.id)))


def any_failed(session: Session, account: str) -> bool:
    return session.scalar(select(Failed.id).where(Failed.account == account).limit(1)) is not None


def try_at_start(session: Session, now: datetime, version: str, last: int) -> None:
    """What waits for a better program is tried by this one; after `last` tries once more by the same version."""
    given_up = Failed.next_at.is_(None) & ((Failed.version != version) | (Failed.tries == last))
    session.execute(update(Failed).where(given_up, *ours(session, Failed)).values(next_at=now))


def try_all(session: Session, now: datetime) -> int:
    """An operator wants it now; how many there are."""
    rows = all_failed(session)
    for row in rows:
        row.next_at = now
    return len(rows)
