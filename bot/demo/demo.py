"""The running demo: one room at a time, opened in the background so that the page itself shows at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.clock import Clock
from bot.config.load import Config
from bot.demo.room import Room
from bot.demo.script import Script, script_in
from bot.reading.judge import Judge

PATIENCE = 20.0  # seconds that a page may wait for news before it asks again


class Demo:
    """`load` gives the judge; it is called in a thread, once."""

    def __init__(self, folder: Path, base: Config, load: Callable[[], Judge], clock: Clock) -> None:
        self.script: Script = script_in(base.language)
        self.config = self.script.town(base)
        self._folder, self._load, self._clock = folder, load, clock
        self._opening: asyncio.Task[Room] | None = None
        self._judge: Judge | None = None
        self._rooms, self._leaving, self._one_reset = 0, False, asyncio.Lock()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From the first room to the last."""
        self._opening = asyncio.create_task(self._open())
        try:
            yield
        finally:
            await self._close()

    @property
    def fault(self) -> BaseException | None:
        """What kept the room from opening."""
        ended = self._opening is not None and self._opening.done() and not self._opening.cancelled()
        return self._opening.exception() if ended and self._opening else None

    async def room(self) -> Room:
        """The present room, once it is open. Raises what kept it from opening."""
        assert self._opening is not None, "ask inside running()"
        return await asyncio.shield(self._opening)

    async def reset(self) -> None:
        """Begin anew in a fresh room; whoever waits for news of the old one gets it now."""
        async with self._one_reset:
            old, opening = await self.room(), asyncio.create_task(self._open())
            await opening
            self._opening = opening
            old.channel.changed()
            await old.close()

    async def news(self, seen: str) -> tuple[str, Room]:
        """The room, and a mark of how far its news go: waits while that is still `seen`."""
        room = await self.room()
        if seen == self._mark(room) and not self._leaving:
            await room.channel.wait(room.channel.version, PATIENCE)
            room = await self.room()
        return self._mark(room), room

    async def leave(self) -> None:
        """The program ends: nobody is kept waiting."""
        self._leaving = True
        if self._opening is not None and self._opening.done() and self.fault is None:
            self._opening.result().channel.changed()

    def _mark(self, room: Room) -> str:
        return f"{room.number}.{room.channel.version}"

    async def _open(self) -> Room:
        self._rooms += 1
        file = self._folder / f"room{self._rooms}.db"
        if self._judge is None:
            self._judge = await asyncio.to_thread(self._load)
        room = Room(self._rooms, file, self.config, self.script, self._judge, self._clock.now())
        await room.open()
        return room

    async def _close(self) -> None:
        assert self._opening is not None
        (room,) = await asyncio.gather(self._opening, return_exceptions=True)
        if isinstance(room, Room):
            await room.close()
