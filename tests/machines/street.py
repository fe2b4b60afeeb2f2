"""Streets that share a database, and the processes that serve each: real programs on a Bot API server on loopback."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.database import open_engine
from models.tickets import Ticket
from tests.channels.botapi import BotApiServer

CONFIG = """
language = "{language}"
[telegram]
base_url = "{api.base_url}"
base_file_url = "{api.base_file_url}"
{telegram}
[database]
url = "{url}"
[hotlines]
gas = "96777"
[quiet]
start = "00:00"
end = "00:00"
[[units]]
name = "{grid}"
level = "网格"
[[people]]
name = "{member}"
telegram = {number}
posts = [{{ unit = "{grid}", role = "grid_member" }}]
[[groups]]
unit = "{grid}"
telegram = {group}
"""


class Machine:
    """One `gridbot run`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def says(self, *parts: str) -> Callable[[], bool]:
        return lambda: any(part in self.log for part in parts)

    def kill(self) -> float:
        """As the power would; the moment at which it was done."""
        self.process.kill()
        self.process.wait()
        return time.monotonic()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


FETCHING, STANDING_BY, LOST = "fetching this bot's messages.", "standing by. Letters", "is lost: fetching stopped"


@dataclass
class Street:
    """One configuration with its token; `url` is the database, which other streets may share."""

    api: BotApiServer
    folder: Path
    url: str
    grid: str = "幸福里第3网格"
    member: str = "张利萍"
    number: int = 4242
    group: int = -1001234567891
    language: str = "en"
    telegram: str = ""  # further lines of [telegram]
    more: str = ""
    machines: list[Machine] = field(default_factory=list)

    def start(self, *, wait: bool = True) -> Machine:
        """One more process; `wait` until it fetches or stands by."""
        name = f"{self.group}-{len(self.machines)}"
        file, log = self.folder / f"{name}.toml", self.folder / f"{name}.log"
        file.write_text(CONFIG.format(**vars(self)) + self.more, encoding="utf-8")
        environment = {**os.environ, "GRIDBOT_TELEGRAM_TOKEN": self.api.token, "PYTHONWARNINGS": "error"}
        command = [sys.executable, "-m", "bot", "run", "--config", str(file)]
        with log.open("wb") as out:
            process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        machine = Machine(process, log)
        self.machines.append(machine)
        if wait:
            until(machine.says(FETCHING, STANDING_BY), 30, lambda: machine.log)
        return machine

    def report(self, n: int) -> int:
        """A neighbour of their own reports the light of the n-th building."""
        neighbour = {"id": 50_000 + n, "is_bot": False, "first_name": f"邻居{n}"}
        return self.api.say(self.group, neighbour, f"{n}号楼的路灯坏了三天了，没人修")

    def cards(self) -> list[int]:
        """Buildings of the cards that were posted in the group, in their order."""
        posted = [m.text for m in self.api.sent if m.chat_id == self.group and m.text.startswith(("📌", "No."))]
        return [int(found[1]) for text in posted if (found := re.search(r"(\d+)号楼", text))]

    def numbers(self) -> dict[int, int]:
        """Ticket number -> building, of all that was opened."""
        with looking(self.url) as engine, Session(engine) as session:
            opened = session.scalars(select(Ticket).order_by(Ticket.number))
            return {t.number: int(re.findall(r"(\d+)号楼", t.text)[0]) for t in opened}


@contextmanager
def streets(*all_of_them: Street) -> Iterator[None]:
    """Whatever still runs in the end is told to stop, and must."""
    try:
        yield
        for street in all_of_them:
            for machine in street.machines:
                if machine.process.poll() is None:
                    assert machine.stop() == 0, machine.log
    finally:
        for street in all_of_them:
            for machine in street.machines:
                machine.kill()


def until(condition: Callable[[], object], seconds: float, told: Callable[[], object] = str) -> float:
    """Wait until it holds; the moment. Raises AssertionError with what is `told` when it does not in time."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, told()
        time.sleep(0.02)
    return time.monotonic()


@contextmanager
def looking(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
