"""The webhook: Telegram calls us, and hears 200 only when its update is committed."""

import asyncio
import hmac
import json
import logging
import socket
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels import Misconfigured, Receive
from bot.channels.telegram.poll import NotTaken, hand_over, read_all
from bot.channels.telegram.reading import Reader
from bot.serving import bound, serve

log = logging.getLogger(__name__)

MAX_BODY = 1 << 20  # bytes; an update with every field full stays far below
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATIENCE = 10.0  # seconds for a body; who sends it drop by drop would hold the door
GOODBYE = 3  # seconds for a call that is under way when we stop


@dataclass(frozen=True)
class Webhook:
    """`url` is what Telegram calls (https); `listen` and `port` are where we stand behind it."""

    url: str
    listen: str
    port: int
    secret: str


class TooBig(Exception):
    """More than an update can be."""


class Door:
    """Listens from open() on; answers once serve() knows who takes the events."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._socket: socket.socket | None = None
        self._one_by_one = asyncio.Lock()

    def open(self) -> None:
        try:
            self._socket = bound(self._webhook.listen, self._webhook.port)
        except OSError as error:
            raise Misconfigured("telegram.webhook_port", "webhook_port", why=error.strerror or str(error)) from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else every second answer waits 40 ms

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    async def serve(self, reader: Reader, receive: Receive) -> None:
        """Until cancelled; a call that is under way is answered first."""
        if self._socket is None:
            raise RuntimeError("open the door before serving")
        await serve(self._app(reader, receive), self._socket, GOODBYE)

    def _app(self, reader: Reader, receive: Receive) -> Starlette:
        async def take(request: Request) -> Response:
            return Response(status_code=await self._status(request, reader, receive))

        return Starlette(routes=[Route("/{path:path}", take, methods=["POST"])])

    async def _status(self, request: Request, reader: Reader, receive: Receive) -> int:
        if not self._is_telegram(request):
            return 403
        try:
            async with asyncio.timeout(PATIENCE):
                raw = json.loads(await _body(request))
        except TooBig:
            return 413
        except TimeoutError:
            return 408
        except ClientDisconnect:
            return 400  # nobody reads it
        except (ValueError, RecursionError):
            return 400
        try:
            async with self._one_by_one:
                await hand_over(receive, read_all(reader, [raw]))
        except NotTaken as fault:
            told = {"event": "not_stored", "why": str(fault)}
            log.warning("an update could not be stored (%(why)s): Telegram will repeat it", told)
            return 500
        return 200

    def _is_telegram(self, request: Request) -> bool:
        told = request.headers.getlist(SECRET_HEADER)
        return len(told) == 1 and hmac.compare_digest(told[0].encode(), self._webhook.secret.encode())


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise TooBig
    return body
