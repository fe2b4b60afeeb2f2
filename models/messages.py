"""What reaches the bot and what a text means: plain values, the same for every channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CATEGORIES = ("安全隐患", "环境卫生", "私搭乱建", "矛盾纠纷", "民生诉求", "乱堆乱放", "治安稳定")  # R16, in its order
PRIVATE_CATEGORY = "矛盾纠纷"  # R3, R32: disputes leave the open group
EVERYTHING_ELSE = "民生诉求"  # R16's class for what people ask for and no other class names

SenderKind = Literal["user", "bot", "anonymous_admin", "channel", "system"]
ChatKind = Literal["private", "group", "channel"]
Decision = Literal["open", "ask", "ignore"]
Speech = Literal["done", "take", "confirmed", "fair", "poor", "unsolved", "metoo", "chase"]


@dataclass(frozen=True)
class Sender:
    """Who wrote. `id` is the channel's own id as a string; None when the channel hides it."""

    id: str | None
    name: str
    kind: SenderKind = "user"
    username: str | None = None


@dataclass(frozen=True)
class Mention:
    """Somebody named in a text. Offsets are Python string offsets, not UTF-16; `id` is None for a bare @username."""

    kind: Literal["user", "username", "bot", "all"]
    id: str | None
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Attachment:
    """A file beside the text; `ref` is what the channel needs to fetch or send it again."""

    kind: Literal["photo", "video", "voice", "audio", "document", "sticker", "location"]
    ref: str
    mime: str | None = None
    size: int | None = None
    name: str | None = None


@dataclass(frozen=True)
class Quoted:
    """The message that this one answers. Some channels give a text without an id."""

    message_id: str | None
    text: str = ""
    sender: Sender | None = None
    attachments: tuple[Attachment, ...] = ()
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Incoming:
    """One message (or an edit of one). `event_id` is unique per (channel, account); times are aware, in UTC."""

    channel: str
    account: str
    event_id: str
    chat_id: str
    chat_kind: ChatKind
    message_id: str
    sender: Sender
    sent_at: datetime
    text: str = ""
    chat_title: str | None = None
    thread_id: str | None = None
    edited: bool = False
    edited_at: datetime | None = None  # of an edit; `sent_at` stays that of the message
    live: bool = False  # an update of a live location: never new intake
    mentions: tuple[Mention, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    album_id: str | None = None
    location: tuple[float, float] | None = None
    reply_to: Quoted | None = None

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What a ticket keeps of it: a sticker says nothing, a shared place counts as a file."""
        place = (Attachment("location", "{},{}".format(*self.location)),) if self.location else ()
        return tuple(f for f in self.attachments if f.kind != "sticker") + place


@dataclass(frozen=True)
class Press:
    """A button under one of our messages was pressed. `query_id` is what the channel wants to be answered with."""

    channel: str
    account: str
    event_id: str
    query_id: str
    chat_id: str
    chat_kind: ChatKind
    message_id: str | None
    sender: Sender
    action: str
    sent_at: datetime
    thread_id: str | None = None


@dataclass(frozen=True)
class Membership:
    """The bot itself was added to a chat or removed from it (`present`); in a private chat: unblocked or blocked."""

    channel: str
    account: str
    event_id: str
    chat_id: str
    chat_kind: ChatKind
    present: bool
    sender: Sender
    sent_at: datetime
    chat_title: str | None = None


@dataclass(frozen=True)
class Migrated:
    """A group took a new id; every row must follow."""

    channel: str
    account: str
    event_id: str
    old_chat_id: str
    new_chat_id: str
    sent_at: datetime


Event = Incoming | Press | Membership | Migrated


@dataclass(frozen=True)
class Reason:
    """One rule that spoke: its name, the words that woke it, and what it added to the score."""

    rule: str
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Place:
    """`text` exactly as it stands in the message; `key` the same place normalised (3号楼 = 三栋 = 3#)."""

    text: str
    key: str


@dataclass(frozen=True)
class Verdict:
    """What a text means, and why. Pure data: the same text and speaker always give the same verdict.

    `thing` is a short name for the card (水管漏水); `emergency` names the kind of danger (gas, fire, lift, electric,
    medical, crime, missing, crisis, …) and is None when nothing is urgent; `speech` is a short act about a matter
    already known (done, take, confirmed, unsolved, metoo, chase); `also` holds further problems of the same message;
    `wish` names the kind of a wish for all (R2), under which others of the same kind gather; `private`: illness, debts,
    what is between members of a family, whatever the class.
    """

    decision: Decision
    score: float = 0.0
    category: str | None = None
    thing: str = ""
    emergency: str | None = None
    place: Place | None = None
    speech: Speech | None = None
    because: tuple[Reason, ...] = ()
    rules_version: str = ""
    also: tuple["Verdict", ...] = ()
    part: str = ""  # the words of this problem, where the message tells of several
    wish: str = ""
    private: bool = False

    @property
    def urgent(self) -> bool:
        return self.emergency is not None


@dataclass(frozen=True)
class Ground:
    """Where a line is said, as far as it changes the verdict: place names of the neighbours, the group's thresholds.

    A threshold of None is the judge's own.
    """

    landmarks: tuple[str, ...] = ()
    open_at: float | None = None
    ask_at: float | None = None


@dataclass(frozen=True)
class Speaker:
    """What the rules may know of who speaks, beside the words."""

    role: Literal["resident", "member", "staff"] = "resident"  # member: responsible here; staff: property, cadres
    photo: bool = False
    reply: bool = False
