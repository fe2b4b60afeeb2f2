"""Fetching updates from Telegram: what the next call acknowledges is committed before it is made."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels import Receive
from bot.channels.telegram.faults import seconds
from bot.channels.telegram.reading import MALFORMED, Reader
from bot.channels.telegram.wire import Patience, RawBot
from bot.observing.signs import SILENT, Signs
from models.messages import Event

log = logging.getLogger(__name__)

LASTING = 60.0  # seconds


class NotTaken(Exception):
    """The events were not committed: Telegram has to keep them."""


async def hand_over(receive: Receive, events: Sequence[Event]) -> None:
    """Raises NotTaken, whatever went wrong in there: any failure at all means that nothing may be acknowledged."""
    if not events:
        return
    (fault,) = await asyncio.gather(receive(events), return_exceptions=True)
    if fault is not None:
        raise NotTaken(type(fault).__name__)  # its text may quote what a neighbour wrote


def read_all(reader: Reader, batch: Sequence[Any]) -> list[Event]:
    """The events of a batch. What cannot be read is left out: it must not hold up the others."""
    events: list[Event] = []
    for raw in batch:
        try:
            event = reader.read(raw)
        except MALFORMED as error:
            told = {"event": "update_unreadable", "update": number(raw), "why": type(error).__name__}
            log.warning("update %(update)s cannot be read: %(why)s", told)
            continue
        if event is not None:
            events.append(event)
    return events


def number(raw: Any) -> int | None:
    found = raw.get("update_id") if isinstance(raw, dict) else None
    return found if isinstance(found, int) else None


class Poller:
    """One long poll after another."""

    def __init__(self, bot: RawBot, reader: Reader, patience: Patience, signs: Signs = SILENT) -> None:
        self._bot, self._reader, self._patience, self._signs = bot, reader, patience, signs
        self._offset: int | None = None
        self._pause = 0.0
        self._ill: tuple[str, float] | None = None  # which trouble only an operator can end, and since when

    @property
    def trouble(self) -> str | None:
        """token or conflict, when it has lasted; two processes that take turns meet for a moment."""
        if self._ill is None or time.monotonic() - self._ill[1] < LASTING:
            return None
        return self._ill[0]

    async def run(self, receive: Receive) -> None:
        while True:
            try:
                await self._round(receive)
            except RetryAfter as error:
                self._signs.turned("inbox", seconds(error.retry_after))
                await asyncio.sleep(seconds(error.retry_after))
            except (TelegramError, NotTaken) as fault:
                await self._back_off(fault)
            else:
                self._pause, self._ill = 0.0, None

    async def _round(self, receive: Receive) -> None:
        self._signs.turned("inbox", self._patience.poll + self._patience.answer)
        batch = await self._bot.fetch(self._offset, self._patience)
        self._offset = None  # said once is enough; after a quiet week ids may start lower, and none may be above them
        await hand_over(receive, read_all(self._reader, batch))
        self._offset = max((known for raw in batch if (known := number(raw)) is not None), default=-1) + 1 or None

    async def _back_off(self, fault: TelegramError | NotTaken) -> None:
        grown = max(self._patience.first_pause, 2 * self._pause)
        self._pause = min(grown, self._patience.longest_pause)
        self._signs.turned("inbox", self._pause)
        self._note(fault)
        told = {"event": "no_updates", "seconds": self._pause, "why": reason(fault)}
        log.warning("no updates for %(seconds)g s: %(why)s", told)
        await asyncio.sleep(self._pause)

    def _note(self, fault: TelegramError | NotTaken) -> None:
        kind = "conflict" if isinstance(fault, Conflict) else "token" if isinstance(fault, InvalidToken) else None
        if kind is None or self._ill is None or self._ill[0] != kind:
            self._ill = (kind, time.monotonic()) if kind else None


def reason(fault: TelegramError | NotTaken) -> str:
    match fault:
        case Conflict():
            return "another program fetches the updates of this bot, or a webhook is set; stop it"
        case InvalidToken():
            return "Telegram refuses the token"
        case NotTaken():
            return f"they could not be stored ({fault})"
        case _:
            return type(fault).__name__
