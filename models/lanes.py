"""The way to one chat, or of one bot as a whole: leases and send limits, shared by all processes."""

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

Limits = tuple[tuple[int, float], ...]
"""(how many, in how many seconds)"""

SKEW = 5.0  # seconds by which the clocks of two machines may differ
LONGEST_PAUSE = 3600.0


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
        until = self.paused_until if self.paused_until <= machine + LONGEST_PAUSE + SKEW else 0.0
        recent = self._believable(machine)
        for count, span in limits:
            if len(recent) >= count:
                until = max(until, recent[-count] + span)
        return max(0.0, until - machine)

    def held(self, machine: float, seconds: float) -> bool:
        """Is somebody sending here?"""
        return machine < self.leased_until <= machine + seconds + SKEW

    def sent(self, machine: float, keep: float) -> None:
        """Remember a post for `keep` seconds."""
        self.recent = sorted([*(t for t in self._believable(machine) if t > machine - keep), machine])

    def _believable(self, machine: float) -> list[float]:
        """A clock that was set back must not freeze us: what lies in its future does not bind."""
        return [t for t in self.recent if t <= machine + SKEW]


def lane(session: Session, key: str) -> Lane:
    """The lane with this key, locked until the transaction ends: two machines count one after the other."""
    found = select(Lane).where(Lane.key == key).with_for_update()
    fresh = {"populate_existing": True}
    row = session.scalars(found, execution_options=fresh).first()
    if row is None:
        with suppress(IntegrityError), session.begin_nested():  # another machine may make it at the same time
            session.add(Lane(key=key, leased_until=0.0, paused_until=0.0, recent=[]))
        row = session.scalars(found, execution_options=fresh).one()
    return row


def lanes_of(session: Session, keys: Collection[str]) -> dict[str, Lane]:
    """Those that there are, in one look: nobody changes a chat's lane without the lane of its bot, which is ours."""
    found = select(Lane).where(Lane.key.in_(keys))
    return {row.key: row for row in session.scalars(found, execution_options={"populate_existing": True})}


def release(session: Session, key: str) -> None:
    session.execute(update(Lane).where(Lane.key == key).values(leased_until=0.0))


def pause(session: Session, key: str, machine: float, wait: float) -> None:
    """Send nothing on this lane for `wait` seconds, an hour at most: then the channel is asked again."""
    row = lane(session, key)
    row.paused_until = max(machine + row.wait(machine, ()), machine + min(wait, LONGEST_PAUSE))
