"""Fetching updates from Telegram: what the next call acknowledges is committed before it is made."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels import Receive
from bot.channels.telegram.faults import seconds
from bot.channels.telegram.reading import MALFORMED, Reader
from bot.channels.telegram.wire import Patience, RawBot
from models.messages import Event

log = logging.getLogger(__name__)


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
            log.warning("update %s cannot be read: %s", number(raw), type(error).__name__)
            continue
        if event is not None:
            events.append(event)
    return events


def number(raw: Any) -> int | None:
    found = raw.get("update_id") if isinstance(raw, dict) else None
    return found if isinstance(found, int) else None


class Poller:
    """One long poll after another."""

    def __init__(self, bot: RawBot, reader: Reader, patience: Patience) -> None:
        self._bot, self._reader, self._patience = bot, reader, patience
        self._offset: int | None = None
        self._pause = 0.0

    async def run(self, receive: Receive) -> None:
        while True:
            try:
                await self._round(receive)
            except RetryAfter as error:
                await asyncio.sleep(seconds(error.retry_after))
            except (TelegramError, NotTaken) as fault:
                await self._back_off(fault)
            else:
                self._pause = 0.0

    async def _round(self, receive: Receive) -> None:
        batch = await self._bot.fetch(self._offset, self._patience)
        self._offset = None  # said once is enough; after a quiet week ids may start lower, and none may be above them
        await hand_over(receive, read_all(self._reader, batch))
        self._offset = max((known for raw in batch if (known := number(raw)) is not None), default=-1) + 1 or None

    async def _back_off(self, fault: TelegramError | NotTaken) -> None:
        grown = max(self._patience.first_pause, 2 * self._pause)
        self._pause = min(grown, self._patience.longest_pause)
        log.warning("no updates for %g s: %s", self._pause, reason(fault))
        await asyncio.sleep(self._pause)


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
