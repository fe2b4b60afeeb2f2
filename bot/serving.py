"""A web server inside the program."""

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


def server(app: Starlette, goodbye: int) -> Server:
    """`goodbye`: seconds for a call that is under way when we stop."""
    settings = {"lifespan": "off", "ws": "none", "log_config": None, "access_log": False}
    return Server(uvicorn.Config(app, timeout_graceful_shutdown=goodbye, **settings))  # type: ignore[arg-type]


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
