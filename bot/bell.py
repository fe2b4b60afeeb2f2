"""Something was written: those who wait look again at once."""

import asyncio


class Bell:
    """`rings`: how often it was rung. Who reads it before a look, and waits with it, misses nothing."""

    def __init__(self) -> None:
        self.rings, self._rung = 0, asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        rung, self._rung = self._rung, asyncio.Event()
        self.rings += 1
        rung.set()

    async def wait(self, seconds: float, since: int | None = None) -> None:
        """Until somebody rings, `seconds` at most; not at all when it was rung since."""
        if since is not None and since != self.rings:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return
