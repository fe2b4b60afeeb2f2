"""The operators' door: /healthz, /readyz and /metrics, read only, without personal data and without secrets."""

import socket

from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels import Misconfigured
from bot.observing.counts import Counts
from bot.observing.health import Answer, Looking
from bot.observing.tables import Tables
from bot.serving import bound, serve

GOODBYE = 1  # seconds for an answer that is under way when we stop
FRESH = {"Cache-Control": "no-store"}


class OperatorsDoor:
    """Raises Misconfigured when the port is taken. Serves from before the bot is connected until it has ended."""

    def __init__(self, listen: str, port: int, counts: Counts, looking: Looking) -> None:
        self._counts, self._looking, self._tables = counts, looking, Tables(counts.registry)
        try:
            self._socket: socket.socket = bound(listen, port)
        except OSError as error:
            raise Misconfigured("observe.port", "observe_port", why=error.strerror or str(error)) from None

    async def run(self) -> None:
        """Until cancelled."""
        try:
            await serve(self._app(), self._socket, GOODBYE)
        finally:
            self._socket.close()

    def _app(self) -> Starlette:
        answers = (("/healthz", self._health), ("/readyz", self._ready), ("/metrics", self._metrics))
        return Starlette(routes=[Route(path, answer, methods=["GET"]) for path, answer in answers])

    async def _health(self, request: Request) -> Response:
        return _told(*self._looking.alive())

    async def _ready(self, request: Request) -> Response:
        return _told(*await self._looking.ready())

    async def _metrics(self, request: Request) -> Response:
        self._tables.shows(await self._looking.figures(), held=self._looking.holds())
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(self._counts.registry), headers={**FRESH, "Content-Type": kind})


def _told(well: bool, answer: Answer) -> Response:
    return JSONResponse(answer, 200 if well else 503, headers=FRESH)
