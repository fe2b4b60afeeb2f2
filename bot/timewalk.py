"""Moving a clock by hand: stop at each due instant in order, else an evening's call is stale before it is sent."""

from collections.abc import Iterator
from datetime import datetime

from bot.clock import MovableClock
from bot.heartbeat import Heartbeat
from models.database import Sessions
from models.due import next_due


def walk(clock: MovableClock, until: datetime, sessions: Sessions, heartbeat: Heartbeat) -> Iterator[datetime]:
    """Go to `until` step by step; after each step what is due has been done, and its letters may be sent."""
    while True:
        with sessions() as session:
            stop = next_due(session, clock.now())
        clock.move_to(min(stop, until) if stop else until)
        heartbeat.beat_now()
        yield clock.now()
        if stop is None or stop >= until:
            return
