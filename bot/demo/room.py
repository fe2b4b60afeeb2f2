"""The demo's neighbourhood on a scratch database: the real inbox, handlers, heartbeat and postman, and their clock."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from bot.channels.local import LocalChannel
from bot.clock import MovableClock
from bot.config.load import Config
from bot.demo.script import RESIDENTS, STAFF, Script
from bot.heartbeat import BEAT, Heartbeat
from bot.inbox import Inbox, Outcome
from bot.postman import Postman
from bot.reading.judge import Judge
from bot.seed import seed
from bot.timewalk import walk
from models.database import open_engine, open_sessions
from models.messages import Event, Incoming
from models.schema import create_tables

log = logging.getLogger(__name__)

MORNING = 9  # o'clock: when the opening's Monday and the visitor's Tuesday begin


class Room:
    """`outcomes`: what became of each person's message. One thing happens at a time, so that people see it in order."""

    def __init__(self, number: int, file: Path, config: Config, script: Script, judge: Judge, today: datetime) -> None:
        self.number, self.policy, self.script = number, config.policy, script
        self.tuesday = tuesday_before(self.policy.local(today))
        self.clock = MovableClock(self.tuesday - timedelta(days=1), flows=True)
        self.channel = LocalChannel(self.clock, script.groups, script.bot)
        self.outcomes: dict[str, Outcome] = {}
        self._engine = open_engine(f"sqlite:///{file}", durable=False)
        create_tables(self._engine)
        self.sessions = open_sessions(self._engine)
        with self.sessions.begin() as session:
            seed(session, config, judge, self.channel.name, self.channel.account)
        self._inbox = Inbox(self.sessions, self.clock, self.policy, judge)
        self._heartbeat = Heartbeat(self.sessions, self.clock, self.policy, also=[self._inbox.read_aside])
        self._postman = Postman(self.sessions, self.clock, self.policy, [self.channel])
        self._one_at_a_time = asyncio.Lock()
        self._loops: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Start the loops and play what happened on the day before."""
        self._loops = [asyncio.create_task(self.channel.listen(self.receive)), asyncio.create_task(self._beat())]
        cast = self.script.cast
        for who in cast.values():
            await self.channel.say(who, who.id or "", "/start")
        for group in (RESIDENTS, STAFF):
            await self.channel.add_bot(cast["zhang"], group)
        monday = self.clock.now()
        for line in self.script.prelude:
            await self.walk_to(monday + timedelta(minutes=line.minute))
            await self.channel.say(cast[line.who], RESIDENTS, line.text)
        await self.walk_to(self.tuesday)

    async def close(self) -> None:
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self.channel.close()
        self._engine.dispose()

    async def receive(self, events: Sequence[Event]) -> None:
        """Commit what the events mean, then send what it gave rise to."""
        async with self._one_at_a_time:
            outcomes = await asyncio.to_thread(self._inbox.receive_now, events)
            for event, outcome in zip(events, outcomes, strict=True):
                if isinstance(event, Incoming) and not (event.edited and outcome.kind == "joined"):
                    self.outcomes[event.message_id] = outcome
            await self._deliver()

    async def walk_to(self, instant: datetime) -> None:
        """Move time on; at every due instant what is due is done and its letters are read."""
        async with self._one_at_a_time:
            steps = walk(self.clock, instant, self.sessions, self._heartbeat)
            while await asyncio.to_thread(next, steps, None):
                await self._deliver()
        self.channel.changed()

    async def _beat(self) -> None:
        while True:
            async with self._one_at_a_time:
                await self._heartbeat.beat()
                await self._deliver()
            await asyncio.sleep(BEAT)

    async def _deliver(self) -> None:
        """All that may go out at this moment of the demo's time."""
        try:
            while await self._postman.deliver_one(self.channel) == 0:
                pass
        except DatabaseError as fault:
            log.error("database: %(why)s", {"event": "database_fault", "loop": "demo", "why": fault.orig})


def tuesday_before(local: datetime) -> datetime:
    """9:00 on the last Tuesday up to this day: a plain working morning with the week still ahead."""
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning - timedelta(days=(local.weekday() - 1) % 7)
