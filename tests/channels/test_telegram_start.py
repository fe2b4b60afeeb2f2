"""Before the first message: who we are, which way we go, and what the operator is told when it does not work."""

import asyncio
import base64
import json
import logging
import socket
import threading
from collections.abc import Iterator

import pytest

from bot.channels import Misconfigured
from bot.channels.telegram import CommandMenu, TelegramChannel, Webhook
from bot.sentences import say
from tests.channels.botapi import BotApiServer, Hang, Refusal, person
from tests.channels.conftest import QUICK, Ear, listening, run, telegram

GROUP = -1001234567891


async def nothing(_: TelegramChannel) -> None:
    """The story of a bot that only starts."""


def fault_of(channel: TelegramChannel) -> Misconfigured:
    with pytest.raises(Misconfigured) as fault:
        run(channel, nothing)
    for language in ("zh", "en"):  # the operator gets a sentence and a cure
        assert say(language, f"check_{fault.value.kind}", **fault.value.values)
        assert say(language, f"check_{fault.value.kind}_cure", **fault.value.values)
    return fault.value


def test_the_bot_learns_its_name_and_whether_it_reads_all(api: BotApiServer) -> None:
    channel = telegram(api)
    assert (channel.account, channel.username) == ("4711", "")
    api.reads_all = False
    run(channel, nothing)
    assert (channel.name, channel.account, channel.username, channel.reads_all) == (
        "telegram",
        "4711",
        "grid_test_bot",
        False,
    )


def test_a_token_that_telegram_refuses_is_named_and_not_shown(api: BotApiServer) -> None:
    channel = TelegramChannel("999:STOLEN", base_url=api.base_url, base_file_url=api.base_file_url, patience=QUICK)
    fault = fault_of(channel)
    assert (fault.key, fault.kind) == ("telegram.token", "token_refused")
    assert "STOLEN" not in repr(fault)
    assert fault.__cause__ is None


def test_no_token_at_all_is_named() -> None:
    with pytest.raises(Misconfigured) as fault:
        TelegramChannel(" ", base_url="http://127.0.0.1/bot", base_file_url="http://127.0.0.1/file/bot")
    assert (fault.value.key, fault.value.kind) == ("telegram.token", "token_missing")


def test_a_network_that_comes_up_late_is_waited_for(api: BotApiServer) -> None:
    api.answer("getMe", Refusal(502, "Bad Gateway"), Hang())
    channel = telegram(api)
    run(channel, nothing)
    assert channel.username == "grid_test_bot"


@pytest.mark.parametrize("ending", ["/bot", "/bot/", "", "/", "/bot{token}"])
def test_a_server_of_ones_own_is_found_by_its_bare_address_too(api: BotApiServer, ending: str) -> None:
    channel = telegram(api, base_url=api.address + ending)
    run(channel, nothing)
    assert channel.username == "grid_test_bot"


def test_a_server_that_does_not_answer_is_named(api: BotApiServer) -> None:
    api.answer("getMe", *(Refusal(502, "Bad Gateway") for _ in range(3)))
    fault = fault_of(telegram(api))
    assert (fault.key, fault.kind) == ("telegram.base_url", "no_answer")
    assert fault.values == {"route": api.address, "why": "Bad Gateway"}


def test_what_waited_while_we_were_away_is_kept(api: BotApiServer) -> None:
    api.say(GROUP, person(7, "王阿姨"), "3号楼水管漏水")
    run(telegram(api), nothing)
    assert len(api.pending) == 1
    assert api.called("deleteWebhook") == [{}]


def test_trying_the_connection_changes_nothing_at_telegram(api: BotApiServer) -> None:
    api.webhook = {"url": "https://example.org"}

    async def check() -> TelegramChannel:
        channel = telegram(api, webhook=Webhook("https://example.org", "127.0.0.1", 1, "s"))
        await channel.try_connection()
        await channel.close()
        return channel

    assert asyncio.run(check()).username == "grid_test_bot"
    assert [method for method, _ in api.calls] == ["getMe"]


def sorted_json(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True)


def test_every_circle_gets_its_menu_and_a_refused_one_stops_nothing(
    api: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    few, all_of_them = (("report", "登记"),), (("report", "登记"), ("done", "办结"))
    menus = [
        CommandMenu("default", few),
        CommandMenu("all_group_chats", few),
        CommandMenu("all_private_chats", all_of_them),
        CommandMenu("chat", few, chat_id=str(GROUP)),
        CommandMenu("chat", few, chat_id="not a number"),
        CommandMenu("chat_member", all_of_them, chat_id=str(GROUP), user_id="4242"),
    ]
    api.answer("setMyCommands", Refusal(400, "Bad Request: whatever"))
    run(telegram(api), lambda channel: channel.set_commands(menus))
    shown = {sorted_json(scope): [c["command"] for c in commands] for scope, commands in api.menus.items()}
    assert shown == {
        '{"type": "all_group_chats"}': ["report"],
        '{"type": "all_private_chats"}': ["report", "done"],
        f'{{"chat_id": {GROUP}, "type": "chat"}}': ["report"],
        f'{{"chat_id": {GROUP}, "type": "chat_member", "user_id": 4242}}': ["report", "done"],
    }
    warnings = [record.args for record in caplog.records if record.levelno >= logging.WARNING]
    assert [(told["scope"], told["why"]) for told in warnings] == [("default", "BadRequest"), ("chat", "ValueError")]


def test_an_empty_menu_gives_way_to_the_wider_one(api: BotApiServer) -> None:
    menus = [CommandMenu("all_group_chats", (("report", "登记"),)), CommandMenu("all_group_chats", ())]
    run(telegram(api), lambda channel: channel.set_commands(menus))
    assert api.menus == {}


class Proxy:
    """Takes one connection after another and answers each as `answer` does."""

    def __init__(self, answer: str) -> None:
        self.socket, self.asked, self._answer = socket.create_server(("127.0.0.1", 0)), [], answer  # type: ignore[var-annotated]
        self.at = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                taken, _ = self.socket.accept()
            except OSError:
                return
            with taken:
                self.asked.append(taken.recv(65536).decode("latin-1"))
                taken.sendall(self._answer.encode())


def answer(status: str, body: str) -> str:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"


ME = json.dumps({"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "x", "username": "behind_the_wall"}})


@pytest.fixture
def proxy(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    made = Proxy(request.param)
    yield made
    made.socket.close()


@pytest.mark.parametrize("proxy", [answer("200 OK", ME)], indirect=True, ids=["open"])
def test_a_proxy_is_used_with_its_password_which_is_never_shown(proxy: Proxy) -> None:
    channel = TelegramChannel(
        "1:x",
        base_url="http://telegram.invalid/bot",
        base_file_url="http://telegram.invalid/file/bot",
        proxy=f"http://me:hush@{proxy.at}",
        patience=QUICK,
    )

    async def check() -> None:
        await channel.try_connection()
        await channel.close()

    asyncio.run(check())
    assert channel.username == "behind_the_wall"
    assert channel.route == f"http://{proxy.at}"
    assert base64.b64encode(b"me:hush").decode() in proxy.asked[0]


@pytest.mark.parametrize("proxy", [answer("407 Proxy Authentication Required", "")], indirect=True, ids=["closed"])
def test_a_proxy_that_refuses_is_named_without_its_password(proxy: Proxy) -> None:
    channel = TelegramChannel(
        "1:x",
        base_url="http://telegram.invalid/bot",
        base_file_url="http://telegram.invalid/file/bot",
        proxy=f"http://me:hush@{proxy.at}",
        patience=QUICK,
    )
    fault = fault_of(channel)
    assert (fault.key, fault.kind, fault.values["route"]) == ("telegram.proxy", "no_answer", f"http://{proxy.at}")
    assert "hush" not in repr(fault)


@pytest.mark.parametrize("proxy", ["ftp://me:hush@x:1", "http://me:hush@x:port", "me:hush"])
def test_a_proxy_address_that_is_none_is_named_without_its_password(proxy: str) -> None:
    with pytest.raises(Misconfigured) as fault:
        TelegramChannel("1:x", base_url="http://x/bot", base_file_url="http://x/file/bot", proxy=proxy)
    assert (fault.value.key, fault.value.kind) == ("telegram.proxy", "proxy")
    assert "hush" not in repr(fault.value)


class Socks5:
    """A SOCKS5 proxy without a password that leads to one place only."""

    def __init__(self, port: int) -> None:
        self._port, self.connections = port, set()  # type: ignore[var-annotated]

    async def serve(self, asking: asyncio.StreamReader, asker: asyncio.StreamWriter) -> None:
        self.connections.add(asyncio.current_task())
        await asking.read(1024)
        asker.write(b"\x05\x00")
        await asking.read(1024)
        asker.write(b"\x05\x00\x00\x01" + bytes(6))
        answering, answerer = await asyncio.open_connection("127.0.0.1", self._port)
        await asyncio.gather(splice(asking, answerer), splice(answering, asker))


async def splice(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(65536):
        sink.write(chunk)
        await sink.drain()
    sink.close()
    await sink.wait_closed()


def test_messages_pass_through_a_socks5_proxy(api: BotApiServer) -> None:
    api.say(GROUP, person(7, "王阿姨"), "3号楼水管漏水")
    ear, relay = Ear(), Socks5(int(api.address.rpartition(":")[2]))

    async def story() -> None:
        async with await asyncio.start_server(relay.serve, "127.0.0.1", 0) as proxy:
            channel = telegram(api, proxy=f"socks5://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
            await channel.open()
            async with listening(channel, ear):
                await ear.hears(lambda: ear.events)
            await channel.close()
            await asyncio.wait(relay.connections)

    asyncio.run(story())
    assert [event.text for event in ear.events] == ["3号楼水管漏水"]
    assert len(relay.connections) == 2
