"""What the bot says, channel-neutral: segments, mentions, buttons. handlers/ fill it, an adapter renders it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Text:
    """Plain words; the adapter escapes them, once."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class MentionOut:
    """A person called by name. `id` is the account on that channel; None means that only the name can be shown."""

    name: str
    id: str | None = None


Segment = Text | MentionOut


@dataclass(frozen=True)
class Button:
    """`action` comes back as a Press (ASCII, at most 64 bytes); `start` opens the private chat with that parameter."""

    label: str
    action: str | None = None
    start: str | None = None


@dataclass(frozen=True)
class Post:
    """One thing for a channel to do: send a new message, edit an old one of ours, or answer a press (toast)."""

    kind: Literal["send", "edit", "toast"]
    chat_id: str
    segments: tuple[Segment, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    thread_id: str | None = None
    reply_to: str | None = None
    silent: bool = False
    message_id: str | None = None  # the message to edit
    query_id: str | None = None  # the press to answer
    attachments: tuple[tuple[str, str], ...] = ()  # (kind, ref) of files that go with it

    @property
    def plain(self) -> str:
        """The words alone, as tests and logs read them."""
        return "".join(s.text if isinstance(s, Text) else s.name for s in self.segments)
