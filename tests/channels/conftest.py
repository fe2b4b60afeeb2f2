"""A Telegram on loopback, and a bot's adapter that talks to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from bot.channels import Sent
from bot.channels.telegram import Patience, TelegramChannel
from models.messages import Event
from models.posts import Post
from tests.channels.botapi import BotApiServer

QUICK = Patience(answer=0.4, poll=5, first_pause=0.01, longest_pause=0.05)
T = TypeVar("T")


@pytest.fixture(scope="session")
def one_server() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


@pytest.fixture
def api(one_server: BotApiServer) -> Iterator[BotApiServer]:
    one_server.clear()
    yield one_server
    assert one_server.complaints == []


class Ear:
    """Takes events and keeps them; `faults` are raised first, one a batch."""

    def __init__(self, *faults: Exception) -> None:
        self.events: list[Any] = []
        self.offered: list[list[Event]] = []
        self.faults, self._heard = list(faults), asyncio.Event()

    async def __call__(self, events: Sequence[Event]) -> None:
        self.offered.append(list(events))
        self._heard.set()
        if self.faults:
            raise self.faults.pop(0)
        self.events += events

    async def hears(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self._heard.clear()
                await self._heard.wait()


def telegram(api: BotApiServer, **changed: Any) -> TelegramChannel:
    settings = {"base_url": api.base_url, "base_file_url": api.base_file_url, "patience": QUICK} | changed
    return TelegramChannel(api.token, **settings)


def run(channel: TelegramChannel, story: Callable[[TelegramChannel], Awaitable[T]]) -> T:
    """Open, live the story, close."""

    async def lived() -> T:
        try:
            await channel.open()
            await channel.take_over()
            return await story(channel)
        finally:
            await channel.close()

    return asyncio.run(lived())


@asynccontextmanager
async def listening(
    channel: TelegramChannel, receive: Callable[[Sequence[Event]], Awaitable[None]]
) -> AsyncIterator[None]:
    """The bot listens; in the end it is cancelled wherever it stands."""
    task = asyncio.create_task(channel.listen(receive))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(api: BotApiServer, condition: Callable[[], object]) -> None:
    await asyncio.to_thread(api.wait, condition)


def heard(api: BotApiServer, count: int = 1) -> list[Any]:
    """The next events that the bot makes of what people do; everything is acknowledged afterwards."""
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: len(ear.events) >= count)
            await until(api, lambda: not api.pending)

    run(telegram(api), story)
    assert len(ear.events) == count
    return ear.events


def deliver(api: BotApiServer, post: Post) -> Sent:
    """Post it with a fresh adapter; failures are raised."""
    return run(telegram(api), lambda channel: channel.deliver(post))
