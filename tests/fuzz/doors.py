"""The doors of the program, each as a plain function that raises when something broke that must not break."""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import delete, select

from bot.channels.telegram.poll import read_all
from bot.channels.telegram.reading import Reader
from bot.channels.telegram.webhook import SECRET_HEADER, Door, Webhook
from bot.config.faults import ConfigFaults
from bot.config.load import load
from bot.replay.formats import open_recording
from bot.replay.recorded import Unreadable
from bot.replay.timeline import on_one_clock
from bot.storable import storable
from bot.understanding import Understanding
from models.heard import Failed
from models.messages import Event, Speaker
from tests.world import OTHER, World, small_town, the_judge

LONGEST_READING = 2.0  # seconds for one text on a busy machine; alone it takes some milliseconds
SECRET = "only-telegram-knows"


class Broken(AssertionError):
    """What must not happen."""


class Town:
    """A furnished world that outlives many updates."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self._folder.name), small_town())
        self.world.starts("老王", "李书记")
        self.world.says("王阿姨", "3号楼2单元水管漏水")
        self.world.says("王阿姨", "楼上天天半夜吵架打孩子，我们两家为这个闹翻了")
        self.world.says("李婶", "5号楼1单元下水道堵了")
        self._reader = Reader("999", "gridbot", self.world.clock)
        self._number = 1_000_000

    def takes(self, raw: Any) -> None:
        """It is read or left out; nothing lands among the failed; the next update is taken."""
        self._number += 1
        self._later()
        raw = {"update_id": self._number, **raw} if isinstance(raw, dict) else raw
        self._receive(read_all(self._reader, [raw]))
        self._failed()

    def still_listens(self) -> None:
        self._later()
        line = self.world.incoming("刘婶", "17号楼9单元楼顶太阳能水管爆了", OTHER)
        (outcome,) = self.world.inbox.receive_now([line])
        if outcome.kind not in ("opened", "joined"):
            raise Broken(f"an issue was {outcome.kind}")

    def _later(self) -> None:
        """So that nothing counts as a flood."""
        self.world.clock.move_to(self.world.clock.now() + timedelta(minutes=2))

    def _receive(self, events: Sequence[Event]) -> None:
        self.world.inbox.receive_now(events)

    def _failed(self) -> None:
        with self.world.session() as session, session.begin():
            failed = list(session.scalars(select(Failed)))
            session.execute(delete(Failed))
        if failed:
            raise Broken(f"{failed[0].error}: {failed[0].event}")


@cache
def town() -> Town:
    return Town()


def reads_text(text: str) -> None:
    """A verdict in time, masked, and every other question that a handler may ask of a text."""
    reader = Understanding.of(the_judge()).reader("gridbot")
    clean = storable(text)
    began = time.thread_time()
    reader.mask(clean)
    the_judge().read(clean, Speaker())
    reader.complaint(clean, lambda: ["老王"])
    reader.place(clean)
    took = time.thread_time() - began
    if took > LONGEST_READING:
        raise Broken(f"{took:.2f} s for {clean[:80]!r}")


@contextmanager
def file_of(raw: bytes, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        yield path


def reads_recording(raw: bytes) -> None:
    with file_of(raw, "record") as path:
        try:
            on_one_clock(open_recording(path))
        except Unreadable:
            return


def reads_config(raw: bytes) -> None:
    """Each fault names a key, what is wrong and what to do."""
    with file_of(raw, "config.toml") as path:
        try:
            load(path, {})
        except ConfigFaults as wrong:
            if not wrong.faults or not all(str(f).strip() for f in wrong.faults):
                raise Broken("a fault without words") from None


def answers_webhook(body: bytes, secret: bytes | None = SECRET.encode(), method: str = "POST", path: str = "/x") -> int:
    """The status; anything from 500 on is broken, for the database is well."""
    here = town()  # built outside of the loop: it runs loops of its own

    async def take(events: Sequence[Event]) -> None:
        here.world.inbox.receive_now(events)

    async def call() -> int:
        app = Door(Webhook("https://x", "127.0.0.1", 1, SECRET))._app(here._reader, take)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door") as client:
            headers = [] if secret is None else [(SECRET_HEADER.encode(), secret)]
            return (await client.request(method, path, content=body, headers=headers)).status_code

    status = asyncio.run(call())
    if status >= 500:
        raise Broken(f"{status} for {body[:80]!r}")
    return status
