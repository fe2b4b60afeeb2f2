"""Plays the day: one worker for everything, as one process on SQLite is; time passes as the work takes it here."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot.postman import Postman
from models.messages import Event, Sender
from tests.bench.county import County, member_of
from tests.bench.day.clock import DayClock
from tests.bench.day.people import Day, Spoken
from tests.bench.quiet import Quiet

Result = TypeVar("Result")
BATCH = 100  # getUpdates gives no more at once
BEAT = timedelta(minutes=1)  # played more rarely than it beats; the share of its beats is reckoned, see `beat_share`


@dataclass
class Noted:
    """What the day cost: seconds by kind of work and hour, how long lines waited, and what was sent when."""

    busy: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    work: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    waits: list[tuple[timedelta, int, float]] = field(default_factory=list)  # when, which grid, seconds
    sent: dict[int, int] = field(default_factory=lambda: defaultdict(int))


class Play:
    def __init__(self, county: County, day: Day, midnight: datetime) -> None:
        assert isinstance(county.clock, DayClock)
        self.county, self.day, self.midnight, self.clock = county, day, midnight, county.clock
        self.noted, self.ear = Noted(), Quiet()
        self._postman = Postman(county.sessions, county.clock, county.config.policy, [self.ear])
        self._runner = asyncio.Runner()
        self._last_ticket: dict[int, int] = {}

    def run(self, spoken: list[Spoken]) -> Noted:
        """Until the day is over and nothing waits that could be sent."""
        waiting, next_post, next_beat = list(reversed(spoken)), timedelta.max, self.day.begin
        self.clock.move_to(self.midnight + self.day.begin)
        while waiting or self.clock.since(self.midnight) < self.day.end:
            now = self.clock.since(self.midnight)
            if waiting and waiting[-1].at <= now:
                self._take(waiting, now)
                next_post = now
            elif next_post <= now:
                next_post = self._post(now)
            elif next_beat <= now:
                self._timed("beat", self.county.heartbeat.beat_now)
                next_beat, next_post = now + BEAT, now
            else:
                due = min(waiting[-1].at if waiting else timedelta.max, next_post, next_beat)
                self.clock.move_to(self.midnight + due)
        self._runner.close()
        return self.noted

    def _take(self, waiting: list[Spoken], now: timedelta) -> None:
        lines: list[Spoken] = []
        while waiting and waiting[-1].at <= now and len(lines) < BATCH:
            lines.append(waiting.pop())
        events = [self._event(line) for line in lines]
        outcomes = self._timed("inbox", lambda: self.county.inbox.receive_now(events), len(lines))
        done = self.clock.since(self.midnight)
        for line, outcome in zip(lines, outcomes, strict=True):
            self.noted.outcomes[outcome.kind] += 1
            self.noted.waits.append((line.at, line.grid, (done - line.at).total_seconds()))
            if outcome.kind == "opened":
                self._will_settle(waiting, line, outcome.tickets[0], done)

    def _will_settle(self, waiting: list[Spoken], line: Spoken, number: int, now: timedelta) -> None:
        """The member settles it some hours later, if the day is long enough."""
        at = now + timedelta(hours=self.county.chance.uniform(0.5, 6))
        if at < self.day.end:
            done = Spoken(at, line.grid, "chase", f"/done {number} 已经修好")
            place = next((i for i, later in enumerate(reversed(waiting)) if later.at > at), len(waiting))
            waiting.insert(len(waiting) - place, done)

    def _event(self, line: Spoken) -> Event:
        if line.text.startswith("/done"):
            return self.county.says(line.grid, member_of(line.grid), line.text)
        if line.kind == "metoo":
            number = self.county.chance.randrange(10_000)
            return self.county.says(line.grid, Sender(f"{9_000_000 + number}", f"住户{number}"), line.text)
        if line.text:
            return self.county.says(line.grid, self.county.neighbour(line.grid), line.text)
        return self.county.report(line.grid) if line.kind == "report" else self.county.chatter(line.grid)

    def _post(self, now: timedelta) -> timedelta:
        before = self.ear.last
        wait = self._timed("letters", lambda: self._runner.run(self._postman.deliver_one(self.ear)), 0)
        self.noted.count["letters"] += self.ear.last - before
        self.noted.sent[int(now.total_seconds())] += self.ear.last - before
        return timedelta.max if wait is None else self.clock.since(self.midnight) + timedelta(seconds=wait)

    def _timed(self, kind: str, work: Callable[[], Result], count: int = 1) -> Result:
        hour, started = int(self.clock.since(self.midnight).total_seconds() // 3600), time.perf_counter()
        result = work()
        took = time.perf_counter() - started
        self.noted.busy[hour] += took
        self.noted.work[kind] += took
        self.noted.count[kind] += count
        self.clock.worked(took)
        return result
