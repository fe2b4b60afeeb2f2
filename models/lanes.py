"""The way to one chat, or of one bot as a whole: leases and send limits, shared by all processes."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

Limits = tuple[tuple[int, float], ...]
"""(how many, in how many seconds)"""


class Lane(Base):
    """`key` is chat:12, edit:12, toast:12 or bot:telegram:4242. Times are machine seconds. `recent`: when posts
    left, oldest first.
    """

    __tablename__ = "lanes"

    key: Mapped[str] = mapped_column(unique=True)
    leased_until: Mapped[float] = mapped_column(default=0.0)
    paused_until: Mapped[float] = mapped_column(default=0.0)
    recent: Mapped[list[Any]] = mapped_column(default=list)

    def wait(self, machine: float, limits: Limits) -> float:
        """Seconds until this lane may send again under limits of (count, seconds); 0 when it may now."""
        until = self.paused_until
        for count, span in limits:
            if len(self.recent) >= count:
                until = max(until, self.recent[-count] + span)
        return max(0.0, until - machine)

    def held(self, machine: float, seconds: float) -> bool:
        """Is somebody sending here? A lease from a clock that ran ahead of ours does not bind."""
        return machine < self.leased_until <= machine + seconds

    def sent(self, machine: float, keep: float = 60.0) -> None:
        self.recent = [*(t for t in self.recent if machine - keep < t <= machine), machine]


def lane(session: Session, key: str) -> Lane:
    """The lane with this key, locked until the transaction ends: two machines count one after the other."""
    found = select(Lane).where(Lane.key == key).with_for_update()
    row = session.scalars(found, execution_options={"populate_existing": True}).first()
    if row is None:
        row = Lane(key=key, leased_until=0.0, paused_until=0.0, recent=[])
        session.add(row)
        session.flush()
    return row


def release(session: Session, key: str) -> None:
    session.execute(update(Lane).where(Lane.key == key).values(leased_until=0.0))


def pause(session: Session, key: str, until: float) -> None:
    """Send nothing on this lane before `until` (machine seconds)."""
    row = lane(session, key)
    row.paused_until = max(row.paused_until, until)
