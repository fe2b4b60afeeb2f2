"""One machine of several: a process that takes in what the neighbours of its tokens say."""

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bot.channels.telegram.poll import read_all
from bot.channels.telegram.reading import Reader
from bot.clock import MovableClock
from bot.inbox import Inbox
from bot.loading import loading
from bot.reading.judge import Judge
from models.database import open_engine, open_sessions
from models.streets import Street
from tests.bench.county import START, county
from tests.bench.processors import Machine
from tests.bench.talk import Json


@dataclass(frozen=True)
class Work:
    """`away`: seconds to the database and back; `said`: of each token the batches that warm up, and what counts."""

    url: str
    machine: Machine
    away: float
    said: dict[str, list[list[Sequence[Json]]]]

    def as_json(self) -> dict[str, Any]:
        return {"url": self.url, "machine": self.machine.as_json(), "away": self.away, "said": self.said}

    @classmethod
    def read(cls, file: Path) -> "Work":
        told = json.loads(file.read_text("utf-8"))
        return cls(told["url"], Machine(**told["machine"]), told["away"], told["said"])


Door = tuple[Inbox, Reader]


def work(asked: Work) -> None:
    """Warm up, say so, and on a line of input take everything in."""
    with loading():
        engine = open_engine(asked.url)
        doors = _doors(asked, engine)
    asked.machine.settle(engine, asked.away)
    take(doors, {token: warm for token, (warm, _) in asked.said.items()})
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    print(json.dumps(take(doors, {token: said for token, (_, said) in asked.said.items()})), flush=True)  # noqa: T201


def _doors(asked: Work, engine: Engine) -> dict[str, Door]:
    """An inbox for each token, as `gridbot run` of its street has it."""
    clock, judge, doors = MovableClock(START, flows=True), Judge.load(), dict[str, Door]()
    policy = county(1).policy
    for token in asked.said:
        sessions = open_sessions(engine, street=Street(f"telegram:{token}", clock.now))
        inbox = Inbox(sessions, clock, policy, judge)
        inbox.get_ready()
        inbox.me[token] = "gridbot"
        doors[token] = inbox, Reader(token, "gridbot", clock)
    return doors


def take(doors: dict[str, Door], said: dict[str, list[Sequence[Json]]]) -> dict[str, Any]:
    """What became of the lines, and by when how many of them were committed."""
    kinds, taken = Counter[str](), list[tuple[float, int]]()
    for together in zip(*said.values(), strict=True):
        for (inbox, reader), batch in zip(doors.values(), together, strict=True):
            kinds.update(outcome.kind for outcome in inbox.receive_now(read_all(reader, batch)))
            taken.append((time.monotonic(), kinds.total()))
    return {"kinds": kinds, "taken": taken}


if __name__ == "__main__":
    work(Work.read(Path(sys.argv[1])))
