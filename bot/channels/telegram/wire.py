"""The wire to a Bot API server: requests, waits, and silence about the token."""

import json
import logging
import os
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels import Misconfigured
from bot.channels.telegram.reading import ALLOWED_UPDATES
from bot.observing.signs import SILENT, Signs

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else PTB warns of a change to come at every 429

TALKATIVE = ("httpx", "httpcore", "telegram")  # below WARNING they log addresses with the token, and people's words


@dataclass(frozen=True)
class Patience:
    """How long Telegram is waited for, in seconds."""

    answer: float = 10.0
    whole: float = 18.0  # for all calls of one post together: less than the postman's lease on it
    poll: int = 25  # proxies cut connections that are silent for half a minute
    first_pause: float = 1.0
    longest_pause: float = 60.0


class QuietRequest(HTTPXRequest):
    """`signs` hear of every call: its method and what became of it, never its address."""

    signs: Signs = SILENT

    async def do_request(self, url: str, *args: Any, **settings: Any) -> tuple[int, bytes]:
        method, began, outcome = url.rsplit("/", 1)[-1], time.monotonic(), "cancelled"
        try:
            status, payload = await super().do_request(url, *args, **settings)
            outcome = "ok" if status < 300 else f"http_{status}"
        except TelegramError as error:
            outcome = type(error).__name__
            raise
        finally:
            if outcome != "cancelled":
                self.signs.called(method, outcome, time.monotonic() - began)
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As PTB does, without its log line that quotes the whole answer."""
        try:
            parsed = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise TelegramError("Invalid server response")
        return parsed


class RawBot(Bot):
    """Bot.get_updates drops a whole batch when one update of it cannot be parsed; here they come as they are."""

    async def fetch(self, offset: int | None, patience: Patience) -> list[Any]:
        asked: dict[str, Any] = {"timeout": patience.poll, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset is not None:
            asked["offset"] = offset
        answer = await self._post("getUpdates", asked, read_timeout=patience.poll + patience.answer)
        return answer if isinstance(answer, list) else []


@dataclass(frozen=True)
class Wire:
    """A bot with its two connections: one that waits for updates, one that does everything else."""

    bot: RawBot
    requests: tuple[QuietRequest, QuietRequest]

    async def close(self) -> None:
        for request in self.requests:
            await request.shutdown()


def connect(
    token: str, base_url: str, base_file_url: str, proxy: str | None, patience: Patience, signs: Signs = SILENT
) -> Wire:
    """Nothing is sent yet. Raises Misconfigured for a proxy that cannot be one."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        polling, calling = _request(1, proxy, patience), _request(32, proxy, patience)
    except (ValueError, RuntimeError, httpx.InvalidURL):
        raise Misconfigured("telegram.proxy", "proxy") from None  # their words repeat the password
    polling.signs = calling.signs = signs
    server, files = beginning(base_url, "/bot"), beginning(base_file_url, "/file/bot")
    bot = RawBot(token, server, files, request=calling, get_updates_request=polling)
    return Wire(bot, (polling, calling))


def _request(connections: int, proxy: str | None, patience: Patience) -> QuietRequest:
    wait = patience.answer
    trusted = {"verify": _certificates()}
    return QuietRequest(connections, wait, wait, wait, wait, proxy=proxy or None, httpx_kwargs=trusted)


@cache
def _certificates() -> ssl.SSLContext:
    """One for all connections: reading them takes longer than a call."""
    return httpx.create_ssl_context()


def beginning(written: str, path: str) -> str:
    """What stands before the token in every address; of a server of one's own the bare address will do."""
    bare = written.rstrip("/")
    return bare if urlsplit(bare).path else bare + path


def route(base_url: str, proxy: str | None) -> str:
    """Where connections go first, without the user and password that a proxy's address may hold."""
    parts = urlsplit(proxy or base_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"
