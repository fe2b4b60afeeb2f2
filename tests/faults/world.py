"""What the world does to a running program, beside killing it: a full disk, a locked database."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import make_url

DISK = "96m"
ROOM = 8192  # bytes that are left on a full disk


class Disk:
    """The folder in which the database lies: a small file system of its own where we may mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "disk"
        self.folder.mkdir()
        self.flag = folder / "full"
        self._filler = self.folder / "filler"
        self.mounted = _mount(self.folder)

    def fill(self) -> None:
        """From now on nothing can be written."""
        if not self.mounted:
            self.flag.touch()
            return
        status = os.statvfs(self.folder)
        left = status.f_bavail * status.f_frsize - ROOM
        with contextlib.suppress(OSError), self._filler.open("wb") as filler:
            while left > 0:
                left -= filler.write(bytes(min(left, 2**20)))

    def clear(self) -> None:
        self._filler.unlink(missing_ok=True)
        self.flag.unlink(missing_ok=True)

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)


@contextlib.contextmanager
def locked(url: str, patience: float = 20.0) -> Iterator[None]:
    """Another process holds the whole database, as a backup or an operator's shell might."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        holder = sqlite3.connect(parsed.database or "", timeout=patience, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    else:
        plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        holder = psycopg.connect(plain)  # type: ignore[assignment]
        _lock_tables(holder, patience)  # type: ignore[arg-type]
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


def _lock_tables(holder: psycopg.Connection, patience: float) -> None:
    """Whoever loses a deadlock against the program tries again; mostly it is the program that loses."""
    ends = time.monotonic() + patience
    while True:
        try:
            holder.execute("LOCK TABLE letters, tickets, taken_updates IN ACCESS EXCLUSIVE MODE")
            return
        except psycopg.errors.DeadlockDetected:
            holder.rollback()
            if time.monotonic() > ends:
                raise


def hold(url: str, seconds: float) -> None:
    """Lock it for so long; in a process or thread of its own."""
    with contextlib.suppress(sqlite3.OperationalError, psycopg.OperationalError), locked(url):
        time.sleep(seconds)


def _mount(folder: Path) -> bool:
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
