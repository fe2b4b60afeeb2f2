"""A group in the browser, for demo, training and tests: messages live in memory, nothing leaves the machine."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.bell import Bell
from bot.channels import Capabilities, ChatGone, Receive, Rejected, Sent
from bot.channels.local_lines import Line, Toast, as_attachments, as_quoted
from bot.clock import Clock
from models.messages import Attachment, ChatKind, Event, Incoming, Membership, Press, Sender
from models.posts import Post, Text


class LocalChannel:
    """`groups`: id -> title of the groups; every other chat is private and has the person's own id.

    A person's act returns when its effects are committed, as a channel acknowledges only then.
    """

    name = "local"
    capabilities = Capabilities(per_bot_per_second=0, per_chat_per_second=0, per_group_per_minute=0)

    def __init__(self, clock: Clock, groups: Mapping[str, str], me: Sender) -> None:
        self.account, self.me, self.groups = me.id or "", me, groups
        self.lines: dict[str, Line] = {}
        self.toasts: list[Toast] = []
        self._clock, self._bell, self._version = clock, Bell(), 0
        self._inbound: asyncio.Queue[tuple[Event, asyncio.Future[None]]] = asyncio.Queue()
        self._pressers: dict[str, str] = {}
        self._numbers = 0

    # what people do

    async def say(
        self, who: Sender, chat_id: str, text: str, *, reply_to: str | None = None, photos: tuple[str, ...] = ()
    ) -> Line:
        """Somebody writes. Raises KeyError when they reply to a message that is not in this chat."""
        quoted = self.line(chat_id, reply_to) if reply_to else None
        files = tuple(Attachment("photo", ref) for ref in photos)
        line = self._add(Line(self._number(), chat_id, who, self._clock.now(), (Text(text),), files=files))
        line.reply_to = reply_to
        await self._hand_over(replace(self._incoming(line, text), reply_to=as_quoted(quoted) if quoted else None))
        return line

    async def edit(self, who: Sender, chat_id: str, message_id: str, text: str) -> None:
        """Somebody changes their own message. Raises KeyError when there is none of theirs."""
        line = self.line(chat_id, message_id)
        if line.sender.id != who.id:
            raise KeyError(message_id)
        line.segments, line.edited = (Text(text),), True
        self.changed()
        await self._hand_over(replace(self._incoming(line, text), event_id=self._number(), edited=True))

    async def press(self, who: Sender, chat_id: str, message_id: str, action: str) -> None:
        """Somebody presses a button; only they will see the toast."""
        event_id = self._number()
        self._pressers[event_id] = who.id or ""
        where = (chat_id, self.kind_of(chat_id), message_id)
        await self._hand_over(
            Press(self.name, self.account, event_id, event_id, *where, who, action, self._clock.now())
        )

    async def add_bot(self, who: Sender, chat_id: str) -> None:
        """Somebody adds the bot to a group."""
        now, title = self._clock.now(), self.groups[chat_id]
        await self._hand_over(
            Membership(self.name, self.account, self._number(), chat_id, "group", True, who, now, title)
        )

    # the contract

    async def open(self) -> None: ...

    async def take_over(self) -> None:
        """Nobody else can."""

    async def listen(self, receive: Receive) -> None:
        while True:
            event, done = await self._inbound.get()
            (fault,) = await asyncio.gather(receive([event]), return_exceptions=True)
            self.changed()
            if done.done():
                continue  # whoever acted did not wait for the end
            if fault is None:
                done.set_result(None)
            else:
                done.set_exception(fault)

    async def deliver(self, post: Post) -> Sent:
        if post.kind == "toast":
            self._toast(post)
            return Sent()
        if post.kind == "edit":
            self._change(post)
            return Sent()
        if self.kind_of(post.chat_id) == "group" and post.chat_id not in self.groups:
            raise ChatGone(post.chat_id)
        line = Line(self._number(), post.chat_id, self.me, self._clock.now(), post.segments, post.buttons)
        line.files, line.reply_to, line.silent = as_attachments(post), post.reply_to, post.silent
        return Sent(self._add(line).id)

    async def close(self) -> None:
        """Nobody waits for an answer any more."""
        while not self._inbound.empty():
            self._inbound.get_nowait()[1].cancel()

    # who watches

    @property
    def version(self) -> int:
        """Rises with every change that somebody may see."""
        return self._version

    def changed(self) -> None:
        self._version += 1
        self._bell.ring()

    async def wait(self, seen: int, seconds: float) -> None:
        """Until there is something newer than `seen`, `seconds` at most."""
        if self._version == seen:
            await self._bell.wait(seconds)

    def line(self, chat_id: str, message_id: str | None) -> Line:
        """Raises KeyError when the message is not in this chat."""
        line = self.lines[message_id or ""]
        if line.chat_id != chat_id:
            raise KeyError(message_id)
        return line

    def kind_of(self, chat_id: str) -> ChatKind:
        return "group" if chat_id.startswith("-") else "private"

    def _incoming(self, line: Line, text: str) -> Incoming:
        return Incoming(
            channel=self.name,
            account=self.account,
            event_id=line.id,
            chat_id=line.chat_id,
            chat_kind=self.kind_of(line.chat_id),
            chat_title=self.groups.get(line.chat_id),
            message_id=line.id,
            sender=line.sender,
            sent_at=line.at,
            text=text,
            attachments=line.files,
        )

    async def _hand_over(self, event: Event) -> None:
        done = asyncio.get_running_loop().create_future()
        self._inbound.put_nowait((event, done))
        await done

    def _add(self, line: Line) -> Line:
        self.lines[line.id] = line
        self.changed()
        return line

    def _change(self, post: Post) -> None:
        line = self.lines.get(post.message_id or "")
        if line is None or line.chat_id != post.chat_id:
            raise Rejected(f"no message {post.message_id} here")
        line.segments, line.buttons, line.edited = post.segments, post.buttons, True
        self.changed()

    def _toast(self, post: Post) -> None:
        presser = self._pressers.pop(post.query_id or "", None)
        if presser is None:
            raise Rejected("this press was answered before")
        self.toasts.append(Toast(len(self.toasts) + 1, presser, post.plain))
        self.changed()

    def _number(self) -> str:
        self._numbers += 1
        return str(self._numbers)
