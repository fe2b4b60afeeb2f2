"""What the rig hands out itself, where a server answers the bot but cannot be given updates."""

import asyncio
import json
import time
from collections import deque
from typing import Any

Json = dict[str, Any]
LOOK = 0.02  # seconds
MOST = 100


class Updates:
    """A queue for getUpdates; `offset` acknowledges, as Telegram has it."""

    def __init__(self) -> None:
        self._waiting: deque[Json] = deque()  # filled from another thread
        self._last = 0

    def push(self, update: Json) -> None:
        self._last += 1
        self._waiting.append({"update_id": self._last, **update})

    async def answer(self, asked: dict[str, str]) -> bytes:
        """The body of the answer, after `timeout` seconds at most."""
        offset, ends = int(asked.get("offset", 0)), time.monotonic() + float(asked.get("timeout", 0))
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()
        while not self._waiting and time.monotonic() < ends:  # noqa: ASYNC110  another thread fills it
            await asyncio.sleep(LOOK)
        return json.dumps({"ok": True, "result": list(self._waiting)[: int(asked.get("limit", MOST))]}).encode()
