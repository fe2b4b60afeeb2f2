"""One message or button press with its answer: which ticket it points at, and what is said back."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handlers.desk import Envelope
from handlers.rights import Right, may
from handlers.said import Refusal, Said
from models.letters import Letter
from models.messages import Incoming, Press
from models.pointers import as_one, tickets_at
from models.posts import Segment
from models.tickets import Ticket, ticket_numbered

__all__ = ["Refusal", "Result", "Turn"]

TOAST_LIFE = timedelta(minutes=1)  # later the platform takes no answer to a press
NAMED = re.compile(r"第\s*(\d{1,9})\s*件")


@dataclass
class Result:
    """What became of a message, for the replay and the page."""

    kind: str = "ignored"  # opened, joined, ignored, command, asked, which, refused
    tickets: list[Ticket] = field(default_factory=list)

    def became(self, kind: str, ticket: Ticket | None = None) -> None:
        self.kind = kind
        if ticket is not None and ticket not in self.tickets:
            self.tickets.append(ticket)


@dataclass
class Turn(Said):
    """What a handler is given."""

    outcome: Result = field(default_factory=Result)

    def say(self, key: str, how: Envelope | None = None, **values: Any) -> Letter | None:
        """Say one sentence where the message came from."""
        return self.answer(self.texts.segments(key, **values), how)

    def answer(self, says: tuple[Segment, ...], how: Envelope | None = None) -> Letter | None:
        """The same with ready segments. A press is answered to the presser alone."""
        how = how or Envelope()
        if isinstance(self.event, Press) and how.kind == "reply":
            until = self.event.sent_at + TOAST_LIFE
            how = how.but(kind="toast", query_id=self.event.query_id, expires_at=until)
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
        told = {k: self.reader.mask(v) if isinstance(v, str) else v for k, v in refusal.values.items()}  # may be theirs
        self.say(refusal.key, Envelope(reply_to=reply_to), **told)

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
        known = {"settle": "not_yours", "void_hard": "above_only", "up": "up_not_yours"}
        return known.get(right, "not_yours_general")
