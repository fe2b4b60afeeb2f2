"""A question to something that may hang: asked in a thread of its own, never twice at once, and not waited for long."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Probe(Generic[Answer]):
    """`fresh`: seconds for which an answer is given again; `patience`: seconds until there is none (None)."""

    def __init__(self, question: Callable[[], Answer], fresh: float, patience: float = 1.5) -> None:
        self._question, self._fresh, self._patience = question, fresh, patience
        self._asked: Future[Answer] | None = None
        self._since = 0.0

    async def ask(self) -> Answer | None:
        """Raises what the question raised."""
        asked = self._asked
        if asked is None or (asked.done() and self._is_old(asked)):
            asked = self._asked = self._begin()
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(asked)), self._patience)
        except TimeoutError:
            return None

    def _is_old(self, asked: "Future[Answer]") -> bool:
        return asked.exception() is not None or time.monotonic() - self._since >= self._fresh

    def _begin(self) -> "Future[Answer]":
        """No thread of the pool: those may all hang in the same database, and a daemon holds up no end."""
        answered: Future[Answer] = Future()
        self._since = time.monotonic()
        threading.Thread(target=self._find_out, args=(answered,), name="probe", daemon=True).start()
        return answered

    def _find_out(self, answered: "Future[Answer]") -> None:
        try:
            found = self._question()
        except Exception as fault:
            answered.set_exception(fault)
        else:
            answered.set_result(found)
