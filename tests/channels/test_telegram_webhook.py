"""The webhook: Telegram hears 200 only when its update is committed, and nobody else is heard at all."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence

import httpx
import pytest

from bot.channels import Misconfigured
from bot.channels.telegram import TelegramChannel, Webhook
from models.messages import Event
from tests.channels.botapi import BotApiServer, person
from tests.channels.conftest import Ear, listening, run, telegram

GROUP, AUNT = -1001234567891, person(7, "王阿姨")
SECRET = "only-telegram-knows"


@pytest.fixture
def webhook() -> Webhook:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return Webhook(f"http://127.0.0.1:{port}/telegram", "127.0.0.1", port, SECRET)


def receiving(
    api: BotApiServer,
    webhook: Webhook,
    receive: Callable[[Sequence[Event]], Awaitable[None]],
    act: Callable[[], object],
) -> object:
    """What `act` says, done while the bot stands behind its webhook."""

    async def story(channel: TelegramChannel) -> object:
        async with listening(channel, receive):
            return await asyncio.to_thread(act)

    return run(telegram(api, webhook=webhook), story)


def call(webhook: Webhook, body: bytes, secret: str | None = SECRET) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode()} if secret is not None else {}
    return httpx.post(webhook.url, content=body, headers=headers, trust_env=False).status_code


def test_updates_arrive_and_are_confirmed_one_by_one(api: BotApiServer, webhook: Webhook) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")
    api.say(GROUP, AUNT, "没人管吗")
    ear = Ear()
    assert receiving(api, webhook, ear, api.deliver) == [200, 200]
    assert [event.text for event in ear.events] == ["3号楼水管漏水", "没人管吗"]


def test_telegram_is_told_to_call_one_at_a_time_with_the_secret(api: BotApiServer, webhook: Webhook) -> None:
    receiving(api, webhook, Ear(), lambda: None)
    assert api.webhook["max_connections"] == "1"
    assert api.webhook["secret_token"] == SECRET
    assert "my_chat_member" in api.webhook["allowed_updates"]


def test_what_could_not_be_stored_is_answered_500_and_taken_when_it_is_repeated(
    api: BotApiServer, webhook: Webhook
) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")
    ear = Ear(OSError("disk full"))
    assert receiving(api, webhook, ear, lambda: api.deliver() + api.deliver()) == [500, 200]
    assert len(ear.events) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", "ö"])
def test_strangers_are_turned_away(api: BotApiServer, webhook: Webhook, secret: str | None) -> None:
    ear = Ear()
    body = (
        b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"}}'
    )
    assert receiving(api, webhook, ear, lambda: call(webhook, body, secret)) == 403
    assert ear.offered == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (2 << 20), 413),
        (b"no json", 400),
        (b"[" * 100_000, 400),
        (b"{}", 200),
        (b"[]", 200),
        (b'{"update_id": 1, "message": {"text": "nobody, nowhere"}}', 200),
    ],
    ids=["huge", "no json", "too deep", "empty", "list", "unreadable"],
)
def test_bodies_that_are_no_update_do_no_harm(api: BotApiServer, webhook: Webhook, body: bytes, status: int) -> None:
    ear = Ear()
    assert receiving(api, webhook, ear, lambda: call(webhook, body)) == status
    assert ear.offered == []


def test_only_posts_are_answered(api: BotApiServer, webhook: Webhook) -> None:
    assert receiving(api, webhook, Ear(), lambda: httpx.get(webhook.url, trust_env=False).status_code) == 405


def test_a_port_that_is_taken_is_the_operators_to_free(api: BotApiServer, webhook: Webhook) -> None:
    with socket.create_server((webhook.listen, webhook.port)), pytest.raises(Misconfigured) as fault:
        receiving(api, webhook, Ear(), lambda: None)
    assert (fault.value.key, fault.value.kind) == ("telegram.webhook_port", "webhook_port")


def test_an_address_that_telegram_refuses_is_the_operators_to_change(api: BotApiServer, webhook: Webhook) -> None:
    plain = Webhook("http://example.org/telegram", webhook.listen, webhook.port, SECRET)
    with pytest.raises(Misconfigured) as fault:
        receiving(api, plain, Ear(), lambda: None)
    assert (fault.value.key, fault.value.kind) == ("telegram.webhook_url", "webhook_refused")
    assert "https url must be provided" in str(fault.value)


def test_going_back_to_polling_removes_the_webhook_and_loses_nothing(api: BotApiServer, webhook: Webhook) -> None:
    receiving(api, webhook, Ear(), lambda: None)
    api.say(GROUP, AUNT, "3号楼水管漏水")
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: ear.events)

    run(telegram(api), story)
    assert api.webhook == {}
    assert [event.text for event in ear.events] == ["3号楼水管漏水"]


def raw_call(webhook: Webhook, *headers: tuple[bytes, bytes], method: str = "POST", body: bytes = b"{}") -> int:
    with httpx.Client(trust_env=False) as client:
        return client.request(method, webhook.url, content=body, headers=list(headers)).status_code


NAME = b"X-Telegram-Bot-Api-Secret-Token"
FORGED = [
    [],
    [(NAME, b"")],
    [(NAME, SECRET.upper().encode())],
    [(NAME, SECRET.encode()[:-1])],
    [(NAME, "秘密".encode())],
    [(NAME, b"\xff\xfe")],
    [(NAME, SECRET.encode()), (NAME, SECRET.encode())],
    [(NAME, b"x"), (NAME, SECRET.encode())],
]


@pytest.mark.parametrize("headers", FORGED)
def test_only_the_one_right_secret_opens_the_door(
    api: BotApiServer, webhook: Webhook, headers: list[tuple[bytes, bytes]]
) -> None:
    ear = Ear()
    assert receiving(api, webhook, ear, lambda: raw_call(webhook, *headers)) == 403
    assert ear.events == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[" * 200_000, 400),
        (b"9" * 10_000, 400),
        (b"\xff\xfe", 400),
        (b"[]", 200),
        (b"null", 200),
        (b'{"update_id":"x"}', 200),
    ],
)
def test_garbage_is_no_fault_of_ours(api: BotApiServer, webhook: Webhook, body: bytes, status: int) -> None:
    ear = Ear()
    assert receiving(api, webhook, ear, lambda: raw_call(webhook, (NAME, SECRET.encode()), body=body)) == status
    assert ear.events == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_learn_nothing(api: BotApiServer, webhook: Webhook, method: str) -> None:
    assert receiving(api, webhook, Ear(), lambda: raw_call(webhook, method=method)) == 405
