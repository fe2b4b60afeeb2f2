"""A mixed day of two streets on one PostgreSQL: two machines, one for each token, against one that does both."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

from bot.reading.judge import Judge
from bot.seed import seed
from models.database import open_engine, open_sessions
from models.schema import create_tables
from tests import postgres
from tests.bench.county import county
from tests.bench.lock_waits import LockWaits
from tests.bench.machine import Work
from tests.bench.processors import Machine, share_out, told
from tests.bench.rows import Row, Run, paired
from tests.bench.street_day import Day
from tests.own_server import OwnServer

ROOT = Path(__file__).parents[2]
TOKENS = ("901", "902")
GRIDS = 12  # a token
ROUNDS, LINES, WARM, BATCH = 5, 600, 200, 25
AWAY = 0.0005  # seconds to a database on another machine of the same house and back
DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")


@dataclass
class Process:
    """One machine; it has warmed up when it says so."""

    process: subprocess.Popen[str]
    kinds: Counter[str] = field(default_factory=Counter)
    taken: list[tuple[float, int]] = field(default_factory=list)  # at this moment so many lines were committed

    def ready(self) -> None:
        assert self._line() == "ready"

    def go(self) -> None:
        print("go", file=self.process.stdin, flush=True)

    def wait(self) -> None:
        told = json.loads(self._line())
        assert self.process.wait(30) == 0
        self.kinds, self.taken = Counter(told["kinds"]), told["taken"]

    def lines_by(self, moment: float) -> int:
        return max((lines for at, lines in self.taken if at <= moment), default=0)

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def rows(run: Run) -> list[Row]:
    if postgres.which() == "none":
        return []
    with _server(share_out(len(TOKENS))) as (server, machines):
        beside, away = Bench(run, server, machines, 0.0), Bench(run, server, machines, AWAY)
        return [
            beside.row("two machines, PostgreSQL beside them"),
            away.row(f"two machines, PostgreSQL {AWAY * 1000:g} ms away (simulated)"),
        ]


@contextmanager
def _server(machines: Sequence[Machine]) -> Iterator[tuple[URL, Sequence[Machine]]]:
    """Started when the processors are shared out: it has what the machines leave."""
    with ExitStack() as stack:
        if postgres.which() == "machine":
            yield stack.enter_context(OwnServer(*DURABLE)).url, machines
        else:
            yield stack.enter_context(postgres.server()), machines


class Bench:
    def __init__(self, run: Run, server: URL, machines: Sequence[Machine], away: float) -> None:
        self._run, self._server, self._machines, self._away = run, server, machines, away
        self._kinds: Counter[str] = Counter()
        self._waits: dict[int, list[float]] = {1: [], len(TOKENS): []}

    def row(self, name: str) -> Row:
        rounds = 1 if self._run.quick else ROUNDS
        found = paired(lambda n: self._rate(n, [[t] for t in TOKENS]), lambda n: self._rate(n, [TOKENS]), rounds)
        low, high = found.spread
        kinds = ", ".join(f"{kind} {count}" for kind, count in self._kinds.most_common())
        one, two = (100 * sum(waits) / len(waits) for waits in self._waits.values())
        note = (
            f"{told()}; ratios {low:.2f} to {high:.2f} in {rounds} rounds; waited for locks {two:.1f} % of their time"
        )
        return Row(
            name, found.first, found.second, found.ratio, 1.7, 1.9, "messages/s", f"{note} (one: {one:.1f} %); {kinds}"
        )

    def _rate(self, number: int, shares: Sequence[Sequence[str]]) -> float:
        """Messages a second of all machines together, up to the moment at which the first of them has no more to do."""
        lines = LINES // 10 if self._run.quick else LINES
        days = {token: Day(place, GRIDS, self._run.seed + number) for place, token in enumerate(TOKENS)}
        said = {token: [day.batches(WARM, BATCH), day.batches(lines, BATCH)] for token, day in days.items()}
        with self._town() as url:
            works = [
                Work(url, machine, self._away, {t: said[t] for t in share})
                for machine, share in zip(self._machines, shares, strict=False)
            ]
            processes = [self._start(place, work) for place, work in enumerate(works)]
            for process in processes:
                process.ready()
            with LockWaits(self._server) as waits:
                began = time.monotonic()
                for process in processes:
                    process.go()
                for process in processes:
                    process.wait()
        self._waits[len(shares)].append(waits.share / len(shares))
        for process in processes:
            self._kinds.update(process.kinds)
        ended = min(process.taken[-1][0] for process in processes)
        return sum(process.lines_by(ended) for process in processes) / (ended - began)

    def _start(self, place: int, work: Work) -> Process:
        file = self._run.folder / f"{place}.json"
        file.write_text(json.dumps(work.as_json()), encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.machine", str(file)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return Process(subprocess.Popen(command, cwd=ROOT, **pipes))  # type: ignore[call-overload]

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
        with open_sessions(own).begin() as session:
            seed(session, county(GRIDS * len(TOKENS)), Judge.load(), "telegram", TOKENS[0])
        own.dispose()
        yield written
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        engine.dispose()
