"""Runs `python -m bot run` as it is, on the rig's clock, and does one thing at the n-th passage of one point.

The program has no hooks for this: what is watched is replaced from outside, in this process only.
"""

import json
import os
import runpy
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.faults.clock import SharedClock
from tests.faults.points import point
from tests.faults.scouting import note_functions

ASKED = "GRIDBOT_RIG"
BACK = "back"
HASTE = {  # as the product, only sooner: nobody waits ten seconds for each of a hundred hanging calls
    "bot.heartbeat:BEAT": 1.0,
    "bot.postman:REST": 0.5,
    "bot.channels.telegram:PATIENCE.answer": 2.0,
    "bot.channels.telegram:PATIENCE.whole": 4.0,
    "bot.channels.telegram:PATIENCE.first_pause": 0.2,
    "bot.channels.telegram:PATIENCE.longest_pause": 1.0,
}


@dataclass(frozen=True)
class Order:
    """What the process is told. `action`: kill, or back:SECONDS (the clock jumps back, and the program goes on)."""

    clock: str
    reached: str  # a file that is made when the point is passed, with what the clock was ahead by
    at: str = ""
    passage: int = 1
    action: str = "kill"
    full: str = ""  # while this file exists SQLite may not grow: a disk that is full
    scout: str = ""  # the file in which the functions that run are to be noted

    def environment(self) -> dict[str, str]:
        return {ASKED: json.dumps(asdict(self))}


def main() -> None:
    order = Order(**json.loads(os.environ.pop(ASKED)))
    clock = SharedClock(Path(order.clock))
    import bot.app  # noqa: F401  everything is loaded, so that imported copies of a function are found too
    from bot.clock import SystemClock

    SystemClock.now = lambda _: clock.now()  # type: ignore[method-assign]
    SystemClock.machine = lambda _: clock.machine()  # type: ignore[method-assign]
    for name, value in HASTE.items():
        hasten(name, value)
    if order.full:
        fill_when_told(Path(order.full))
    if order.at:
        obey(order, clock)
    if order.scout:
        note_functions(Path(order.scout))
    sys.argv = ["bot", *sys.argv[1:]]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def obey(order: Order, clock: SharedClock) -> None:
    from tests.faults.wrapping import Watch

    passages = iter(range(1, sys.maxsize))

    def passed() -> None:
        if next(passages) != order.passage:
            return
        Path(order.reached).write_text(str(clock.offset))
        if order.action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        clock.jump(-float(order.action.removeprefix(BACK + ":")))

    Watch(point(order.at), passed)


def hasten(name: str, value: float) -> None:
    import importlib

    module, _, path = name.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, last = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    getattr(owner, last)  # a setting that is gone must be noticed
    object.__setattr__(owner, last, value) if outer else setattr(owner, last, value)


def fill_when_told(flag: Path) -> None:
    """SQLite's own limit of pages stands in for a disk, where no small file system can be mounted."""
    from sqlalchemy import Engine, event

    @event.listens_for(Engine, "begin")
    def limit(connection: Any) -> None:
        if connection.dialect.name == "sqlite":
            pages = 1 if flag.exists() else 2**31
            connection.connection.dbapi_connection.execute(f"PRAGMA max_page_count={pages}")


if __name__ == "__main__":
    main()
