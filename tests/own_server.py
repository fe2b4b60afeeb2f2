"""A PostgreSQL that belongs to one test run: made in a scratch folder, on a port of its own, gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Self

from sqlalchemy import URL

SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=60",
    "unix_socket_directories=",
    "log_min_messages=error",
)


@cache
def find_programs() -> Path | None:
    """The folder with this machine's initdb and postgres; the newest of several."""
    placed = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    debian = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=_version)
    for folder in (*reversed(debian), *placed):
        if os.access(folder / "initdb", os.X_OK) and os.access(folder / "postgres", os.X_OK):
            return folder
    return None


def _version(folder: Path) -> int:
    """/usr/lib/postgresql/15/bin: 15"""
    return int(folder.parent.name.partition(".")[0])


def stranger() -> str | None:
    """PostgreSQL refuses root: somebody else on this machine runs it then."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd

    names = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


class OwnServer:
    """Reachable on 127.0.0.1 alone. It can be stopped as a power cut would, and started again."""

    def __init__(self, *settings: str) -> None:
        programs = find_programs()
        assert programs is not None, "no PostgreSQL on this machine"
        self._programs, self._settings, self._user = programs, (*SETTINGS, *settings), stranger()
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    @property
    def url(self) -> URL:
        return URL.create("postgresql+psycopg", "gridbot", host="127.0.0.1", port=self._port, database="postgres")

    def start(self) -> None:
        told = [word for setting in self._settings for word in ("-c", setting)]
        command = [self._programs / "postgres", "-D", self._data, "-p", str(self._port), "-h", "127.0.0.1", *told]
        self._process = subprocess.Popen(command, user=self._user, **self._quietly)
        ready = [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        ends = time.monotonic() + 20
        while subprocess.run(ready).returncode:
            assert time.monotonic() < ends and self._process.poll() is None, "PostgreSQL does not start"
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGQUIT: at once, as in a power cut; SIGINT: sessions are ended first."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)
            self._process = None

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="gridbot-pg-"))
        self._data = self._folder / "data"
        if self._user:
            shutil.chown(self._folder, self._user)
        command = [self._programs / "initdb", "-D", self._data, "-U", "gridbot", "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run([*command, "--locale=C"], user=self._user, check=True, **self._quietly)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _quietly(self) -> dict[str, object]:
        """In a folder that the other user may enter, without a word."""
        return {"cwd": self._folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
