"""A web server inside the program."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette


class Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the program, not to one of its doors."""
        yield


async def serve(app: Starlette, listening: socket.socket, goodbye: int) -> None:
    """Until cancelled; a call that is under way is answered first, within `goodbye` seconds."""
    settings = {"lifespan": "off", "ws": "none", "log_config": None, "access_log": False}
    server = Server(uvicorn.Config(app, timeout_graceful_shutdown=goodbye, **settings))  # type: ignore[arg-type]
    serving = asyncio.create_task(server.serve([listening]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
