"""Two processes behind webhooks of their own: Telegram calls the one that holds the inbox, then the other."""

import socket
import sys
from dataclasses import dataclass

import httpx
import pytest

from tests.channels.botapi import BotApiServer
from tests.machines.street import STANDING_BY, Machine, Street, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

TEN_SECONDS = 10.0


@dataclass(frozen=True)
class Door:
    """A machine's address for Telegram; the proxy with the certificate in front of it is left out."""

    port: int

    @property
    def config(self) -> str:
        return f"""
            webhook_url = "https://127.0.0.1:{self.port}/telegram"
            webhook_port = {self.port}
            webhook_secret = "only-telegram-knows"
        """

    def is_called(self, api: BotApiServer) -> bool:
        return f":{self.port}/" in api.webhook.get("url", "")


def free_door() -> Door:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return Door(probe.getsockname()[1])


def hands_over(api: BotApiServer) -> bool:
    """Telegram calls with what is pending; did all of it arrive?"""
    api.webhook["url"] = api.webhook["url"].replace("https:", "http:")
    try:
        return all(status == 200 for status in api.deliver())
    except httpx.TransportError:  # nobody is there
        return False


def test_the_standby_is_called_after_a_kill_and_nothing_is_lost_or_doubled(street: Street) -> None:
    first, second = free_door(), free_door()
    holder = starts(street, first)
    until(lambda: first.is_called(street.api), 40, lambda: holder.log)
    standby = starts(street, second)
    until(standby.says(STANDING_BY), 30, lambda: standby.log)
    street.report(1)
    assert hands_over(street.api)
    until(lambda: street.cards() == [1], 20, lambda: holder.log)
    killed = holder.kill()
    street.report(2)
    street.report(3)
    missed = list(street.api.pending)
    assert not hands_over(street.api), "Telegram keeps what nobody took"
    assert until(lambda: second.is_called(street.api), 20, lambda: standby.log) - killed < TEN_SECONDS
    until(lambda: hands_over(street.api), 10, lambda: standby.log)
    street.api.pending.extend(missed)
    assert hands_over(street.api), "what Telegram is not sure of it brings again"
    assert street.numbers() == {1: 1, 2: 2, 3: 3}


def starts(street: Street, door: Door) -> Machine:
    street.telegram = door.config
    return street.start(wait=False)
