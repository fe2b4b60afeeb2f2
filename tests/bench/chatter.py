"""Chatter through the whole inbox, committed durably, against python-telegram-bot doing nothing with the same."""

import asyncio
import random
from collections.abc import Sequence

from telegram import Update
from telegram.ext import Application, ContextTypes, ExtBot, TypeHandler

from bot.channels.telegram.poll import read_all
from bot.channels.telegram.reading import Reader
from bot.clock import MovableClock
from bot.inbox import Inbox
from bot.loading import loading
from bot.reading.judge import Judge
from bot.reading.privacy import mask
from bot.seed import seed
from models.database import open_engine, open_sessions
from models.messages import Speaker
from models.schema import create_tables
from tests.bench.county import ACCOUNT, START, county
from tests.bench.rows import Row, Run, paired, seconds
from tests.bench.talk import Json, Talk, in_batches

GRIDS = 24
MATTERS = 3  # open in each grid: a line is held against them
ROUNDS, LINES = 9, 1000
PICTURED = Speaker("resident", photo=True)  # what opens nothing beside a picture opens nothing


class Ours:
    """A county on a file of its own, with matters open in each grid."""

    def __init__(self, run: Run, talk: Talk, matters: int) -> None:
        self._engine = open_engine(f"sqlite:///{run.folder}/chatter{matters}.db")
        create_tables(self._engine)
        sessions, config, judge = open_sessions(self._engine), county(GRIDS), Judge.load()
        with sessions.begin() as session:
            seed(session, config, judge, "telegram", ACCOUNT)
        clock = MovableClock(START, flows=True)
        self._inbox = Inbox(sessions, clock, config.policy, judge)
        self._inbox.me[ACCOUNT] = "gridbot"
        self._reader = Reader(ACCOUNT, "gridbot", clock)
        for batch in in_batches([talk.issue(grid) for grid in range(GRIDS) for _ in range(matters)], 100):
            self.take(batch)
        self.kinds: dict[str, int] = {}

    def take(self, batch: Sequence[Json]) -> None:
        for outcome in self._inbox.receive_now(read_all(self._reader, batch)):
            self.kinds[outcome.kind] = self.kinds.get(outcome.kind, 0) + 1

    kinds: dict[str, int] = {}

    def close(self) -> None:
        self._engine.dispose()


class Theirs:
    """Update.de_json and process_update, with a handler that does nothing."""

    def __init__(self) -> None:
        self._app = Application.builder().bot(ExtBot("1:x")).updater(None).build()
        self._app.add_handler(TypeHandler(Update, _nothing))
        self._app._initialized = True  # initialize() would ask Telegram who we are
        self._runner = asyncio.Runner()

    def take(self, updates: Sequence[Json]) -> None:
        self._runner.run(self._all(updates))

    async def _all(self, updates: Sequence[Json]) -> None:
        for raw in updates:
            await self._app.process_update(Update.de_json(raw, self._app.bot))

    def close(self) -> None:
        self._runner.close()


async def _nothing(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None: ...


def rows(run: Run) -> list[Row]:
    with loading():  # what is imported by now is frozen, as in the program after its start; both have that of it
        pass
    return [
        _row(run, "chatter, batches of 100", 100, MATTERS),
        _row(run, "chatter, batches of 1", 1, MATTERS),
        _row(run, "chatter, batches of 100, no matter open", 100, 0),
    ]


def _row(run: Run, name: str, size: int, matters: int) -> Row:
    rounds, lines = (3, 100) if run.quick else (ROUNDS, LINES if size > 1 else LINES // 10)
    (run.folder / str(size)).mkdir(exist_ok=True)
    own = Run(run.seed, run.quick, run.folder / str(size))
    judge = Judge.load()
    talk = Talk(random.Random(run.seed), GRIDS, lambda text: judge.read(mask(text), PICTURED).decision == "ignore")
    ours, theirs = Ours(own, talk, matters), Theirs()
    said = [talk.chatter(lines) for _ in range(rounds)]
    ours.take(talk.chatter(200))  # warm: statements compiled, tables of words loaded
    theirs.take(said[0])
    ours.kinds = {}

    def mine(number: int) -> float:
        return lines / seconds(lambda: [ours.take(batch) for batch in in_batches(said[number], size)])

    def plain(number: int) -> float:
        return lines / seconds(lambda: theirs.take(said[number]))

    found = paired(mine, plain, rounds)
    ours.close()
    theirs.close()
    spread = f"{found.spread[0]:.2f} to {found.spread[1]:.2f} in {rounds} rounds"
    note = f"{spread}; outcomes {dict(sorted(ours.kinds.items()))}"
    return Row(name, found.first, found.second, found.ratio, 0.5, 1.0, "messages/s", note)
