"""One run of the rig: a folder, a server, a database, many lives, one verdict."""

import contextlib
import json
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from tests.faults.gate import Gate
from tests.faults.nursery import Nursery
from tests.faults.plans import Life
from tests.faults.servers import server_named
from tests.faults.supervisor import ROOT, Supervisor
from tests.faults.town import grids
from tests.faults.verdict import Verdict, reach_verdict
from tests.faults.world import Disk


@dataclass(frozen=True)
class Wanted:
    """`database`: sqlite, postgresql (a server of the rig's own), or the URL of an empty one."""

    seed: int = 1
    server: str = "ours"
    database: str = "sqlite"
    grids: int = 6
    warm: bool = False  # processes are forks of one that has loaded everything, see nursery.py
    minutes: float = 24 * 60.0  # no life begins later than so many after the first
    through: timedelta = timedelta(hours=10)  # so far the clock goes at least, from Monday 9:00


def run(folder: Path, wanted: Wanted, lives: Iterable[Life]) -> Verdict:
    """Raises nothing for a difference: the verdict says it."""
    began = time.monotonic()
    server = server_named(wanted.server)
    with contextlib.ExitStack() as stack:
        disk = Disk(folder)
        stack.callback(disk.close)
        stack.enter_context(server.serving())
        gate = stack.enter_context(Gate(server.base_url, getattr(server, "updates", None)))
        database = stack.enter_context(_database(wanted.database, disk.folder))
        nursery = Nursery(ROOT) if wanted.warm else None
        if nursery is not None:
            stack.callback(nursery.close)
        town = grids(wanted.grids)
        supervisor = Supervisor(folder, disk, database, server, gate, town, wanted.seed, nursery)
        stack.callback(supervisor.books.close)
        supervisor.begin()
        for life in lives:
            if time.monotonic() - began > wanted.minutes * 60:
                break
            supervisor.live(life)
        supervisor.finish(wanted.through)
        _write_down(folder / "calls.jsonl", gate)
        shutil.copytree(disk.folder, folder / "database", dirs_exist_ok=True)
        verdict = reach_verdict(supervisor, gate)
        if not verdict.holds:
            supervisor.books.write_down(folder / "letters.jsonl")
    verdict.seconds = time.monotonic() - began
    return verdict


def _write_down(file: Path, gate: Gate) -> None:
    """Every call of the bot, for whoever looks into a difference."""
    file.write_text("".join(json.dumps(asdict(call), ensure_ascii=False) + "\n" for call in gate.calls))


@contextlib.contextmanager
def _database(asked: str, folder: Path) -> Iterator[str]:
    if asked == "sqlite":
        yield f"sqlite:///{folder}/gridbot.db"
    elif asked == "postgresql":
        from tests.databases import empty_databases

        with empty_databases("gridbot_faults") as (url,):  # the program makes its tables itself
            yield url
    else:
        yield asked
