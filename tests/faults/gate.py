"""A small door before the Bot API server, any server: it writes down every call, and is where the world goes wrong."""

import asyncio
import json
import socket
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from tests.faults.updates import Updates

Json = dict[str, Any]
Trouble = Literal["429", "502", "hang", "hang-done"]
UNKNOWN = frozenset({"502", "hang", "hang-done"})
"""After these the bot cannot know whether its letter arrived."""

LONGEST_HANG = 30.0  # seconds; nobody waits as long


@dataclass
class Call:
    """One call of the bot. `life`: which process made it; `arrived`: the server did what it asks for."""

    method: str
    params: dict[str, str]
    life: int
    trouble: str = ""
    arrived: bool = False
    answered: bool = False
    result: Any = None
    at: float = field(default_factory=time.monotonic)

    @property
    def chat(self) -> str:
        return self.params.get("chat_id", "")


class Gate:
    """`base_url` is what the program is given. Updates on their way are counted here, so that any server will do.

    `updates`: those are handed out here, and the server behind is not asked for any.
    """

    def __init__(self, upstream: str, updates: Updates | None = None) -> None:
        self._upstream, self._updates, self._socket = upstream, updates, socket.create_server(("127.0.0.1", 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/bot"
        self.calls: list[Call] = []
        self.life = 0
        self.polled = -1  # the newest life that has asked for updates
        self.troubles: dict[str, deque[Trouble]] = defaultdict(deque)
        self.troubled: dict[str, int] = defaultdict(int)  # how often each trouble was met
        self.moved: dict[str, str] = {}
        self.moved_in: dict[str, int] = {}  # old number -> the life in which the group moved
        self.closed: set[str] = set()
        self.given: dict[int, Json] = {}
        self.acknowledged = 0
        self._spared: set[tuple[str, str]] = set()

    def wish(self, method: str, *troubles: Trouble) -> None:
        """The next calls of a method whose name begins so go wrong."""
        self.troubles[method].extend(troubles)

    def calm(self) -> None:
        self.troubles.clear()

    def waiting(self) -> int:
        """Updates that the bot was given and has not acknowledged."""
        return sum(1 for number in list(self.given) if number >= self.acknowledged)

    def taken(self) -> int:
        """Updates that the bot has acknowledged."""
        return sum(1 for number in list(self.given) if number < self.acknowledged)

    def __enter__(self) -> "Gate":
        app = Starlette(routes=[Route("/bot{token}/{method}", self._handle, methods=["GET", "POST"])])
        config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False)
        self._server, ready = uvicorn.Server(config), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)
        self._socket.close()

    async def _serve(self, ready: threading.Event) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as self._client:
            ready.set()
            await self._server.serve([self._socket])

    async def _handle(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            body = await request.body()
        except ClientDisconnect:  # killed in the middle of its sentence: the server heard nothing
            return Response(status_code=400)
        call = Call(method, dict(parse_qsl(body.decode(), True)), self.life)
        self.calls.append(call)
        if method == "getUpdates":
            self._polls(call)
        path = f"{request.path_params['token']}/{method}"
        answering = asyncio.create_task(self._answer(call, path, body, request.headers.get("content-type", "")))
        leaving = asyncio.create_task(_gone(request))
        done, _ = await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if answering not in done and method == "getUpdates":
            answering.cancel()  # its process is dead: updates must not be handed to nobody
            return Response(status_code=499)
        response = await answering  # what was asked for is done, though nobody waits for the answer any more
        call.answered = answering in done
        return response

    def _polls(self, call: Call) -> None:
        self.polled = max(self.polled, call.life)
        self.acknowledged = max(self.acknowledged, int(call.params.get("offset", 0)))

    async def _answer(self, call: Call, path: str, body: bytes, kind: str) -> Response:
        if refused := self._refusal(call):
            return refused
        trouble = call.trouble = self._trouble(call)
        if trouble == "429":
            return _told(429, "Too Many Requests: retry after 1", retry_after=1)
        if trouble == "502":
            return Response(b"<html>502 Bad Gateway</html>", 502)
        if trouble == "hang":
            await asyncio.sleep(LONGEST_HANG)
        headers = {"content-type": kind} if kind else {}
        content, status = await self._ask(call, path, body, headers)
        self._heard(call, content)
        if trouble == "hang-done":
            await asyncio.sleep(LONGEST_HANG)
        return Response(content, status, media_type="application/json")

    async def _ask(self, call: Call, path: str, body: bytes, headers: dict[str, str]) -> tuple[bytes, int]:
        if self._updates is not None and call.method == "getUpdates":
            return await self._updates.answer(call.params), 200
        answer = await self._client.post(self._upstream + path, content=body, headers=headers)
        return answer.content, answer.status_code

    def _heard(self, call: Call, content: bytes) -> None:
        told = json.loads(content)
        call.arrived, call.result = bool(told.get("ok")), told.get("result", told.get("description"))
        if call.method == "getUpdates" and call.arrived:
            self.given.update({update["update_id"]: update for update in call.result})

    def _refusal(self, call: Call) -> Response | None:
        """What Telegram says of a group that became a supergroup, or that has thrown the bot out."""
        if call.chat in self.moved:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            return _told(400, words, migrate_to_chat_id=int(self.moved[call.chat]))
        if call.chat in self.closed:
            return _told(403, "Forbidden: bot was kicked from the group chat")
        return None

    def _trouble(self, call: Call) -> str:
        """No letter meets two unknown outcomes: it would be given up, as it should."""
        for beginning, wished in self.troubles.items():
            words = (call.chat, call.params.get("text", ""))
            if wished and call.method.startswith(beginning):
                if wished[0] in UNKNOWN and words in self._spared and words[1]:
                    return ""
                self._spared.add(words)
                self.troubled[wished[0]] += 1
                return wished.popleft()
        return ""


def _told(status: int, description: str, **parameters: int) -> Response:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return Response(json.dumps(body), status, media_type="application/json")


async def _gone(request: Request) -> None:
    """Until the caller hangs up."""
    while (await request.receive())["type"] != "http.disconnect":
        continue
