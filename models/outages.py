"""Times in which nothing could be heard, and what waited meanwhile."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, ours, take_due
from models.tickets import Ticket, TicketEvent


class Outage(Base):
    """The bot of this account (channel:account) heard nothing from `gone_at` to `back_at`.

    `lines`: how many waiting lines each chat (its row's id, as a string) then gave, `late_at`: when the last of them
    was taken in; `next_at`: when the staff are to be told, `settled_at`: since when nothing of it waits any more.
    """

    __tablename__ = "outages"

    account: Mapped[str] = mapped_column(index=True)
    gone_at: Mapped[datetime]
    back_at: Mapped[datetime]
    late_at: Mapped[datetime | None]
    lines: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_at: Mapped[datetime | None] = mapped_column(index=True)


def note_outage(session: Session, account: str, gone_at: datetime, back_at: datetime, tell_at: datetime) -> Outage:
    outage = Outage(account=account, gone_at=gone_at, back_at=back_at, lines={}, next_at=tell_at)
    session.add(outage)
    session.flush()
    return outage


def last_outage(session: Session, account: str | None = None) -> Outage | None:
    """The newest, of this bot or of any."""
    newest = select(Outage).order_by(Outage.id.desc()).limit(1)
    return session.scalars(newest.where(Outage.account == account) if account else newest).first()


def catching_up(session: Session, since: datetime) -> bool:
    """May messages of an outage that ended after `since` still wait to be read?"""
    open_ones = select(Outage.id).where(Outage.settled_at.is_(None), Outage.back_at > since, *ours(session, Outage))
    return session.scalar(open_ones.limit(1)) is not None


def tickets_caught_up(session: Session, unit_ids: list[int], since: datetime) -> int:
    """How many tickets were made since then from lines that had waited."""
    opened = (TicketEvent.kind == "opened") & (TicketEvent.at >= since)
    found = select(func.count()).select_from(Ticket).join(Ticket.history).where(opened, Ticket.caught_up)
    return session.scalar(found.where(Ticket.unit_id.in_(unit_ids))) or 0


def take_due_outage(session: Session, now: datetime) -> Outage | None:
    """One of which the staff are to be told, claimed for us."""
    return take_due(session, Outage, "next_at", now)
