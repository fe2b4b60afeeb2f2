"""Of several processes with one token one fetches the messages; the others stand by and take over when it is gone."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from bot.channels import Channel, Misconfigured, Receive
from bot.loops import first_of
from bot.observing.signs import SILENT, Signs
from bot.sentences import say
from models.holding import Hold
from models.messages import Event

log = logging.getLogger(__name__)

ASK = 1.0  # seconds between two signs of the holder, and between two tries of whoever stands by
TRUST = 4.0  # seconds for which a sign is believed: shorter than the engine waits before it lets another in
PAUSE = 5.0  # seconds before the channel is asked again how messages come


class NotOurs(Exception):
    """Another process may have the inbox by now: nothing is taken in, so nothing is acknowledged."""


class Standby:
    """Listens on the channel while the hold is ours. `holds`: do we fetch this bot's messages now?"""

    def __init__(self, hold: Hold, channel: Channel, receive: Receive, language: str, signs: Signs = SILENT) -> None:
        self._hold, self._channel, self._inner, self._language = hold, channel, receive, language
        self._signs = signs
        self._sign: float | None = None
        self._ours = asyncio.Event()

    @property
    def holds(self) -> bool:
        return self._sign is not None and time.monotonic() - self._sign < TRUST

    async def comes_to_us(self) -> None:
        """Returns once the messages are ours to fetch."""
        await self._ours.wait()

    async def run(self) -> None:
        """Until cancelled. Raises Misconfigured when the operator must act before messages can come."""
        try:
            while True:
                await self._stand_by()
                await self._fetch()
        finally:
            self._lose()
            self._hold.let_go()

    async def _stand_by(self) -> None:
        told = False
        while not await self._ask(self._hold.take):
            if not told:
                log.info("%(said)s", {"event": "standing_by", "said": say(self._language, "run_standing_by")})
            told = True
            self._signs.turned("inbox", ASK)
            await asyncio.sleep(ASK)
        self._ours.set()
        log.info("%(said)s", {"event": "fetching", "said": say(self._language, "run_fetching")})

    async def _fetch(self) -> None:
        """Ends when the hold is lost."""
        await first_of(self._keep(), self._listen())
        log.warning("%(said)s", {"event": "inbox_lost", "said": say(self._language, "run_lost")})

    async def _keep(self) -> None:
        while self.holds:
            await asyncio.sleep(ASK)
            if not await self._ask(self._hold.keep):
                break
        self._lose()
        await asyncio.to_thread(self._hold.let_go)

    def _lose(self) -> None:
        self._sign = None
        self._ours.clear()

    async def _ask(self, question: Callable[[], bool]) -> bool:
        """A yes counts from when it was asked for; no answer in time is a no."""
        began = time.monotonic()
        self._signs.turned("hold", TRUST)
        asked = asyncio.create_task(asyncio.to_thread(question))
        done, _ = await asyncio.wait({asked}, timeout=TRUST - ASK)
        if not done or not asked.result():
            return False
        self._sign = began
        return True

    async def _listen(self) -> None:
        await self._take_over()
        await self._channel.listen(self._receive)

    async def _take_over(self) -> None:
        while True:
            try:
                return await self._channel.take_over()
            except Misconfigured as fault:
                if fault.kind != "no_answer":
                    raise
                words = say(self._language, f"check_{fault.kind}", **fault.values)
                log.warning("%(said)s", {"event": "not_taken_over", "kind": fault.kind, "said": words})
                await asyncio.sleep(PAUSE)

    async def _receive(self, events: Sequence[Event]) -> None:
        if not self.holds:
            raise NotOurs
        await self._inner(events)
