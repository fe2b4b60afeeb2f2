"""A mixed day of two streets on one PostgreSQL: two processes, one for each token, against one that does both."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event

from bot.channels.telegram.poll import read_all
from bot.channels.telegram.reading import Reader
from bot.clock import MovableClock
from bot.inbox import Inbox
from bot.reading.judge import Judge
from bot.seed import seed
from models.database import open_engine, open_sessions
from models.schema import create_tables
from models.streets import Street
from tests import postgres
from tests.bench.county import START, county
from tests.bench.rows import Row, Run, paired
from tests.bench.talk import Json, Talk, in_batches
from tests.own_server import OwnServer

ROOT = Path(__file__).parents[2]
TOKENS = ("901", "902")
GRIDS = 12  # a token
ROUNDS, LINES, WARM, BATCH = 5, 1500, 200, 25
AWAY = 0.0005  # seconds to a database on another machine of the same house and back
DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
SHARES = (("issue", 0.05), ("too", 0.05), ("status", 0.03))  # the rest is chatter


class Day:
    """What the neighbours of one token say: chatter, and in between troubles, 我家也是 and /status."""

    def __init__(self, token: str, seed: int) -> None:
        self._number = TOKENS.index(token)
        self._chance = random.Random(f"{seed}{token}")
        self._talk = Talk(self._chance, GRIDS)
        self.warm = self.batches(WARM)

    def batches(self, lines: int) -> list[Sequence[Json]]:
        return in_batches([self._line() for _ in range(lines)], BATCH)

    def _line(self) -> Json:
        grid, kind = self._chance.randrange(GRIDS), self._kind()
        said = {"too": "我家也是", "status": "/status@gridbot"}
        if kind in said:
            raw = self._talk._message(grid, {"text": said[kind]})
        else:
            raw = self._talk.issue(grid) if kind == "issue" else self._talk.chatter(1)[0]
        return self._moved(raw)

    def _kind(self) -> str:
        fell, below = self._chance.random(), 0.0
        for kind, share in SHARES:
            below += share
            if fell < below:
                return kind
        return "chatter"

    def _moved(self, raw: Json) -> Json:
        """Another street has groups and neighbours of its own."""
        message = raw["message"]
        chat = message["chat"] | {"id": message["chat"]["id"] - GRIDS * self._number}
        sender = message["from"] | {"id": message["from"]["id"] + 1_000_000 * self._number}
        return raw | {"message": message | {"chat": chat, "from": sender}}


@dataclass
class Machine:
    """A process of its own; it has warmed up when it says so."""

    process: subprocess.Popen[str]

    def ready(self) -> None:
        assert self._line() == "ready"

    def go(self) -> None:
        print("go", file=self.process.stdin, flush=True)

    def done(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._line())
        assert self.process.wait(30) == 0
        return told

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def rows(run: Run) -> list[Row]:
    if postgres.which() == "none":
        return []
    with _server() as server:
        near, far = Bench(run, server, 0.0), Bench(run, server, AWAY)
        return [
            near.row("two machines, PostgreSQL beside them"),
            far.row(f"two machines, PostgreSQL {AWAY * 1000:g} ms away (simulated)"),
        ]


@contextmanager
def _server() -> Iterator[URL]:
    with ExitStack() as stack:
        if postgres.which() == "machine":
            yield stack.enter_context(OwnServer(*DURABLE)).url
        else:
            yield stack.enter_context(postgres.server())


class Bench:
    def __init__(self, run: Run, server: URL, away: float) -> None:
        self._run, self._server, self._away = run, server, away
        self._kinds: Counter[str] = Counter()

    def row(self, name: str) -> Row:
        rounds = 1 if self._run.quick else ROUNDS
        found = paired(lambda n: self._rate(n, [[t] for t in TOKENS]), lambda n: self._rate(n, [TOKENS]), rounds)
        low, high = found.spread
        kinds = ", ".join(f"{kind} {count}" for kind, count in self._kinds.most_common())
        note = f"ratios {low:.2f} to {high:.2f} in {rounds} rounds; {kinds}"
        return Row(name, found.first, found.second, found.ratio, 1.7, 1.9, "messages/s", note)

    def _rate(self, number: int, shares: Sequence[Sequence[str]]) -> float:
        """Messages a second of all machines together, each with its share of the tokens."""
        lines = LINES // 10 if self._run.quick else LINES
        days = {token: Day(token, self._run.seed + number) for token in TOKENS}
        with self._town() as url:
            machines = [self._machine(url, days, share, lines) for share in shares]
            for machine in machines:
                machine.ready()
            began = time.perf_counter()
            for machine in machines:
                machine.go()
            for told in [machine.done() for machine in machines]:
                self._kinds.update(told)
            return lines * len(TOKENS) / (time.perf_counter() - began)

    def _machine(self, url: str, days: dict[str, Day], tokens: Sequence[str], lines: int) -> Machine:
        said = {t: [days[t].warm, days[t].batches(lines)] for t in tokens}
        file = self._run.folder / f"{'-'.join(tokens)}.json"
        file.write_text(json.dumps({"url": url, "away": self._away, "said": said}), encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.machines", str(file)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return Machine(subprocess.Popen(command, cwd=ROOT, **pipes))  # type: ignore[call-overload]

    @contextmanager
    def _town(self) -> Iterator[str]:
        """A schema of its own with both streets in it."""
        schema = f"bench_{time.monotonic_ns()}"
        engine = open_engine(self._server.render_as_string(hide_password=False))
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        url = self._server.update_query_dict({"options": f"-csearch_path={schema}"})
        own = open_engine(written := url.render_as_string(hide_password=False))
        create_tables(own)
        config, judge = county(GRIDS * len(TOKENS)), Judge.load()
        with open_sessions(own).begin() as session:
            seed(session, config, judge, "telegram", TOKENS[0])
        own.dispose()
        yield written
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        engine.dispose()


def work(file: Path) -> None:
    """One machine: warm up, say so, and on a line of input take everything in."""
    asked = json.loads(file.read_text("utf-8"))
    engine = open_engine(asked["url"])
    if asked["away"]:
        _move_away(engine, asked["away"])
    config, judge, clock = county(GRIDS * len(TOKENS)), Judge.load(), MovableClock(START, flows=True)
    doors = {}
    for token in asked["said"]:
        sessions = open_sessions(engine, street=Street(f"telegram:{token}", clock.now))
        inbox = Inbox(sessions, clock, config.policy, judge)
        inbox.me[token] = "gridbot"
        doors[token] = inbox, Reader(token, "gridbot", clock)
    _take(doors, {token: said[0] for token, said in asked["said"].items()})
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    print(json.dumps(_take(doors, {token: said[1] for token, said in asked["said"].items()})), flush=True)  # noqa: T201


def _take(doors: dict[str, tuple[Inbox, Reader]], said: dict[str, list[Sequence[Json]]]) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for together in zip(*said.values(), strict=True):
        for (inbox, reader), batch in zip(doors.values(), together, strict=True):
            kinds.update(outcome.kind for outcome in inbox.receive_now(read_all(reader, batch)))
    return kinds


def _move_away(engine: Engine, seconds: float) -> None:
    """Each statement waits as for a wire; nobody's processor is used up by it."""

    @event.listens_for(engine, "before_cursor_execute")
    def wait(*_: object) -> None:
        time.sleep(seconds)

    for moment in ("commit", "rollback"):
        event.listen(engine, moment, wait)


if __name__ == "__main__":
    work(Path(sys.argv[1]))
