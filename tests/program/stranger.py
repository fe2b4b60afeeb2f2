"""A Bot API server that this project did not write (lo-bot-api-emulator), run beside a test as people would use it."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

emulation = pytest.importorskip("lo_bot_api_emulator", reason="pip install lo-bot-api-emulator")
web = pytest.importorskip("aiohttp.web", reason="it comes with lo-bot-api-emulator")

Json = dict[str, Any]


class Stranger:
    """What people write is queued as raw updates; what the bot called is read from the server's own list."""

    token = "7:synthetic"

    def __init__(self) -> None:
        self._emulator = emulation.LoBotApiEmulator()
        self._loop = asyncio.new_event_loop()
        self._number, self._told = 100, list[tuple[str, Json]]()
        self.base_url = self.base_file_url = ""

    def say(self, chat: int, user: Json, text: str, **fields: Any) -> Json:
        """Somebody writes in the group; the message as the server has it."""
        self._number += 1
        group = {"id": chat, "type": "supergroup", "title": "幸福里第3网格居民群"}
        message = {"message_id": self._number, "date": int(time.time()), "chat": group, "from": user, "text": text}
        self._push({"message": message | fields})
        return message

    def press(self, user: Json, card: Json, data: str) -> None:
        query = {"id": f"q{self._number}", "from": user, "chat_instance": "1", "data": data, "message": card}
        self._push({"callback_query": query})

    def sent(self) -> list[Json]:
        """The messages that the server made of what the bot sent."""
        return [told["result"] for method, told in list(self._told) if method == "sendMessage" and told["ok"]]

    def methods(self) -> set[str]:
        return {method for method, _ in list(self._told)}

    def refused(self) -> list[tuple[str, Json]]:
        return [(method, told) for method, told in list(self._told) if not told["ok"]]

    def wait(self, condition: Callable[[], object], seconds: float = 20.0) -> None:
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, ([m["text"] for m in self.sent()], self.refused())
            threading.Event().wait(0.05)

    def said(self, part: str) -> Callable[[], bool]:
        return lambda: any(part in m["text"] for m in self.sent())

    def _push(self, update: Json) -> None:
        adding = self._emulator.enqueue_update(update, token=self.token)
        asyncio.run_coroutine_threadsafe(adding, self._loop).result(5)

    @contextmanager
    def serving(self) -> Iterator["Stranger"]:
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        app = self._emulator.app()
        app.middlewares.append(self._overhear)
        runner = web.AppRunner(app, access_log=None)
        try:
            asyncio.run_coroutine_threadsafe(self._start(runner), self._loop).result(10)
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(5)
            self._loop.close()

    @web.middleware
    async def _overhear(self, request: Any, handler: Any) -> Any:
        """The server keeps no texts: its answers are written down on their way out."""
        response = await handler(request)
        self._told.append((request.path.rsplit("/", 1)[-1], json.loads(response.body)))
        return response

    async def _start(self, runner: Any) -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.base_url, self.base_file_url = f"{address}/bot", f"{address}/file/bot"
