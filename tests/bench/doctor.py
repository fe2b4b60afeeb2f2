"""What it costs to look at, and to copy, so many tickets: python -m tests.bench.doctor 100000

Years of 237 grids are written straight into a file; then the commands run on it, each in a process of its own, and the
copy once more while somebody writes all the time: what the longest of those commits had to wait.
"""

import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.chaining import chain_all
from models.chats import Chat
from models.database import open_engine
from models.lanes import Lane
from models.letters import EMPTY, Letter
from models.numbers import Counter
from models.schema import migrate
from models.tickets import Ticket, TicketEvent
from models.units import Unit

GRIDS = 237
NOW = datetime.now(UTC)
STEPS = (("opened", "open"), ("joined", "open"), ("take", "taken"), ("added", "taken"), ("settle", "settled"))
LAST = ("confirm", "confirmed")


def furnish(file: Path, tickets: int) -> None:
    engine = open_engine(f"sqlite:///{file}", durable=False)
    migrate(engine)
    with Session(engine) as session, session.begin():
        session.execute(insert(Unit), [{"name": f"第{n}网格", "level": "网格"} for n in range(1, GRIDS + 1)])
        chats = [{"channel": "t", "account": "1", "external_id": f"-{n}", "unit_id": n} for n in range(1, GRIDS + 1)]
        session.execute(insert(Chat), chats)
        session.add_all([Counter(name="ticket", value=tickets), Lane(key="nobody")])
        for first in range(1, tickets + 1, 5000):
            some = range(first, min(first + 5000, tickets + 1))
            session.execute(insert(Ticket), [ticket(n, tickets) for n in some])
            session.execute(insert(TicketEvent), [row for n in some for row in history(n, tickets)])
            session.execute(insert(Letter), [letter for n in some for letter in letters(n, tickets)])
        chain_all(session.connection())
    engine.dispose()


def opened(number: int, tickets: int) -> datetime:
    """Two years, evenly."""
    return NOW - timedelta(days=730) * (1 - number / (tickets + 1)) - timedelta(days=1)


def ticket(number: int, tickets: int) -> dict[str, Any]:
    at, grid = opened(number, tickets), 1 + number % GRIDS
    same = {
        "text": "3号楼2单元的路灯坏了三天了，没人修",
        "thing": "路灯坏了",
        "category": "民生诉求",
        "verdict": {"score": 0.9},
    }
    return {
        "id": number,
        "number": number,
        "state": LAST[1],
        "unit_id": grid,
        "chat_id": grid,
        "opened_at": at,
        "due_at": at + timedelta(days=3),
        "card_id": 2 * number,
        **same,
    }


def history(number: int, tickets: int) -> Iterator[dict[str, Any]]:
    for place, (kind, state) in enumerate((*STEPS, LAST)):
        at = opened(number, tickets) + timedelta(minutes=place)
        yield {"ticket_id": number, "kind": kind, "state": state, "at": at, "data": {"level": "网格", "way": ""}}


def letters(number: int, tickets: int) -> Iterator[dict[str, Any]]:
    at = opened(number, tickets)
    for letter in (2 * number - 1, 2 * number):
        yield {
            "id": letter,
            "chat_id": 1 + number % GRIDS,
            "ticket_id": number,
            "kind": "reply",
            "priority": 20,
            "body": EMPTY,
            "state": "sent",
            "written_at": at,
            "due_at": at,
            "sent_at": at,
        }


def ran(folder: Path, *arguments: str) -> tuple[float, float]:
    """(seconds, megabytes)"""
    probe = (
        "import resource, sys; from bot.cli import main; status = main(sys.argv[1:]);"
        "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr); sys.exit(status)"
    )
    began = time.monotonic()
    command = [sys.executable, "-c", probe, *arguments, "--config", str(folder / "config.toml")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[:2000] + done.stderr[-2000:]
    return time.monotonic() - began, int(done.stderr.split("peak")[1]) / 1024


@contextmanager
def somebody_writing(file: Path) -> Iterator[list[float]]:
    """One small durable commit after the other; how long each took."""
    stop, took = threading.Event(), list[float]()

    def write() -> None:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=60)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            while not stop.is_set():
                began = time.monotonic()
                connection.execute("UPDATE lanes SET paused_until = paused_until + 1")
                took.append(time.monotonic() - began)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield took
    finally:
        stop.set()
        writer.join()


def main(tickets: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "gridbot.db"
        (folder / "config.toml").write_text(f'[database]\nurl = "sqlite:///{file}"\n', encoding="utf-8")
        furnish(file, tickets)
        tell(f"{tickets} tickets, {6 * tickets} history rows, {file.stat().st_size / 1e6:.0f} MB")
        for what in (("doctor",), ("doctor", "--weeks", "0"), ("backup", str(folder / "a.db"))):
            seconds, megabytes = ran(folder, *what)
            tell(f"{' '.join(what).replace(name, '.')}: {seconds:.1f} s, {megabytes:.0f} MB")
        with somebody_writing(file) as took:
            seconds, _ = ran(folder, "backup", str(folder / "b.db"))
        longest = 1000 * max(took)
        tell(f"backup beside {len(took) / seconds:.0f} commits/s: {seconds:.1f} s, longest commit {longest:.0f} ms")


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
