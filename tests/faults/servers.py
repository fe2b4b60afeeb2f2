"""Bot API servers that the rig can drive: any that runs at an address, or a class that begins one."""

import asyncio
import importlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol

from tests.channels.botapi import BotApiServer
from tests.faults.updates import Updates

Json = dict[str, Any]
TOKEN = "GRIDBOT_TELEGRAM_TOKEN"  # read from the environment where a server runs already and knows its bots
ALL_KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})


class Server(Protocol):
    """A Bot API server on loopback. The rig reads no list of its: every call goes through the rig's gate.

    `token` and `base_url` (as in [telegram]: base_url + token + "/getMe" is a method) are known while it serves.
    The server gives updates their update_id, in the order in which they are pushed; `kinds` are those it can queue.
    Where it has `updates` (see Running), it is never asked for any.
    """

    token: str
    base_url: str
    kinds: frozenset[str]

    def serving(self) -> AbstractContextManager[object]:
        """It listens until the end of the block."""

    def push(self, update: Json) -> None:
        """Queue one raw update for getUpdates, as Telegram writes it, without update_id."""


class Ours:
    """tests/channels/botapi.py: strict about the protocol."""

    kinds = ALL_KINDS

    def __init__(self) -> None:
        self._api = BotApiServer()
        self.token, self.base_url = self._api.token, self._api.base_url

    def serving(self) -> AbstractContextManager[object]:
        return self._api

    def push(self, update: Json) -> None:
        ((kind, content),) = update.items()
        with self._api.lock:
            message = content.get("message", content)
            self._api.chats.setdefault(message["chat"]["id"], message["chat"])
            if "message_id" in message:
                self._api.messages[message["chat"]["id"], message["message_id"]] = message
            if kind == "callback_query":
                self._api.queries.add(content["id"])
        self._api.push(kind, content)


class Strangers:
    """lo-bot-api-emulator, which this project did not write."""

    kinds = frozenset({"message", "callback_query"})

    def __init__(self) -> None:
        from lo_bot_api_emulator import LoBotApiEmulator

        self.token, self.base_url = "7:synthetic", ""
        self._emulator = LoBotApiEmulator(max_updates=10_000, max_history=100)
        self._loop = asyncio.new_event_loop()

    @contextmanager
    def serving(self) -> Iterator[object]:
        import threading

        from aiohttp import web

        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        runner = web.AppRunner(self._emulator.app(), access_log=None)
        try:
            self._do(runner.setup())
            self._do(web.TCPSite(runner, "127.0.0.1", 0).start())
            self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
            yield self
        finally:
            self._do(runner.cleanup())
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(5)
            self._loop.close()

    def push(self, update: Json) -> None:
        self._do(self._emulator.enqueue_update(update, token=self.token))

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


class Running:
    """A server that runs somewhere, of which nothing is known but its address: the rig's gate hands out the updates."""

    kinds = frozenset({"message", "edited_message", "my_chat_member"})  # it could not know whose press it answers

    def __init__(self, base_url: str) -> None:
        self.base_url, self.token, self.updates = base_url, usual_token(), Updates()

    def serving(self) -> AbstractContextManager[object]:
        return nullcontext()

    def push(self, update: Json) -> None:
        self.updates.push(update)


def server_named(name: str) -> Server:
    """`ours`, `stranger`, a base URL, or module:Class."""
    if name.startswith("http"):
        return Running(name)
    if name in ("ours", "stranger"):
        return Ours() if name == "ours" else Strangers()
    module, _, attribute = name.partition(":")
    return completed(getattr(importlib.import_module(module), attribute)())


def completed(made: Any) -> Server:
    """What a stranger's class leaves out: all that it must have is `base_url`, known while it is `serving`."""
    if not hasattr(made, "push"):
        made.updates = Updates()
        made.push, made.kinds = made.updates.push, getattr(made, "kinds", Running.kinds)
    for name, usual in (("token", usual_token()), ("kinds", ALL_KINDS), ("serving", nullcontext)):
        if not hasattr(made, name):
            setattr(made, name, usual)
    server: Server = made
    return server


def usual_token() -> str:
    return os.environ.get(TOKEN, "7:synthetic")
