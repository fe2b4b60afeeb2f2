"""The contract between the bot and any chat platform: events come in, posts go out, five ways to fail."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from models.messages import Event
from models.posts import Post

Receive = Callable[[Sequence[Event]], Awaitable[None]]
"""Returns only after the effects of all these events are committed; if it raises, none may be acknowledged."""


@dataclass(frozen=True)
class Capabilities:
    """What a channel can do; the postman and the texts degrade by it."""

    can_edit: bool = True
    can_button: bool = True
    can_mention: bool = True
    max_len: int = 4096
    per_bot_per_second: float = 30.0
    per_chat_per_second: float = 1.0
    per_group_per_minute: int = 20


@dataclass(frozen=True)
class Sent:
    """`message_id` is the channel's number of the new message; None for an edit or a toast."""

    message_id: str | None = None
    degraded: tuple[str, ...] = ()


class Channel(Protocol):
    """One platform. `name` is what Incoming.channel says; `account` which bot on it."""

    name: str
    account: str
    capabilities: Capabilities

    async def open(self) -> None:
        """Connect and learn who we are; raises Misconfigured when the operator must act."""

    async def take_over(self) -> None:
        """Settle how events come; only who holds the inbox does. Raises Misconfigured when the operator must act."""

    async def listen(self, receive: Receive) -> None:
        """Hand over events until cancelled. The platform is told 'received' only after `receive` returned."""

    async def deliver(self, post: Post) -> Sent:
        """Do what the post says, or raise one of the five failures below."""

    async def close(self) -> None: ...


class Misconfigured(Exception):
    """The operator must act. `key` is the setting; the texts check_<kind> and check_<kind>_cure word fault and cure."""

    def __init__(self, key: str, kind: str, **values: object) -> None:
        super().__init__(f"{key}: {kind}" + "".join(f", {name} {value}" for name, value in values.items()))
        self.key, self.kind, self.values = key, kind, values


class DeliveryFailure(Exception):
    """Base of the five ways in which a post can fail."""


class TryLater(DeliveryFailure):
    """Not now: wait this many seconds; scope 'chat' pauses that chat, 'bot' the whole account."""

    def __init__(self, wait: float, scope: Literal["chat", "bot"] = "chat") -> None:
        super().__init__(f"try again in {wait:g} s ({scope})")
        self.wait, self.scope = wait, scope


class ChatGone(DeliveryFailure):
    """Blocked, thrown out, deleted: nothing will arrive there until the chat comes back."""


class Moved(DeliveryFailure):
    """The chat has a new id."""

    def __init__(self, new_chat_id: str) -> None:
        super().__init__(f"chat moved to {new_chat_id}")
        self.new_chat_id = new_chat_id


class Rejected(DeliveryFailure):
    """The platform refuses this post for ever (its text says why)."""


class Uncertain(DeliveryFailure):
    """No answer came: it may or may not have arrived."""
