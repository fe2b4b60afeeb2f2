"""One ticket becomes two (拆案): a household's own trouble, or words that were kept with the wrong matter."""

from dataclasses import replace
from typing import Any

from handlers.intake import Report, open_ticket
from handlers.turn import Turn
from models.tickets import Ticket


def part(turn: Turn, ticket: Ticket, report: Report) -> Ticket:
    """A ticket of its own out of this one, with its card and its ping; both know of each other."""
    here = ticket.chat if turn.chat.private else turn.chat
    if here is not turn.chat:  # a message of a private chat is nothing that a group's card could answer
        report = replace(report, message_id=None, thread_id=ticket.thread_id)
    fresh = open_ticket(turn, here, report)
    origin: dict[str, Any] = {"from": ticket.number}
    fresh.record("split", by=turn.sender, at=turn.now, **origin)
    ticket.record("parted", by=turn.sender, at=turn.now, into=fresh.number)
    turn.outcome.became("opened", fresh)
    return fresh
