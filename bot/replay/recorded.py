"""What a recording holds, whatever its format: messages, broken lines, things worth a note."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from models.messages import Mention, SenderKind

Role = Literal["resident", "grid", "property", "cadre", "volunteer"]
FileKind = Literal["photo", "video", "voice", "audio", "document", "sticker", "location"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One message of a recording. `sent_at` is aware, UTC, or None where the format gives no time.

    `id` stays as given (a number stays a number). `quoted` holds the words of the answered message where the format
    gives no id for it. `thread` is the id of the message that opened the forum topic.
    """

    conv: str
    id: str | int
    sender_id: str | None
    sender_name: str
    text: str
    sent_at: datetime | None = None
    role: Role | None = None
    kind: SenderKind = "user"
    attachments: tuple[FileKind, ...] = ()
    mentions: tuple[Mention, ...] = ()
    reply_to: str | None = None
    quoted: str = ""
    thread: str | None = None
    location: tuple[float, float] | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True)
class Broken:
    """A line (or the n-th message of a document) that could not be read. `why` is a key of the texts."""

    line: int
    why: str
    detail: str = ""


@dataclass
class Findings:
    """What a parser meets beside messages; complete once its iterator is exhausted."""

    broken: list[Broken] = field(default_factory=list)
    skipped: int = 0  # service messages, recalls, private chats of a full export
    notes: list[str] = field(default_factory=list)  # keys of the texts
    guessed: list[str] = field(default_factory=list)  # people whose nickname alone told their role

    def lost(self, line: int, why: str, detail: object = "") -> None:
        self.broken.append(Broken(line, why, str(detail)[:120]))

    def note(self, key: str) -> None:
        if key not in self.notes:
            self.notes.append(key)


class Fault(Exception):
    """One line or message is broken: `why` is a key of the texts. The parsers catch it, name the line and go on."""

    def __init__(self, why: str, detail: object = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail = why, detail


class Unreadable(Exception):
    """The whole file is of no use: `key` names fault and cure in the texts."""

    def __init__(self, key: str, path: Path, **values: object) -> None:
        super().__init__(f"{key}: {path}")
        self.key, self.values = key, {"file": str(path), **values}


@dataclass(frozen=True)
class Recording:
    """An opened file: iterate over it once, then look at `findings`."""

    format: str
    messages: Iterable[Recorded]
    findings: Findings

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self.messages)
