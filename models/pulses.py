"""Which processes of the bot live: each says so every few seconds, so that others know when nobody was there."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

KEPT = timedelta(days=30)


class Pulse(Base):
    """One process that ran for one bot (`account` as channel:account). `holds_inbox`: it fetches the messages."""

    __tablename__ = "pulses"

    account: Mapped[str] = mapped_column(index=True)
    host: Mapped[str]
    process: Mapped[int]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime] = mapped_column(index=True)
    holds_inbox: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[datetime | None]  # told to stop; None for one that lives or was killed


def last_sign(session: Session, account: str) -> datetime | None:
    """When any process of this bot was last known to live."""
    return session.scalar(select(func.max(Pulse.beat_at)).where(Pulse.account == account))


def living(session: Session, since: datetime) -> list[Pulse]:
    """Processes that gave a sign since then and were not told to stop."""
    found = select(Pulse).where(Pulse.beat_at >= since, Pulse.stopped_at.is_(None))
    return list(session.scalars(found.order_by(Pulse.account, Pulse.id)))


def sign_in(session: Session, account: str, host: str, process: int, now: datetime) -> Pulse:
    """A process begins; those of long ago are forgotten."""
    session.execute(delete(Pulse).where(Pulse.beat_at < now - KEPT))
    pulse = Pulse(account=account, host=host, process=process, started_at=now, beat_at=now, holds_inbox=False)
    session.add(pulse)
    session.flush()
    return pulse


def beat(session: Session, pulse_id: int, now: datetime, *, holds_inbox: bool) -> None:
    """This process lives."""
    session.execute(update(Pulse).where(Pulse.id == pulse_id).values(beat_at=now, holds_inbox=holds_inbox))


def sign_out(session: Session, pulse_id: int, now: datetime) -> None:
    """It was told to stop."""
    gone = {"beat_at": now, "stopped_at": now, "holds_inbox": False}
    session.execute(update(Pulse).where(Pulse.id == pulse_id).values(gone))
