"""Told to stop: what is under way gets its time, and then the process is gone, whatever hangs.

Leaving in the middle is safe, as a power cut is: a transaction that did not end is rolled back, and only what is
committed is ever acknowledged.
"""

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time

log = logging.getLogger(__name__)

SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})
LAST = 3.7  # seconds after the signal at which we leave: five are promised
LAST_WORDS = 0.2  # seconds that a full pipe of log lines may hold us up


class Stop:
    """A thread of its own waits for the signals, so that neither a busy program nor a slow start can miss one."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        self._lock = threading.Lock()

    def listen(self) -> None:
        """Call it in the main thread before any other is started. A second signal changes nothing."""
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
            threading.Thread(target=self._watch, name="stop", daemon=True).start()
        else:  # Windows has neither masks nor waits
            for number in SIGNALS:
                signal.signal(number, lambda *_: self.tell())

    def tell(self) -> None:
        """Stop now, and be gone in time."""
        with self._lock:
            if self._told.is_set():
                return
            self._told.set()
            for loop, event in self._waiting:
                with contextlib.suppress(RuntimeError):  # that loop has ended
                    loop.call_soon_threadsafe(event.set)
        threading.Thread(target=_leave_at, args=(time.monotonic() + LAST,), name="leave", daemon=True).start()
        log.info("told to stop", {"event": "stopping"})  # last: a full pipe may hold it up

    async def told(self) -> None:
        """Returns when somebody wants us to stop."""
        event = asyncio.Event()
        with self._lock:
            if self._told.is_set():
                return
            self._waiting.append((asyncio.get_running_loop(), event))
        await event.wait()

    def _watch(self) -> None:
        signal.sigwait(SIGNALS)
        self.tell()


def _leave_at(instant: float) -> None:
    """By then everything has ended by itself, and this thread with it; if not, leave."""
    time.sleep(max(0.0, instant - time.monotonic()))
    words = threading.Thread(target=log.warning, args=("not done in time: %(what)s", _WHAT), daemon=True)
    words.start()
    words.join(LAST_WORDS)
    os._exit(0)


_WHAT = {"event": "left_in_the_middle", "what": "what is under way is rolled back"}
