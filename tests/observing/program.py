"""`gridbot run` with its operators' door open, its log as JSON, and secrets that are easily found again."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.program.program import Program

SEEN = """
[logs]
format = "{form}"
[observe]
port = {port}
"""
PROMISED = 5.0  # seconds until it is gone
Json = dict[str, Any]


def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as door:
        return int(door.getsockname()[1])


class Watched(Program):
    """`more`: lines of further sections; `environment`: variables of the process."""

    def __init__(self, api: Any, folder: Path, *, form: str = "json", more: str = "", **environment: str) -> None:
        super().__init__(api, folder)
        self.folder, self.api, self.environment, self.port = folder, api, environment, free_port()
        with (folder / "config.toml").open("a", encoding="utf-8") as config:
            config.write(SEEN.format(form=form, port=self.port) + more)
        self.process: subprocess.Popen[bytes]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command beside it, with all that it prints."""
        run = [*self._python(), *arguments, "--config", str(self.folder / "config.toml")]
        settings: Any = {"env": self._around(), "capture_output": True, "text": True, "encoding": "utf-8"}
        return subprocess.run(run, timeout=60, check=False, cwd=self.folder, **settings)

    @contextlib.contextmanager
    def started(self) -> Iterator["Watched"]:
        """Started, and killed in the end if nobody stopped it."""
        run = [*self._python(), "run", "--config", str(self.folder / "config.toml")]
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(run, env=self._around(), stdout=log, stderr=log, cwd=self.folder)
            try:
                yield self
            finally:
                self.process.kill()
                self.process.wait()

    def stops(self, number: int = signal.SIGTERM) -> float:
        """Seconds from the signal to the end, which has to be a good one."""
        began = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(10)
        took = time.monotonic() - began
        assert status == 0, (status, self.log())
        assert took < PROMISED, (datetime.now(UTC) - timedelta(seconds=took), took, self.log())
        return took

    def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        with httpx.Client(trust_env=False, timeout=4) as client:
            return client.request(method, f"http://127.0.0.1:{self.port}{path}", headers=headers)

    def status(self, path: str) -> int:
        """0 while nobody answers."""
        with contextlib.suppress(httpx.TransportError):
            return self.get(path).status_code
        return 0

    def until(self, path: str, status: int, seconds: float = 60.0) -> httpx.Response:
        ends = time.monotonic() + seconds
        while self.status(path) != status:
            assert time.monotonic() < ends and self.process.poll() is None, self.log()
            time.sleep(0.05)
        return self.get(path)

    def figures(self) -> dict[str, float]:
        """The samples of /metrics by name and labels, as they are written there."""
        lines = [line for line in self.get("/metrics").text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    def events(self) -> list[Json]:
        """Every line of the log; each has to be a JSON object."""
        return [json.loads(line) for line in self.log().splitlines()]

    def named(self, event: str) -> list[Json]:
        return [row for row in self.events() if row["event"] == event]

    def _python(self) -> list[str]:
        return [sys.executable, "-m", "bot"]

    def _around(self) -> dict[str, str]:
        root = str(Path(__file__).parents[2])
        return {**os.environ, "GRIDBOT_TELEGRAM_TOKEN": self.api.token, "PYTHONPATH": root, **self.environment}
