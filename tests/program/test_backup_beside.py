"""Backup, doctor and restore as commands of their own, beside the running program and after it."""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.botapi import BotApiServer, person
from tests.program.program import GROUP, Program

AUNT, NEIGHBOUR = person(7001, "王阿姨"), person(7002, "小李")
OPENED = "件，记下了"


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server
        assert server.complaints == []


def gridbot(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments, "--config", str(folder / "config.toml")]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False)


def cards(api: BotApiServer) -> Counter[str]:
    """How often each ticket was announced."""
    return Counter(m.text.split("件")[0] for m in api.sent if OPENED in m.text)


class Chatter:
    """People who go on talking, and now and then report something."""

    def __init__(self, api: BotApiServer) -> None:
        self._api, self._enough = api, threading.Event()
        self._thread = threading.Thread(target=self._talk)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def _talk(self) -> None:
        for n in range(1, 100_000):
            if self._enough.wait(0.1):
                return
            troubles = {
                20: "5号楼门口垃圾堆了三天没人清",
                60: "8号楼3单元电梯坏了",
                100: "12号楼下水道堵了，污水往外冒",
            }
            self._api.say(GROUP, NEIGHBOUR, troubles.get(n, f"哈哈今天天气不错，第{n}天了"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_under_load_and_on_another_machine(api: BotApiServer, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there, here / "backups"):
        folder.mkdir()
    program = Program(api, here)
    with program.running():
        api.say(GROUP, AUNT, "3号楼2单元的路灯坏了三天了，没人修")
        api.wait(lambda: cards(api), 30)
        with Chatter(api):
            made = [gridbot(here, "backup", str(here / "backups" / f"{n}.db")) for n in range(2)]
            looks = [gridbot(here, "doctor", "--json")]
            api.wait(lambda: len(cards(api)) >= 3, 60)
    assert [(m.returncode, m.stderr) for m in made] == [(0, "")] * 2
    looks.append(gridbot(here, "doctor", "--json", str(here / "backups" / "1.db")))
    seen = [[json.loads(line) for line in look.stdout.splitlines()] for look in looks]
    assert [(look.returncode, len(lines)) for look, lines in zip(looks, seen, strict=True)] == [(0, 1)] * 2, seen

    last = here / "backups" / "last.db"
    assert gridbot(here, "backup", str(last)).returncode == 0
    opened = len(cards(api))
    moved = Program(api, there)
    assert gridbot(there, "restore", str(last)).returncode == 2, "somebody must say what came after"
    assert gridbot(there, "restore", str(last), "--moved").returncode == 0
    with moved.running():
        busy = gridbot(there, "restore", str(last), "--moved")
        assert (busy.returncode, busy.stdout) == (2, "")
        api.say(GROUP, AUNT, "15号楼2单元水管漏了，楼道都是水")
        api.wait(lambda: len(cards(api)) > opened, 30)
        assert gridbot(there, "doctor").returncode == 0
    assert set(cards(api).values()) == {1}, "nothing is said twice"
    assert gridbot(there, "doctor", "--against", str(here / "backups" / "0.db")).returncode == 0
