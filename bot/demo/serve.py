"""gridbot demo: finds a port on this machine alone, says its address, opens the browser, and leaves nothing behind."""

import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import uvicorn

from bot.clock import SystemClock
from bot.config.load import Config
from bot.demo.demo import Demo
from bot.demo.page import build_page
from bot.reading.judge import Judge

HOST = "127.0.0.1"
USUAL_PORT = 8765


def serve(
    base: Config, load: Callable[[], Judge], port: int | None, tell: Callable[[str], None], *, show: bool
) -> None:
    """Until Ctrl-C or SIGTERM. `tell` gets the address. Raises OSError for a taken port, and what `load` raises."""
    with _ending_tidily(), _scratch_folder() as folder, listening(port) as door:
        demo = Demo(Path(folder), base, load, SystemClock())
        config = uvicorn.Config(build_page(demo), log_level="warning", access_log=False, timeout_graceful_shutdown=3)
        address = f"http://{HOST}:{door.getsockname()[1]}/"
        Server(config, demo, lambda: _announce(address, tell, show)).run(sockets=[door])
        if demo.fault:
            raise demo.fault


class Server(uvicorn.Server):
    """Says when it is ready, and lets waiting pages go when it ends."""

    def __init__(self, config: uvicorn.Config, demo: Demo, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._demo, self._ready = demo, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def on_tick(self, counter: int) -> bool:
        return self._demo.fault is not None or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._demo.leave()
        await super().shutdown(sockets)


def listening(port: int | None) -> socket.socket:
    """A bound socket on this port; without a wish the usual one, or any when that is taken."""
    if port is not None:
        return _bound(port)
    try:
        return _bound(USUAL_PORT)
    except OSError:
        return _bound(0)


def _bound(port: int) -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # there it would let two programs share the port
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
        door.listen()
    except OSError:
        door.close()
        raise
    return door


def _scratch_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="gridbot-demo-", ignore_cleanup_errors=True)


@contextmanager
def _ending_tidily() -> Iterator[None]:
    """SIGTERM ends us as Ctrl-C does; else the scratch folder would stay."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _announce(address: str, tell: Callable[[str], None], show: bool) -> None:
    tell(address)
    if show and _has_screen():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _has_screen() -> bool:
    """A text browser would take the terminal over."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
