"""From message to letter ready, while fifty messages come in a second and the program's other loops do their work."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from bot.bell import Bell
from bot.channels import Capabilities, Sent
from bot.channels.telegram.poll import Poller
from bot.channels.telegram.reading import Reader
from bot.channels.telegram.wire import Patience
from bot.clock import SystemClock
from bot.heartbeat import Heartbeat
from bot.inbox import Inbox
from bot.loading import loading
from bot.observing.signs import Signs
from bot.outcome import Outcome
from bot.postman import Postman
from bot.reading.judge import Judge
from bot.seed import seed
from handlers.desk import Desk
from handlers.planning import replan
from models.database import open_engine, open_sessions
from models.messages import Event
from models.posts import Post
from models.schema import create_tables
from tests.bench.county import ACCOUNT, county
from tests.bench.rows import Row, Run, percentile
from tests.bench.talk import Json, Talk

GRIDS, PER_SECOND, SECONDS = 160, 50, 180  # long enough for a thousand messages that are answered by letters
WARM = 2  # seconds at the beginning that are not counted: statements are compiled, files are laid
ISSUES = 0.12  # of all messages: their answers pass the limits of a bot (30 a second) and of each group (20 a minute)


class Groups:
    """Telegram's side: what was said waits until it is fetched, and what is posted arrives after a moment."""

    name, account, capabilities = "telegram", ACCOUNT, Capabilities()

    def __init__(self) -> None:
        self._waiting: list[Json] = []
        self._news = asyncio.Event()
        self.said_at: dict[int, float] = {}
        self.posted = 0

    def say(self, update: Json) -> None:
        self.said_at[update["update_id"]] = time.perf_counter()
        self._waiting.append(update)
        self._news.set()

    async def fetch(self, offset: int | None, patience: Patience) -> list[Any]:
        await self._news.wait()
        self._news.clear()
        batch, self._waiting = self._waiting[:100], self._waiting[100:]
        if self._waiting:
            self._news.set()
        return batch

    async def deliver(self, post: Post) -> Sent:
        await asyncio.sleep(0.05)
        self.posted += 1
        return Sent(str(10_000_000 + self.posted))


class Waited(Signs):
    """A look at the clock after each commit."""

    def __init__(self, groups: Groups) -> None:
        self._groups, self.seconds = groups, dict[int, float]()
        self._loop, self._committed = asyncio.get_running_loop(), asyncio.Event()

    def took(self, events: Sequence[Event], outcomes: Sequence[Outcome], now: datetime, seconds: float) -> None:
        done = time.perf_counter()
        for event in events:
            number = int(event.event_id)
            self.seconds[number] = done - self._groups.said_at[number]
        self._loop.call_soon_threadsafe(self._committed.set)

    async def heard(self, messages: int) -> None:
        while len(self.seconds) < messages:
            self._committed.clear()
            await self._committed.wait()


def rows(run: Run) -> list[Row]:
    waits, told = asyncio.run(_minute(run, WARM + (1 if run.quick else SECONDS)))
    p99 = percentile(waits, 0.99) * 1000
    return [Row("p99, message to letter ready, 50 messages/s", p99, None, p99, 50.0, 20.0, "ms", told)]


async def _minute(run: Run, seconds: int) -> tuple[list[float], str]:
    """The waits of the messages that were answered by a letter, in seconds."""
    engine = open_engine(f"sqlite:///{run.folder}/waiting.db")
    create_tables(engine)
    sessions, config, clock, bell, groups = open_sessions(engine), county(GRIDS), SystemClock(), Bell(), Groups()
    judge = Judge.load()
    with sessions.begin() as session:
        seed(session, config, judge, "telegram", ACCOUNT)
        replan(Desk(session, clock.now(), config.policy))  # as the program does when it starts
    inbox = Inbox(sessions, clock, config.policy, judge, bell, waited := Waited(groups))
    with loading():
        inbox.get_ready()
    inbox.me[ACCOUNT] = "gridbot"
    loops = (
        Poller(groups, Reader(ACCOUNT, "gridbot", clock), Patience()).run(inbox.receive),  # type: ignore[arg-type]
        Postman(sessions, clock, config.policy, [groups], bell).run(),  # type: ignore[list-item]
        Heartbeat(sessions, clock, config.policy, bell).run(),
    )
    tasks = [asyncio.create_task(loop) for loop in loops]
    issues = await _speak(run, groups, seconds)
    with suppress(TimeoutError):
        await asyncio.wait_for(waited.heard(len(groups.said_at)), 30)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    engine.dispose()
    every = list(waited.seconds.values())
    ready = [waited.seconds[number] for number in issues if number in waited.seconds]
    middle, all_of_them = percentile(ready, 0.5) * 1000, percentile(every, 0.99) * 1000
    note = f"{len(ready)} reports among {len(every)} messages; median {middle:.0f} ms; p99 of all {all_of_them:.0f} ms"
    return ready, f"{note}; {groups.posted} letters posted meanwhile"


async def _speak(run: Run, groups: Groups, seconds: int) -> set[int]:
    """Fifty a second at random moments; the numbers of those that report something."""
    chance = random.Random(run.seed)
    talk, issues = Talk(chance, GRIDS), set()
    now = int(time.time())
    began, at = time.perf_counter(), 0.0
    for number in range(PER_SECOND * seconds):
        report = chance.random() < ISSUES
        update = talk.issue(chance.randrange(GRIDS)) if report else talk.chatter(1)[0]
        update["message"]["date"] = now + number // PER_SECOND
        if report and number >= WARM * PER_SECOND:
            issues.add(update["update_id"])
        at += chance.expovariate(PER_SECOND)
        await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
        groups.say(update)
    return issues
