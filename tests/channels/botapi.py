"""A small Telegram on 127.0.0.1: people write to it from the test, the bot talks to it over real HTTP.

with BotApiServer() as api:
    api.say(GROUP, person(7, "王阿姨"), "3号楼2单元水管漏水")
    ... a bot is run against api.base_url with api.token ...
    api.wait(lambda: api.sent)
    assert api.sent[0].text.startswith("📌") and api.complaints == []
"""

import asyncio
import json
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.channels.botapi_law import BadForm, Refusal, check_kinds, check_parameters
from tests.channels.botapi_methods import Methods
from tests.channels.botapi_town import Json, person

__all__ = ["BotApiServer", "Hang", "Raw", "Refusal", "person"]


@dataclass(frozen=True)
class Hang:
    """Never answer; with `done` the request took effect all the same."""

    done: bool = False


@dataclass(frozen=True)
class Raw:
    """Answer with these bytes, as a proxy's error page would."""

    status: int
    body: bytes


class BotApiServer(Methods):
    """`complaints` are the faults of a bot that does not keep to the Bot API: they should stay empty."""

    def __init__(self, token: str = "4711:SECRET-of-the-test", username: str = "grid_test_bot") -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else every second answer waits 40 ms
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.base_url, self.base_file_url = f"{self.address}/bot", f"{self.address}/file/bot"
        self._news: asyncio.Event | None = None
        self._free: asyncio.Event | None = None
        super().__init__(token, username)

    def clear(self) -> None:
        """A new day: nobody has spoken, nothing is scripted. Whoever hangs is let go."""
        super().clear()
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.complaints: list[str] = []
        self.script: dict[str, deque[Refusal | Hang | Raw]] = defaultdict(deque)
        self._polls = 0
        self._let_go()

    def wait(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Until it holds; raises AssertionError when it does not in time."""
        with self.lock:
            if not self.lock.wait_for(condition, seconds):
                raise AssertionError(f"not within {seconds:g} s; sent: {[m.text for m in self.sent]}")

    def answer(self, method: str, *answers: Refusal | Hang | Raw) -> None:
        """The next calls of this method are answered so, one after the other."""
        self.script[method].extend(answers)

    def called(self, method: str) -> list[dict[str, str]]:
        return [params for name, params in self.calls if name == method]

    def deliver(self) -> list[int]:
        """Hand what is pending to the webhook, one by one, until it refuses; the statuses it gave."""
        statuses: list[int] = []
        with httpx.Client(trust_env=False, timeout=10) as client:
            while self.pending and (not statuses or statuses[-1] == 200):
                header = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
                statuses.append(client.post(self.webhook["url"], json=self.pending[0], headers=header).status_code)
                if statuses[-1] == 200:
                    self.pending.pop(0)
        return statuses

    def __enter__(self) -> "BotApiServer":
        app = Starlette(routes=[Route("/bot{token}/{method}", self._handle, methods=["GET", "POST"])])
        config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False)
        self._server, ready = uvicorn.Server(config), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._let_go()
        self._thread.join(10)
        self._socket.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._news, self._free = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        ready.set()
        await self._server.serve([self._socket])

    def changed(self) -> None:
        if self._news:
            self._loop.call_soon_threadsafe(self._news.set)
        super().changed()

    def _let_go(self) -> None:
        if self._free:
            self._loop.call_soon_threadsafe(self._free.set)
        self.changed()

    async def _handle(self, request: Request) -> Response:
        method, params = request.path_params["method"], dict(parse_qsl((await request.body()).decode(), True))
        self.calls.append((method, params))
        scripted = self.script[method].popleft() if self.script[method] else None
        try:
            result = await self._act(request, method, params, scripted)
        except Refusal as refused:
            if isinstance(refused, BadForm):
                self.complaints.append(f"{method}: {refused.description}")
            body = {"ok": False, "error_code": refused.status, "description": refused.description}
            body |= {"parameters": refused.parameters} if refused.parameters else {}
            return self._told(body, refused.status)
        return result if isinstance(result, Response) else self._told({"ok": True, "result": result}, 200)

    def _told(self, body: Json, status: int) -> Response:
        """JSON in ASCII, as Telegram writes it."""
        super().changed()
        return Response(json.dumps(body), status, media_type="application/json")

    async def _act(self, request: Request, method: str, params: dict[str, str], scripted: object) -> Any:
        if request.path_params["token"] != self.token:
            raise Refusal(401, "Unauthorized")
        if isinstance(scripted, Refusal):
            raise scripted
        if isinstance(scripted, Raw):
            return Response(scripted.body, scripted.status)
        if isinstance(scripted, Hang) and not scripted.done:
            await self._hang()
        check_parameters(method, params)
        if method == "getUpdates":
            return await self._updates(params)
        with self.lock:
            result = self.do(method, params)
        if isinstance(scripted, Hang):
            self.changed()
            await self._hang()
        return result

    async def _hang(self) -> None:
        assert self._free
        self._free.clear()
        await self._free.wait()
        raise Refusal(500, "the test is over")

    async def _updates(self, params: dict[str, str]) -> list[Json]:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._polls += 1
        mine, ends = self._polls, time.monotonic() + int(params.get("timeout", 0))
        self._acknowledge(int(params.get("offset", 0)))
        if "allowed_updates" in params:
            self.allowed = check_kinds(params["allowed_updates"])
        assert self._news
        self._news.set()  # an older poll wakes up and finds that it was replaced
        while True:
            self._news.clear()
            if mine != self._polls or self._server.should_exit:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
            with self.lock:  # whoever holds it says several things at once
                found = [u for u in self.pending if not self.allowed or self.allowed & set(u)]
            if found:
                return found[: int(params.get("limit", 100))]
            left = ends - time.monotonic()
            if left <= 0:
                return []
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)

    def _acknowledge(self, offset: int) -> None:
        """Telegram's queue: up to the offset all is confirmed, in the order in which it came."""
        with self.lock:
            known = [n for n, update in enumerate(self.pending) if update["update_id"] == offset - 1]
            if offset < 0:
                self.pending = self.pending[offset:]
            elif known:
                self.pending = self.pending[known[-1] + 1 :]
            elif offset:
                self.pending = [update for update in self.pending if update["update_id"] >= offset]
        self.changed()
