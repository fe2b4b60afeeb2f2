"""Who says what, and where: one message or button press, and what is known of its speaker."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from handlers.commands import Command, without_call
from handlers.desk import Desk
from handlers.reader import Reader
from handlers.wording import shown_name
from models.chats import Chat
from models.lively import Matter
from models.matters import Joinable
from models.messages import Ground, Incoming, Press, Sender, Speaker, Verdict
from models.people import STAFF, Person, find_person, remember
from models.tickets import Ticket
from models.units import landmarks_around

PICTURES = frozenset({"photo", "video"})  # what shows a trouble; a sticker or a voice message does not


class Refusal(Exception):
    """Shown to the person in their words; nothing else of the message has any effect."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass
class Said(Desk):
    """`command` is set when the line is one, and for a press (name, number, rest of the action)."""

    event: Incoming | Press
    chat: Chat
    reader: Reader
    command: Command | None = None

    @property
    def message(self) -> Incoming:
        assert isinstance(self.event, Incoming)
        return self.event

    @cached_property
    def said_at(self) -> datetime:
        """By the message's own clock, an edit by that of the edit: what joins, and what is long ago, goes by it."""
        event = self.event
        edited = isinstance(event, Incoming) and event.edited
        at = event.edited_at if isinstance(event, Incoming) and edited else event.sent_at
        return min(at or self.now, self.now)

    @property
    def args(self) -> str:
        return self.command.args if self.command else ""

    @property
    def words(self) -> str:
        """What was written, without our own @name."""
        return without_call(self.message.text, self.reader.me)

    @cached_property
    def known(self) -> Person | None:
        """The sender, if we already have a reason to remember them."""
        return find_person(self.session, self.event.channel, self.event.sender.id)

    @cached_property
    def sender(self) -> Person:
        """The sender, remembered from now on."""
        if self.event.sender.id is None:
            raise Refusal("anonymous")
        return self.person(self.event.sender)

    def reported(self, ticket: Ticket | Matter | Joinable) -> bool:
        """Is it the sender's own matter?"""
        return self.known is not None and ticket.reporter_id == self.known.id

    def reason(self, ticket: Ticket, example: str) -> str:
        """Why the sender wants it so, masked; refused without. `example`: the text that shows how to write it."""
        if not self.args:
            raise Refusal("reason_needed", example=self.texts.line(example, number=ticket.number))
        return self.reader.mask(self.args)

    @property
    def name(self) -> str:
        """The sender's name as it may be shown."""
        return self.known.name if self.known else shown_name(self, self.event.sender.name)

    @cached_property
    def verdict(self) -> Verdict:
        """What the text means, said by this speaker."""
        return self.reader.judge(self.message.text, self.speaker(), self.ground)

    @cached_property
    def ground(self) -> Ground:
        """Where it is said: the names of this neighbourhood, and what this group lets through."""
        chat, usual = self.chat, self.policy.reading
        return Ground(
            landmarks=landmarks_around(self.session, chat.unit) if chat.unit else (),
            open_at=usual.open if chat.reading_open is None else chat.reading_open,
            ask_at=usual.ask if chat.reading_ask is None else chat.reading_ask,
        )

    def speaker(self) -> Speaker:
        """What the rules may know of who speaks."""
        return self._speaker

    @cached_property
    def _speaker(self) -> Speaker:
        message = self.message
        # anonymous admins and channel posts are staff speech: a notice, not a report
        staff = message.sender.kind != "user" or self._in_office()
        role: Literal["resident", "staff"] = "staff" if staff else "resident"
        pictured = any(f.kind in PICTURES for f in message.attachments)
        return Speaker(role, photo=pictured, reply=message.reply_to is not None)

    def _in_office(self) -> bool:
        """Does the sender hold a post here, or above, whose words are a notice?"""
        posts = [p for p in self.known.held() if p.role in STAFF] if self.known else []
        unit = self.chat.unit
        return bool(posts) and unit is not None and any(p.unit in unit.ladder() for p in posts)

    def person(self, sender: Sender) -> Person:
        """Somebody with an account, remembered from now on."""
        return remember(self.session, self.event.channel, replace(sender, name=shown_name(self, sender.name)))
