"""A message that opens a ticket, against the program's own statements in bare sqlite3 with the same commits."""

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, event

from bot.reading.judge import Judge
from tests.bench.county import County, county, found_county, loaded_judge
from tests.bench.rows import Row, Run

GRIDS, WARM, COUNT = 48, 60, 300
Statement = tuple[str, Any]


@dataclass
class Recorder:
    """Every statement that the program gives its engine, with its parameters, the commits among them."""

    told: list[Statement] = field(default_factory=list)

    def listen(self, engine: Engine) -> None:
        @event.listens_for(engine, "before_cursor_execute")
        def executed(_: Any, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
            self.told.append((statement, list(parameters) if many else parameters))

        @event.listens_for(engine, "commit")
        def committed(_: Any) -> None:
            self.told.append(("COMMIT", ()))

    def take(self) -> list[Statement]:
        told, self.told = self.told, []
        return told


def replayed(database: sqlite3.Connection, statements: Sequence[Statement]) -> float:
    """Seconds that bare sqlite3 needs for them; what they find is read, as the program does."""
    started = time.perf_counter()
    for statement, parameters in statements:
        if isinstance(parameters, list):
            database.executemany(statement, parameters)
        else:
            database.execute(statement, parameters).fetchall()
    return time.perf_counter() - started


def bare(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        database.execute(f"PRAGMA {pragma}")
    return database


@dataclass(frozen=True)
class Opened:
    """Seconds that one opening took the program and bare sqlite3, and in how many statements."""

    ours: float
    bare: float
    statements: int


def openings(folder: Path, count: int, number: int, judge: Judge) -> list[Opened]:
    """One after the other, each at once replayed into a copy of the database from before the first."""
    config = county(GRIDS)
    mine, copy = folder / "county.db", folder / "copy.db"
    found_county(mine, config, judge)
    warm = County.at(mine, config, judge, number + 1)
    for grid, _ in zip(warm.grids(), range(WARM), strict=False):
        warm.receives(warm.report(grid))
    warm.engine.dispose()
    shutil.copy(mine, copy)
    town = County.at(mine, config, judge, number, warm.clock, 100_000)
    recorder = Recorder()
    recorder.listen(town.engine)
    return list(_measured(town, recorder, bare(copy), count))


def _measured(town: County, recorder: Recorder, database: sqlite3.Connection, count: int) -> Iterator[Opened]:
    for grid, _ in zip(town.grids(), range(count), strict=False):
        town.passes(timedelta(seconds=town.chance.randint(20, 200)))
        message = town.report(grid)
        started = time.perf_counter()
        outcome = town.receives(message)
        ours = time.perf_counter() - started
        statements = recorder.take()
        theirs = replayed(database, statements)
        if outcome.kind == "opened":
            yield Opened(ours, theirs, len(statements))


def rows(run: Run) -> list[Row]:
    """Rates of openings; the ratio is that of the medians, for both sides wait for the same disk."""
    opened = openings(run.folder, 20 if run.quick else COUNT, run.seed, loaded_judge())
    ours, theirs = median(o.ours for o in opened), median(o.bare for o in opened)
    said = f"{len(opened)} openings, {median(o.statements for o in opened):.0f} statements each, commits among them"
    return [Row("opening", 1 / ours, 1 / theirs, theirs / ours, 0.1, 0.3, "openings/s", said)]
