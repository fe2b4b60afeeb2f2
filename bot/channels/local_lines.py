"""One message of the group in the browser, as people see it now."""

from dataclasses import dataclass
from datetime import datetime

from models.messages import Attachment, Quoted, Sender
from models.posts import Button, Post, Segment, Text


@dataclass
class Line:
    """`at` is business time; `files` are pictures of the page's own."""

    id: str
    chat_id: str
    sender: Sender
    at: datetime
    segments: tuple[Segment, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    silent: bool = False
    edited: bool = False

    @property
    def text(self) -> str:
        return "".join(s.text if isinstance(s, Text) else s.name for s in self.segments)


@dataclass(frozen=True)
class Toast:
    """An answer to a press; `person_id` alone sees it."""

    number: int
    person_id: str
    text: str


def as_quoted(line: Line) -> Quoted:
    return Quoted(line.id, line.text, line.sender, line.files, line.at)


def as_attachments(post: Post) -> tuple[Attachment, ...]:
    return tuple(Attachment("photo", ref) for kind, ref in post.attachments if kind == "photo")
