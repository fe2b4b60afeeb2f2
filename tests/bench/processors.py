"""Processors for several machines and their database, on one computer."""

import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

ENOUGH = 4  # processors: one for each of two machines, the rest for the database and for us
SLOW = 0.4  # of a processor that a machine works at where there are not so many
SOONEST = 0.0003  # seconds: who owes less goes on


@dataclass(frozen=True)
class Machine:
    """`processor`: the only one that it runs on; `pace`: the share of one that it works at."""

    processor: int | None = None
    pace: float = 1.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def settle(self, engine: Engine, away: float) -> None:
        """From now on this process is that machine, `away` seconds from the database and back."""
        if self.processor is not None:
            os.sched_setaffinity(0, {self.processor})
        _Pace(self.pace, away).watch(engine)


class _Pace:
    """Rests at every statement for as long as a slow machine would have worked longer: never to make up for waiting. So
    locks are held as much longer, too. A wire takes its time; nobody's processor is used up by it.
    """

    def __init__(self, pace: float, away: float) -> None:
        self._pace, self._away = pace, away
        self._owed, self._worked = 0.0, time.thread_time()

    def watch(self, engine: Engine) -> None:
        for moment in ("before_cursor_execute", "commit", "rollback"):
            event.listen(engine, moment, self._rest)

    def _rest(self, *_: object) -> None:
        worked = time.thread_time()
        self._owed += (worked - self._worked) * (1 / self._pace - 1) + self._away
        if self._owed >= SOONEST:
            began = time.perf_counter()
            time.sleep(self._owed)
            self._owed -= time.perf_counter() - began
        self._worked = time.thread_time()


def share_out(machines: int) -> list[Machine]:
    """Where there are processors enough, one for each machine, and what is left for the database and for us; else the
    machines are slow, so that all of it together fits on what there is.
    """
    whole = _whole_processors()
    if len(whole) < max(ENOUGH, machines + 2):
        return [Machine(pace=SLOW) for _ in range(machines)]
    theirs, ours = whole[:machines], os.sched_getaffinity(0) - _beside(whole[:machines])
    os.sched_setaffinity(0, ours)
    return [Machine(processor=one) for one in theirs]


def told() -> str:
    """How it is done on this computer."""
    enough = len(_whole_processors()) >= ENOUGH
    return "each machine on a processor of its own" if enough else f"each machine works at {SLOW:g} of a processor"


def _whole_processors() -> list[int]:
    """One thread of each core that we may use; none where the system does not tell."""
    if not hasattr(os, "sched_getaffinity"):
        return []
    first = {_threads(number): number for number in sorted(os.sched_getaffinity(0), reverse=True)}
    return sorted(first.values())


def _beside(processors: list[int]) -> set[int]:
    """These, and the other threads of their cores."""
    cores = {_threads(number) for number in processors}
    return {number for number in os.sched_getaffinity(0) if _threads(number) in cores}


def _threads(number: int) -> str:
    told = Path(f"/sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list")
    return told.read_text("ascii") if told.exists() else str(number)
