"""Updates are acknowledged after they are committed, and nothing that goes wrong on the way loses one."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Sequence

import pytest

from bot.channels.telegram import Patience, TelegramChannel
from models.messages import Event
from tests.channels.botapi import BotApiServer, Hang, Raw, Refusal, person
from tests.channels.conftest import Ear, listening, run, telegram, until

GROUP, AUNT = -1001234567891, person(7, "王阿姨")

DIES_WHILE_RECEIVING = """
import asyncio, os, sys
from bot.channels.telegram import Patience, TelegramChannel

async def receive(events):
    print(*(event.text for event in events), flush=True)
    os._exit(9)

async def main():
    channel = TelegramChannel(sys.argv[1], base_url=sys.argv[2], base_file_url=sys.argv[2])
    await channel.open()
    await channel.listen(receive)

asyncio.run(main())
"""


def test_a_message_whose_bot_was_killed_while_receiving_it_comes_again(api: BotApiServer) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")
    for _ in range(2):
        command = [sys.executable, "-c", DIES_WHILE_RECEIVING, api.token, api.base_url]
        killed = subprocess.run(command, capture_output=True, timeout=30, check=False)
        assert (killed.returncode, killed.stdout.decode().strip()) == (9, "3号楼水管漏水")
    assert len(api.pending) == 1


def test_a_bot_stopped_between_receiving_and_acknowledging_hears_it_again(api: BotApiServer) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")
    reached = []

    async def story(channel: TelegramChannel) -> None:
        begun = asyncio.Event()

        async def receive(events: Sequence[Event]) -> None:
            reached.extend(events)
            begun.set()
            await asyncio.Event().wait()

        async with listening(channel, receive):
            await begun.wait()

    for _ in range(2):
        run(telegram(api), story)
    first, second = reached
    assert first == second


def test_nothing_is_acknowledged_before_receive_has_returned(api: BotApiServer) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")

    async def story(channel: TelegramChannel) -> None:
        begun, committed = asyncio.Event(), asyncio.Event()

        async def receive(events: Sequence[Event]) -> None:
            begun.set()
            await committed.wait()

        async with listening(channel, receive):
            await begun.wait()
            assert api.pending
            assert len(api.called("getUpdates")) == 1
            committed.set()
            await until(api, lambda: not api.pending)

    run(telegram(api), story)


def test_what_could_not_be_stored_is_offered_again_and_again(api: BotApiServer) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")
    api.say(GROUP, AUNT, "没人管吗")
    ear = Ear(OSError("disk full"), RuntimeError("still full"), KeyError("?"))

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: ear.events)
            await until(api, lambda: not api.pending)

    run(telegram(api), story)
    assert [event.text for event in ear.events] == ["3号楼水管漏水", "没人管吗"]
    assert ear.offered == [ear.events] * 4


def test_pauses_grow_while_it_fails_and_name_no_words_of_people(
    api: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")
    ear = Ear(*(ValueError("3号楼水管漏水") for _ in range(4)))

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: ear.events)
            await until(api, lambda: not api.pending)
            ear.faults.append(OSError("and once more"))
            api.say(GROUP, AUNT, "没人管吗")
            await ear.hears(lambda: len(ear.events) == 2)

    run(telegram(api), story)
    pauses = [record.args["seconds"] for record in caplog.records if record.name == "bot.channels.telegram.poll"]
    assert pauses == [0.01, 0.02, 0.04, 0.05, 0.01]
    assert "漏水" not in caplog.text


def test_an_update_that_cannot_be_read_holds_nothing_up(api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    api.push("message", {"message_id": "none", "text": "我家在3号楼"})
    api.push("message", {})
    api.push("callback_query", {"id": "1"})
    api.push("message", {"message_id": 5, "date": 10**30, "chat": {"id": GROUP, "type": "group"}, "text": "x"})
    api.push("a_kind_of_the_future", {"text": "x"}, message={"message_id": 1})
    api.say(GROUP, AUNT, "灯不亮")
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: ear.events)
            await until(api, lambda: not api.pending)

    run(telegram(api), story)
    assert [event.text for event in ear.events] == ["灯不亮"]
    assert "我家在3号楼" not in caplog.text


def test_after_a_quiet_week_numbers_may_start_lower(api: BotApiServer) -> None:
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            for start, text in ((900_000, "一"), (5, "二"), (400_000, "三")):
                api.next_update = start
                api.say(GROUP, AUNT, text)
                await ear.hears(lambda wanted=text: ear.events and ear.events[-1].text == wanted)
                await until(api, lambda: not api.pending)

    run(telegram(api), story)
    assert [event.event_id for event in ear.events] == ["900000", "5", "400000"]


def test_a_lower_number_that_could_not_be_stored_at_once_is_not_lost(api: BotApiServer) -> None:
    api.next_update = 900_000
    api.say(GROUP, AUNT, "一")
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await until(api, lambda: not api.pending)
            api.next_update = 5
            ear.faults.append(OSError("disk full"))
            api.say(GROUP, AUNT, "二")
            await ear.hears(lambda: len(ear.events) == 2)

    run(telegram(api), story)
    assert [event.text for event in ear.events] == ["一", "二"]


def test_an_offset_is_said_once_and_then_no_longer(api: BotApiServer) -> None:
    api.next_update = 1000
    api.say(GROUP, AUNT, "一")
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await until(api, lambda: not api.pending)
            api.say(GROUP, AUNT, "二")
            await until(api, lambda: not api.pending)

    run(telegram(api), story)
    assert [call.get("offset") for call in api.called("getUpdates")][:3] == [None, "1001", "1002"]


@pytest.mark.parametrize(
    "trouble",
    [
        Refusal(502, "Bad Gateway"),
        Refusal(429, "Too Many Requests: retry after 1", retry_after=1),
        Refusal(409, "Conflict: terminated by other getUpdates request"),
        Refusal(401, "Unauthorized"),
        Refusal(400, "Bad Request: whatever"),
        Raw(502, b"<html>bad gateway</html>"),
        Raw(200, b"no json at all"),
        Raw(200, b"[" * 100_000),
        Raw(200, b'{"ok": true, "result": {"not": "a list"}}'),
    ],
    ids=str,
)
def test_the_bot_goes_on_listening_through(api: BotApiServer, trouble: Refusal | Raw) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")
    api.answer("getUpdates", trouble)
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: ear.events)

    run(telegram(api), story)
    assert len(ear.events) == 1


def test_a_server_that_falls_silent_is_asked_again(api: BotApiServer) -> None:
    api.say(GROUP, AUNT, "3号楼水管漏水")
    api.answer("getUpdates", Hang())
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: ear.events)

    run(telegram(api, patience=Patience(answer=0.3, poll=0, first_pause=0.01)), story)
    assert len(ear.events) == 1


def test_only_what_we_read_is_asked_for(api: BotApiServer) -> None:
    api.push("poll", {"id": "1"})
    api.say(GROUP, AUNT, "灯不亮")
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: ear.events)

    run(telegram(api), story)
    assert api.allowed == {"message", "edited_message", "callback_query", "my_chat_member"} | {
        "channel_post",
        "edited_channel_post",
    }


def test_the_token_never_reaches_a_log(api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api.say(GROUP, AUNT, "3号楼水管漏水")
    api.answer("getUpdates", Raw(502, f"cannot reach /bot{api.token}/getUpdates".encode()), Refusal(401, "no"))
    ear = Ear()

    async def story(channel: TelegramChannel) -> None:
        async with listening(channel, ear):
            await ear.hears(lambda: ear.events)

    run(telegram(api), story)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn")]
    assert any("no updates" in line for line in ours)
    assert not [line for line in ours if "SECRET" in line or "漏水" in line]
