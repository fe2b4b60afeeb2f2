"""A small town in which stories happen: everything of ours is real, only the clock and the channel are not."""

import asyncio
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels import Capabilities, ChatGone, Sent
from bot.clock import MovableClock
from bot.config.load import Config
from bot.heartbeat import Heartbeat
from bot.inbox import Inbox, Outcome
from bot.postman import Postman
from bot.reading.judge import Judge
from bot.retry import Retry
from bot.seed import seed
from bot.timewalk import walk
from bot.watchman import Watchman
from handlers.desk import Desk
from handlers.planning import replan
from models.base import Base
from models.database import open_engine, open_sessions
from models.messages import Attachment, Event, Incoming, Membership, Mention, Press, Quoted, Sender
from models.posts import MentionOut, Post
from models.schema import create_tables
from models.tickets import Ticket, ticket_numbered

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)

RESIDENTS, STAFF, OTHER, STREET = "-1001", "-1002", "-1003", "-1004"
PEOPLE = {"老王": "11", "李书记": "12", "陈副": "13", "赵主任": "14", "孙楼长": "15", "周物业": "16", "钱网格": "17"}

TOWN = """
[hotlines]
gas = "96777"

[[units]]
name = "和平街道"
level = "街道"
[[units]]
name = "幸福里社区"
level = "社区"
parent = "和平街道"
[[units]]
name = "幸福里第3网格"
level = "网格"
parent = "幸福里社区"
[[units]]
name = "幸福里第4网格"
level = "网格"
parent = "幸福里社区"

[[people]]
name = "老王"
telegram = 11
phone = "13800000011"
posts = [{ unit = "幸福里第3网格", role = "grid_member" }]
[[people]]
name = "李书记"
telegram = 12
posts = [{ unit = "幸福里社区", role = "cadre" }]
[[people]]
name = "陈副"
telegram = 13
posts = [{ unit = "幸福里第3网格", role = "deputy" }]
[[people]]
name = "赵主任"
telegram = 14
posts = [{ unit = "和平街道", role = "supervisor" }]
[[people]]
name = "孙楼长"
telegram = 15
posts = [{ unit = "幸福里第3网格", role = "building_contact", scope = ["3号楼"] }]
[[people]]
name = "周物业"
telegram = 16
posts = [{ unit = "幸福里第3网格", role = "property" }]
[[people]]
name = "钱网格"
telegram = 17
posts = [{ unit = "幸福里第4网格", role = "grid_member" }]

[[groups]]
unit = "幸福里第3网格"
telegram = -1001
[[groups]]
unit = "幸福里第3网格"
telegram = -1002
kind = "staff"
[[groups]]
unit = "幸福里第4网格"
telegram = -1003
[[groups]]
unit = "和平街道"
telegram = -1004
kind = "staff"
"""


def small_town(**sections: object) -> Config:
    """The town's configuration; keyword arguments replace whole sections."""
    return Config.model_validate({**tomllib.loads(TOWN), **sections})


@cache
def the_judge() -> Judge:
    return Judge.load()


FURNISHED: dict[str, bytes] = {}


def furnish(engine: Engine, config: Config) -> None:
    """Tables, and in them what the file says."""
    create_tables(engine)
    with open_sessions(engine).begin() as session:
        seed(session, config, the_judge(), "telegram", FakeChannel.account)


def furnished(config: Config) -> bytes:
    """The same as a file: a copy is quicker than thirty tables for every story."""
    if repr(config) not in FURNISHED:
        FURNISHED[repr(config)] = _a_furnished_file(config)
    return FURNISHED[repr(config)]


def _a_furnished_file(config: Config) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "town.db"
        engine = open_engine(f"sqlite:///{file}", durable=False)
        furnish(engine, config)
        engine.dispose()
        return file.read_bytes()


class WorldClock(MovableClock):
    """Machine time stands still too, and is moved on when the postman has to wait for a send limit."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.ticks = 1_000_000.0

    def machine(self) -> float:
        return self.ticks


@dataclass
class Shown:
    """One message of the bot as people see it now."""

    chat_id: str
    message_id: str
    post: Post
    at: datetime

    @property
    def text(self) -> str:
        return self.post.plain

    @property
    def mentions(self) -> list[str | None]:
        return [s.id for s in self.post.segments if isinstance(s, MentionOut)]

    @property
    def labels(self) -> list[str]:
        return [b.label for row in self.post.buttons for b in row]


@dataclass
class FakeChannel:
    """Keeps what was sent, edits in place, and can be told that a chat is gone."""

    clock: WorldClock
    name: str = "telegram"
    account: str = "999"
    capabilities: Capabilities = Capabilities()
    shown: list[Shown] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    edits: int = 0
    gone: set[str] = field(default_factory=set)
    failures: list[Exception] = field(default_factory=list)
    wordings: list[tuple[str, str]] = field(default_factory=list)
    last: int = 5000

    async def open(self) -> None: ...
    async def listen(self, receive: object) -> None: ...
    async def close(self) -> None: ...

    async def deliver(self, post: Post) -> Sent:
        if post.chat_id in self.gone:
            raise ChatGone("blocked")
        if self.failures:
            raise self.failures.pop(0)
        if post.kind == "toast":
            self.toasts.append(post.plain)
            return Sent()
        self.wordings.append((post.chat_id, post.plain))
        if post.kind == "edit":
            self.edits += 1
            old = next(s for s in self.shown if (s.chat_id, s.message_id) == (post.chat_id, post.message_id))
            old.post = post
            return Sent()
        self.last += 1
        self.shown.append(Shown(post.chat_id, str(self.last), post, self.clock.now()))
        return Sent(str(self.last))


class World:
    def __init__(self, folder: Path, config: Config, *, url: str | None = None, start: datetime = MONDAY) -> None:
        self.config, self.clock = config, WorldClock(start)
        file = folder / "world.db"
        copied = url is None and not file.exists()
        if copied:
            file.write_bytes(furnished(config))
        self.engine = open_engine(url or f"sqlite:///{file}", durable=False)
        if not copied:
            furnish(self.engine, config)
        self.sessions = open_sessions(self.engine)
        self.channel = FakeChannel(self.clock)
        self._runner = asyncio.Runner()
        self._events, self._messages = 100, 0
        self._ids = dict(PEOPLE)
        self.restart()

    def restart(self) -> None:
        """A new process on the same database."""
        policy = self.config.policy
        with self.sessions.begin() as session:
            replan(Desk(session, self.clock.now(), policy))
        self.inbox = Inbox(self.sessions, self.clock, policy, the_judge())
        self.inbox.me["999"] = "gridbot"
        self.retry = Retry(self.sessions, self.clock, self.inbox)
        self.retry.begin()
        also = [self.inbox.read_aside, self.retry.one]
        self.heartbeat = Heartbeat(self.sessions, self.clock, policy, also=also)
        self.postman = Postman(self.sessions, self.clock, policy, [self.channel])
        self.heartbeat.beat_now()
        self.deliver()

    def another_process(self) -> tuple[Inbox, Heartbeat, Postman]:
        """A second machine on the same database, with the same bot."""
        policy = self.config.policy
        heartbeat = Heartbeat(self.sessions, self.clock, policy)
        postman = Postman(self.sessions, self.clock, policy, [self.channel])
        return Inbox(self.sessions, self.clock, policy, the_judge()), heartbeat, postman

    def close(self) -> None:
        self._runner.close()
        self.engine.dispose()

    # people do things

    def says(self, who: str, text: str, *, group: str = RESIDENTS, **details: object) -> list[str]:
        """Somebody writes; the new lines that the bot posted in that group."""
        return self._after(group, self.incoming(who, text, group, **details))

    def tells(self, who: str, text: str, **details: object) -> list[str]:
        """Somebody writes to the bot privately; what it answers there."""
        return self._after(self.id_of(who), self.incoming(who, text, self.id_of(who), chat_kind="private", **details))

    def starts(self, *names: str) -> None:
        for name in names:
            self.tells(name, "/start")

    def presses(self, who: str, label: str, *, on: Shown | None = None, chat: str = RESIDENTS) -> list[str]:
        """Somebody presses a button under the newest message that has it; the toasts that they alone see."""
        shown = on or next(s for s in reversed(self.channel.shown) if s.chat_id == chat and label in s.labels)
        action = next(b.action for row in shown.post.buttons for b in row if b.label == label)
        return self.press_action(who, action or "", shown.chat_id, shown.message_id)

    def press_action(self, who: str, action: str, chat: str = RESIDENTS, message_id: str = "1") -> list[str]:
        kind = "private" if not chat.startswith("-") else "group"
        before = len(self.channel.toasts)
        press = Press(
            "telegram", "999", self._event(), "q1", chat, kind, message_id, self.sender(who), action, self.clock.now()
        )  # type: ignore[arg-type]
        self.receive(press)
        return self.channel.toasts[before:]

    def joins(self, group: str, present: bool = True, by: str = "老王") -> list[str]:
        event = Membership(
            "telegram", "999", self._event(), group, "group", present, self.sender(by), self.clock.now(), "新群"
        )
        return self._after(group, event)

    def incoming(self, who: str, text: str, chat: str, **details: object) -> Incoming:
        self._messages += 1
        values: dict[str, object] = {
            "event_id": self._event(),
            "message_id": str(self._messages),
            "sender": self.sender(who),
            "sent_at": self.clock.now(),
            "chat_kind": "group",
        }
        photo = details.pop("photo", None)
        if photo:
            values["attachments"] = (Attachment("photo", str(photo)),)
        reply = details.pop("reply", None)
        if isinstance(reply, Shown):
            values["reply_to"] = Quoted(reply.message_id, reply.text)
        elif isinstance(reply, Incoming):
            values["reply_to"] = Quoted(reply.message_id, reply.text, reply.sender, reply.attachments)
        self.last_message = Incoming("telegram", "999", chat_id=chat, text=text, **{**values, **details})  # type: ignore[arg-type]
        return self.last_message

    def edits(self, message: Incoming, text: str) -> list[str]:
        edited = Incoming(
            **{**message.__dict__, "event_id": self._event(), "text": text, "edited": True}  # type: ignore[arg-type]
        )
        return self._after(message.chat_id, edited)

    def receive(self, *events: Event) -> list[Outcome]:
        outcomes = self.inbox.receive_now(events)
        self.deliver()
        return outcomes

    # time

    def waits(self, *, minutes: int = 0, hours: int = 0, days: int = 0, chat: str = RESIDENTS) -> list[str]:
        """Time passes; the new lines in the group."""
        return self.waits_until(self.clock.now() + timedelta(minutes=minutes, hours=hours, days=days), chat=chat)

    def waits_until(self, instant: datetime, *, chat: str = RESIDENTS) -> list[str]:
        before = len(self.channel.shown)
        for _ in walk(self.clock, instant, self.sessions, self.heartbeat):
            self.deliver()
        return [s.text for s in self.channel.shown[before:] if s.chat_id == chat]

    def is_away_until(self, instant: datetime, *, read: Sequence[Event] = ()) -> None:
        """The bot is killed now and started again then; `read`: what waited for it at the platform, oldest first."""
        self.watchman().watch_now()
        self.clock.move_to(instant)
        self.watchman().watch_now()
        self.restart()
        if read:
            self.receive(*read)

    def watchman(self) -> Watchman:
        """A new process's own."""
        return Watchman(self.sessions, self.clock, self.config.policy, "telegram:999")

    def sleeps_until(self, instant: datetime) -> None:
        """The bot is not running until then."""
        self.clock.move_to(instant)

    def deliver(self) -> None:
        """Let the postman work until nothing more can go out at this moment of business time."""
        idle = 0.0
        while (wait := self._runner.run(self.postman.deliver_one(self.channel))) is not None and idle + wait <= 70:
            idle = idle + wait if wait else 0.0
            self.clock.ticks += wait

    # looking

    def card(self, number: int = 1) -> Shown:
        with self.sessions() as session:
            ticket = ticket_numbered(session, number)
            assert ticket is not None and ticket.card_id is not None
            from models.letters import Letter

            letter = session.get_one(Letter, ticket.card_id)
            return next(s for s in self.channel.shown if s.message_id == letter.message_id)

    def lines(self, chat: str = RESIDENTS) -> list[str]:
        return [s.text for s in self.channel.shown if s.chat_id == chat]

    def ever_said(self, chat: str = RESIDENTS) -> list[str]:
        """Every line of the bot, and every wording that an edit gave it."""
        return [plain for chat_id, plain in self.channel.wordings if chat_id == chat]

    def private(self, who: str) -> list[str]:
        return self.lines(self.id_of(who))

    def ticket(self, number: int) -> Ticket:
        with self.sessions() as session:
            found = ticket_numbered(session, number)
            assert found is not None, f"no ticket {number}"
            session.refresh(found, ["about", "assignee", "reporter", "proxy", "unit", "followers", "files", "history"])
            return found

    def tickets(self) -> int:
        with self.sessions() as session:
            number = 0
            while ticket_numbered(session, number + 1):
                number += 1
            return number

    def stored(self, words: str) -> list[str]:
        """Tables in which these words stand."""
        with self.engine.connect() as connection:
            rows = {t.name: str(connection.execute(t.select()).all()) for t in Base.metadata.sorted_tables}
        return [name for name, kept in rows.items() if words in kept]

    def session(self) -> Session:
        return self.sessions()

    # names

    def sender(self, who: str) -> Sender:
        return Sender(self.id_of(who), who)

    def id_of(self, who: str) -> str:
        return self._ids.setdefault(who, str(100 + len(self._ids)))

    def mention(self, who: str, text: str) -> tuple[Mention, ...]:
        start = text.index(who)
        return (Mention("user", self.id_of(who), who, start, start + len(who)),)

    def _event(self) -> str:
        self._events += 1
        return str(self._events)

    def _after(self, chat: str, *events: Event) -> list[str]:
        before = len(self.channel.shown)
        self.receive(*events)
        return [s.text for s in self.channel.shown[before:] if s.chat_id == chat]


def china(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def texts(shown: Sequence[Shown]) -> list[str]:
    return [s.text for s in shown]
