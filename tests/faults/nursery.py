"""Processes that start at once: one has loaded the program's modules, and a fork of it runs `python -m bot run`.

For CI, where the start of a fresh interpreter would be most of the time. The long run starts fresh ones.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Protocol


class Process(Protocol):
    """What the supervisor needs of a subprocess.Popen."""

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...
    def send_signal(self, sig: int) -> None: ...


class Nursery:
    """`start` forks a process with these arguments, environment and log."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.nursery"]
        self._parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, text=True)
        self._born: dict[int, Forked] = {}
        self._news = threading.Condition()
        self._newest: Forked | None = None
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def start(self, arguments: list[str], environment: Mapping[str, str], log: Path) -> "Forked":
        assert self._parent.stdin is not None
        with self._news:
            self._newest = None
            order = {"arguments": arguments, "environment": dict(environment), "log": str(log)}
            self._parent.stdin.write(json.dumps(order) + "\n")
            self._parent.stdin.flush()
            self._news.wait_for(lambda: self._newest is not None, 60)
            assert self._newest is not None, "the nursery does not answer"
            return self._newest

    def close(self) -> None:
        self._parent.kill()
        self._listening.join(10)
        with self._parent:  # closes the pipes
            self._parent.wait()

    def _listen(self) -> None:
        assert self._parent.stdout is not None
        for line in self._parent.stdout:
            said, pid, *status = line.split()
            with self._news:
                if said == "born":
                    self._newest = self._born[int(pid)] = Forked(int(pid))
                else:
                    self._born[int(pid)].end(os.waitstatus_to_exitcode(int(status[0])))
                self._news.notify_all()


class Forked:
    def __init__(self, pid: int) -> None:
        self.pid, self._code, self._over = pid, 0, threading.Event()

    def end(self, code: int) -> None:
        self._code = code
        self._over.set()

    def poll(self) -> int | None:
        return self._code if self._over.is_set() else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._over.wait(timeout):
            raise subprocess.TimeoutExpired("fork", timeout or 0.0)
        return self._code

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)


def main() -> None:
    """The nursery itself: forks at each line of standard input, tells of births and deaths."""
    import bot.app
    import bot.commands  # noqa: F401
    from tests.faults import child, wrapping  # noqa: F401

    signal.signal(signal.SIGCHLD, _reap)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(order)
        _say(f"born {pid}")


def _live(order: dict[str, object]) -> None:
    from tests.faults import child

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(str(order["log"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  it stays open
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    sys.argv = ["tests.faults.child", *order["arguments"]]  # type: ignore[misc]
    code = 1
    try:
        child.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except Exception:  # as an interpreter of its own would: into the log, and an end with 1
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _reap(_: int, __: FrameType | None) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _say(f"gone {pid} {status}")


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
