"""The group in the browser keeps the same contract as every channel."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest

from bot.channels import ChatGone, Rejected
from bot.channels.local import LocalChannel
from bot.clock import MovableClock
from models.messages import Event, Incoming, Membership, Press, Sender
from models.posts import Button, MentionOut, Post, Text

GROUP = "-1"
WANG, LI, BOT = Sender("1001", "王阿姨"), Sender("1002", "小李"), Sender("1", "小助手", "bot")


class Ear:
    """Takes what the channel hands over; told to fail, it does not commit."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.fails = False

    async def receive(self, events: Sequence[Event]) -> None:
        if self.fails:
            raise OSError("no space left")
        self.heard += events


def in_a_group(story: Callable[[LocalChannel, Ear], Awaitable[None]]) -> None:
    async def run() -> None:
        channel = LocalChannel(MovableClock(datetime(2026, 3, 3, 1, tzinfo=UTC)), {GROUP: "三网格群"}, BOT)
        ear = Ear()
        listening = asyncio.create_task(channel.listen(ear.receive))
        await story(channel, ear)
        listening.cancel()
        await channel.close()

    asyncio.run(run())


def card(text: str = "记下了", **details: object) -> Post:
    buttons = ((Button("办结", "done:1"),),)
    return Post("send", GROUP, (Text(text), MentionOut("张利萍", "1003")), **{"buttons": buttons, **details})  # type: ignore[arg-type]


def test_what_is_said_is_shown_and_handed_over_once() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        line = await channel.say(WANG, GROUP, "灯坏了", photos=("leak",))
        (event,) = ear.heard
        assert isinstance(event, Incoming)
        assert (event.channel, event.chat_id, event.chat_kind, event.chat_title) == (
            "local",
            GROUP,
            "group",
            "三网格群",
        )
        assert (event.message_id, event.sender, event.text, event.edited) == (line.id, WANG, "灯坏了", False)
        assert [(f.kind, f.ref) for f in event.attachments] == [("photo", "leak")]

    in_a_group(story)


def test_a_private_chat_has_the_persons_own_number() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        await channel.say(WANG, "1001", "/start")
        (event,) = ear.heard
        assert isinstance(event, Incoming)
        assert (event.chat_kind, event.chat_title) == ("private", None)

    in_a_group(story)


def test_an_act_returns_only_when_its_effects_are_committed() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        ear.fails = True
        with pytest.raises(OSError, match="no space"):
            await channel.say(WANG, GROUP, "灯坏了")
        ear.fails = False
        await channel.say(WANG, GROUP, "灯坏了")  # the channel listens on
        assert len(ear.heard) == 1

    in_a_group(story)


def test_a_reply_carries_what_it_answers() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        sent = await channel.deliver(card())
        await channel.say(WANG, GROUP, "好了", reply_to=sent.message_id)
        event = ear.heard[-1]
        assert isinstance(event, Incoming)
        assert event.reply_to is not None
        assert (event.reply_to.message_id, event.reply_to.text) == (sent.message_id, "记下了张利萍")
        assert event.reply_to.sender == BOT

    in_a_group(story)


def test_nobody_can_answer_a_message_of_another_chat() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        line = await channel.say(WANG, "1001", "悄悄话")
        with pytest.raises(KeyError):
            await channel.say(LI, GROUP, "什么?", reply_to=line.id)
        assert len(ear.heard) == 1

    in_a_group(story)


def test_an_edit_is_a_new_event_about_the_same_message() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        line = await channel.say(WANG, GROUP, "灯坏")
        await channel.edit(WANG, GROUP, line.id, "灯坏了")
        first, second = ear.heard
        assert isinstance(first, Incoming)
        assert isinstance(second, Incoming)
        assert (second.message_id, second.text, second.edited) == (first.message_id, "灯坏了", True)
        assert second.event_id != first.event_id
        assert (channel.lines[line.id].text, channel.lines[line.id].edited) == ("灯坏了", True)

    in_a_group(story)


def test_nobody_edits_the_words_of_another() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        line = await channel.say(WANG, GROUP, "灯坏了")
        with pytest.raises(KeyError):
            await channel.edit(LI, GROUP, line.id, "没坏")
        assert channel.lines[line.id].text == "灯坏了"

    in_a_group(story)


def test_a_press_is_answered_to_the_presser_alone_and_once() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        sent = await channel.deliver(card())
        await channel.press(LI, GROUP, sent.message_id or "", "done:1")
        (press,) = ear.heard
        assert isinstance(press, Press)
        assert (press.action, press.sender, press.message_id) == ("done:1", LI, sent.message_id)
        answer = Post("toast", GROUP, (Text("不行"),), query_id=press.query_id)
        assert (await channel.deliver(answer)).message_id is None
        assert [(t.person_id, t.text) for t in channel.toasts] == [("1002", "不行")]
        with pytest.raises(Rejected):
            await channel.deliver(answer)

    in_a_group(story)


def test_a_card_is_changed_in_its_place() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        sent = await channel.deliver(card())
        await channel.deliver(Post("edit", GROUP, (Text("已办结"),), message_id=sent.message_id))
        line = channel.lines[sent.message_id or ""]
        assert (line.text, line.buttons, len(channel.lines)) == ("已办结", (), 1)
        with pytest.raises(Rejected):
            await channel.deliver(Post("edit", GROUP, (Text("?"),), message_id="999"))

    in_a_group(story)


def test_a_group_that_is_not_here_is_gone() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        with pytest.raises(ChatGone):
            await channel.deliver(Post("send", "-99", (Text("有人吗"),)))

    in_a_group(story)


def test_adding_the_bot_is_told_as_on_any_channel() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        await channel.add_bot(WANG, GROUP)
        (event,) = ear.heard
        assert isinstance(event, Membership)
        assert (event.present, event.chat_title) == (True, "三网格群")

    in_a_group(story)


def test_who_watches_is_woken_by_every_change() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        seen = channel.version
        watching = asyncio.create_task(channel.wait(seen, 30))
        await asyncio.sleep(0)
        assert not watching.done()
        await channel.deliver(card())
        await asyncio.wait_for(watching, 5)
        assert channel.version > seen
        await asyncio.wait_for(channel.wait(seen, 30), 5)  # news that came before asking is not waited for

    in_a_group(story)


def test_every_message_and_event_has_a_number_of_its_own() -> None:
    async def story(channel: LocalChannel, ear: Ear) -> None:
        line = await channel.say(WANG, GROUP, "一")
        await channel.deliver(card())
        await channel.edit(WANG, GROUP, line.id, "二")
        await channel.press(WANG, GROUP, line.id, "x")
        await channel.say(LI, GROUP, "三")
        assert len({event.event_id for event in ear.heard}) == 4
        assert len(channel.lines) == 3

    in_a_group(story)
