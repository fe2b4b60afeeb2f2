"""One message or button press, and everything that a handler may ask about it."""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from handlers.commands import Command, without_call
from handlers.desk import Desk, Envelope
from handlers.reader import Reader
from handlers.rights import Right, may
from handlers.wording import shown_name
from models.chats import Chat
from models.letters import Letter
from models.messages import Ground, Incoming, Press, Sender, Speaker, Verdict
from models.people import STAFF, Person, find_person, remember
from models.pointers import as_one, tickets_at
from models.posts import Segment
from models.tickets import Ticket, ticket_numbered
from models.units import landmarks_around

PICTURES = frozenset({"photo", "video"})  # what shows a trouble; a sticker or a voice message does not
NAMED = re.compile(r"第\s*(\d{1,9})\s*件")


class Refusal(Exception):
    """Shown to the person in their words; nothing else of the message has any effect."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass
class Result:
    """What became of a message, for the replay and the page."""

    kind: str = "ignored"  # opened, joined, ignored, command, asked, refused
    tickets: list[Ticket] = field(default_factory=list)

    def became(self, kind: str, ticket: Ticket | None = None) -> None:
        self.kind = kind
        if ticket is not None and ticket not in self.tickets:
            self.tickets.append(ticket)


@dataclass
class Turn(Desk):
    """`command` is set when the line is one, and for a press (name, number, rest of the action)."""

    event: Incoming | Press
    chat: Chat
    reader: Reader
    command: Command | None = None
    outcome: Result = field(default_factory=Result)

    @property
    def message(self) -> Incoming:
        assert isinstance(self.event, Incoming)
        return self.event

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

    def reported(self, ticket: Ticket) -> bool:
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
        message, unit = self.message, self.chat.unit
        known = self.known if message.sender.kind == "user" else None
        ladder = unit.ladder() if unit else []
        staff = known is not None and any(p.role in STAFF and p.unit in ladder for p in known.held())
        if message.sender.kind != "user":
            staff = True  # anonymous admins and channel posts are staff speech: a notice, not a report
        role: Literal["resident", "staff"] = "staff" if staff else "resident"
        pictured = any(f.kind in PICTURES for f in message.attachments)
        return Speaker(role, photo=pictured, reply=message.reply_to is not None)

    def person(self, sender: Sender) -> Person:
        """Somebody with an account, remembered from now on."""
        return remember(self.session, self.event.channel, replace(sender, name=shown_name(self, sender.name)))

    def say(self, key: str, how: Envelope | None = None, **values: Any) -> Letter | None:
        """Say one sentence where the message came from."""
        return self.answer(self.texts.segments(key, **values), how)

    def answer(self, says: tuple[Segment, ...], how: Envelope | None = None) -> Letter | None:
        """The same with ready segments. A press is answered to the presser alone."""
        how = how or Envelope()
        if isinstance(self.event, Press) and how.kind == "reply":
            how = how.but(kind="toast", query_id=self.event.query_id, expires_at=None)
        elif not self.chat.private:
            how = how.but(thread_id=self.event.thread_id)
        return self.write(self.chat, says, how)

    def assure(self, ticket: Ticket, key: str, **values: Any) -> None:
        """Say that it is done to whoever pressed a button or speaks elsewhere: they do not read the group's line."""
        if isinstance(self.event, Press) or self.chat.id != ticket.chat_id:
            self.say(key, **values)

    def refuse(self, refusal: Refusal) -> None:
        self.outcome.became("refused")
        reply_to = self.event.message_id if isinstance(self.event, Incoming) else None
        self.say(refusal.key, Envelope(reply_to=reply_to), **refusal.values)

    def ticket(self, right: Right, example: str = "") -> Ticket:
        """The ticket meant by the reply or the number, if the sender may do this to it; a Refusal in words else.

        `example`: the text that shows how to write the number.
        """
        return self._allowed(right, self._meant(example))

    def numbered(self, number: int, right: Right) -> Ticket:
        """The ticket of that number, on the same terms."""
        ticket = ticket_numbered(self.session, number)
        if ticket is None:
            raise self.missing(number)
        return self._allowed(right, ticket)

    def _allowed(self, right: Right, ticket: Ticket) -> Ticket:
        if may(right, self.known, self.chat, ticket):
            return ticket
        if not may("see", self.known, self.chat, ticket):
            raise self.missing(ticket.number)
        raise Refusal(self._refusal_of(right, ticket))

    def missing(self, number: int) -> Refusal:
        here = self.texts.line("here_private" if self.chat.private else "here_group")
        return Refusal("no_such_ticket", here=here, number=number)

    def replied(self) -> list[Ticket]:
        """Tickets that the replied-to message is about: by its number, else by the 第12件 in its words."""
        quoted = None if isinstance(self.event, Press) else self.event.reply_to
        if quoted is None:
            return []
        found = tickets_at(self.session, self.chat, quoted.message_id) if quoted.message_id else []
        return found or self.named_in(quoted.text)

    def named_in(self, text: str) -> list[Ticket]:
        """The ticket that these words name as 第12件, if they name just one that may be seen from here."""
        numbers = {int(digits) for digits in NAMED.findall(text)}
        found = [ticket_numbered(self.session, n) for n in numbers] if len(numbers) == 1 else []
        return [t for t in found if t is not None and may("see", self.known, self.chat, t)]

    def _meant(self, example: str) -> Ticket:
        number = self.command.number if self.command else None
        pointed = self.replied()
        if number is None and len(pointed) == 1:
            return pointed[0]
        if number is None:
            raise Refusal("which_ticket", example=self.texts.line(example, number=12) if example else "")
        ticket = ticket_numbered(self.session, number)
        if pointed and (ticket is None or as_one(ticket) not in pointed):
            raise Refusal("numbers_differ", one=pointed[0].number, other=number)
        if ticket is None:
            raise self.missing(number)
        return ticket

    def _refusal_of(self, right: Right, ticket: Ticket) -> str:
        if ticket.private and not self.chat.private:
            return "not_yours_private"
        if right in ("confirm", "answer"):
            return "reporter_only"
        return {"settle": "not_yours", "void_hard": "above_only"}.get(right, "not_yours_general")
