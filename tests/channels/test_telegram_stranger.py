"""The adapter against a Bot API server that this project did not write."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram import CommandMenu, TelegramChannel
from models.messages import Incoming, Press
from models.posts import Button, MentionOut, Post, Text
from tests.channels.conftest import QUICK, Ear, listening

emulation = pytest.importorskip("lo_bot_api_emulator", reason="pip install lo-bot-api-emulator")
web = pytest.importorskip("aiohttp.web", reason="it comes with lo-bot-api-emulator")

TOKEN, GROUP = "7:synthetic", -1001234567891
CHAT = {"id": GROUP, "type": "supergroup", "title": "幸福里第3网格居民群"}
AUNT = {"id": 7001, "is_bot": False, "first_name": "王阿姨"}
WORKER = {"id": 4242, "is_bot": False, "first_name": "张利萍"}
CARD = Post(
    kind="send",
    chat_id=str(GROUP),
    reply_to="31",
    segments=(Text("📌 第12件，记下了\n", bold=True), MentionOut("张利萍", "4242"), Text(" 负责")),
    buttons=((Button("我家也是", "t:12:metoo"), Button("办结", "t:12:done")),),
)


async def the_story(emulator: Any, channel: TelegramChannel) -> list[Any]:
    """A resident writes, the card appears, the grid member presses, the card changes."""
    ear = Ear()
    report = {"message_id": 31, "date": 1_790_816_400, "chat": CHAT, "from": AUNT, "text": "3号楼水管漏水"}
    async with listening(channel, ear):
        await emulator.enqueue_update({"message": report}, token=TOKEN)
        await ear.hears(lambda: len(ear.events) == 1)
        card = (await channel.deliver(CARD)).message_id
        message = report | {"message_id": int(card or 0), "from": {"id": 7, "is_bot": True, "first_name": "bot"}}
        query = {"id": "q1", "from": WORKER, "chat_instance": "1", "data": "t:12:done", "message": message}
        await emulator.enqueue_update({"callback_query": query}, token=TOKEN)
        await ear.hears(lambda: len(ear.events) == 2)
        await channel.deliver(Post("toast", str(GROUP), (Text("办结了"),), query_id=ear.events[1].query_id))
        done = (Text("✅ 第12件办结：水管已换"),)
        await channel.deliver(replace(CARD, kind="edit", message_id=card, segments=done, buttons=()))
    return ear.events


def test_a_whole_matter_passes_a_strangers_server() -> None:
    emulator = emulation.LoBotApiEmulator()

    async def run() -> list[Any]:
        runner = web.AppRunner(emulator.app(), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        channel = TelegramChannel(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot", patience=QUICK)
        try:
            await channel.open()
            await channel.set_commands([CommandMenu("all_group_chats", (("report", "登记"),))])
            return await the_story(emulator, channel)
        finally:
            await channel.close()
            await runner.cleanup()

    said, press = asyncio.run(run())
    assert isinstance(said, Incoming)
    assert (said.text, said.sender.name, said.chat_id) == ("3号楼水管漏水", "王阿姨", str(GROUP))
    assert isinstance(press, Press)
    assert (press.action, press.sender.id) == ("t:12:done", "4242")
    refused = [call for call in emulator.requests if call["status"] != 200]
    assert refused == []
    assert {"sendMessage", "editMessageText", "answerCallbackQuery", "setMyCommands"} <= {
        call["method"] for call in emulator.requests
    }
