"""The only place that knows what time it is. Business time can be moved (demo, replay, tests); machine time cannot."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Business time: deadlines, reminders, quiet hours. Aware, UTC."""

    def machine(self) -> float:
        """Seconds since the epoch, for leases and send limits: shared by processes, not moved with business time."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def machine(self) -> float:
        return time.time()


class MovableClock:
    """Starts at a given instant, flows with real time if `flows`, and can be set on."""

    def __init__(self, start: datetime, *, flows: bool = False) -> None:
        self._start, self._flows, self._born = start.astimezone(UTC), flows, time.monotonic()

    def now(self) -> datetime:
        gone = time.monotonic() - self._born if self._flows else 0.0
        return self._start + timedelta(seconds=gone)

    def machine(self) -> float:
        return time.time()

    def move_to(self, instant: datetime) -> None:
        """Set business time; never backwards."""
        if instant > self.now():
            self._start, self._born = instant.astimezone(UTC), time.monotonic()
