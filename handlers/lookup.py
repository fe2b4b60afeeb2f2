"""How far matters are: /status /my."""

from datetime import timedelta
from typing import Any

from handlers.limits.clock import light
from handlers.passing.helpers import helping
from handlers.passing.ways import way_word
from handlers.rights import may
from handlers.router import Router
from handlers.turn import Turn
from handlers.wording import assignee_name, category_word, clip, first_asked, state_word, what, when_full
from models.matters import tickets_of
from models.pointers import as_one
from models.posts import Text
from models.tickets import Ticket

router = Router()

MOST_LINES = 15
RECENT = timedelta(days=30)


@router.command("status", "进度")
def status(turn: Turn) -> None:
    """How far a matter is; without a number, one's own."""
    if turn.command and turn.command.number is None and not turn.replied():
        my(turn)
        return
    ticket = visible_ticket(turn, "example_status")
    turn.outcome.became("command", ticket)
    goes_on = as_one(ticket)
    merged = turn.texts.line("status_merged", number=ticket.number, into=goes_on.number)
    key = "status_private" if ticket.private else "status"
    says = turn.texts.segments(key, **_status_values(turn, goes_on))
    turn.answer(says if goes_on is ticket else (Text(merged), *says))


@router.command("my", "我的")
def my(turn: Turn) -> None:
    """What the sender reported or follows."""
    tickets = tickets_of(turn.session, turn.known, since=turn.now - RECENT) if turn.known else []
    if not turn.chat.private:
        tickets = [t for t in tickets if may("see", turn.known, turn.chat, t)]
    tickets = [t for t in tickets if t.merged_into is None]  # the other number stands for it
    turn.outcome.became("command")
    if not tickets:
        turn.say("my_none")
        return
    shown = [*(t for t in tickets if t.is_open), *(t for t in reversed(tickets) if not t.is_open)][:MOST_LINES]
    lines = [turn.texts.line("my_head"), *(_my_line(turn, t) for t in shown)]
    turn.answer(turn.texts.segments("plain", text="".join(lines)))


def visible_ticket(turn: Turn, example: str) -> Ticket:
    """A ticket that may be looked at here; a private one in a group reads like a missing number."""
    ticket = turn.ticket("see", example)
    if ticket.private and not (turn.chat.private and may("see_private", turn.known, turn.chat, ticket)):
        raise turn.missing(ticket.number)
    return ticket


def _status_values(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    note = turn.texts.line("status_note", note=clip(ticket.note)) if ticket.note and not ticket.is_open else ""
    more = turn.texts.line("status_households", count=ticket.households) if ticket.households > 1 else ""
    return {
        "number": ticket.number,
        "what": what(turn, ticket, openly=not turn.chat.private),
        "category": category_word(turn, ticket.category),
        "state": state_word(turn, ticket),
        "assignee": assignee_name(turn, ticket),
        "first": first_asked(turn, ticket, "status_first"),
        "due": _by_when(turn, ticket),
        "more": more + helping(turn, ticket) + note + _way(turn, ticket),
    }


def _by_when(turn: Turn, ticket: Ticket) -> str:
    """The promise; while the clock stands still, until when."""
    if ticket.state == "suspended":
        return turn.texts.line("status_until", until=when_full(turn, ticket.pauses[-1].end))
    if not ticket.is_open:
        return ""
    among_staff = turn.chat.kind != "residents" and may("settle", turn.known, turn.chat, ticket)
    sign = turn.texts.word("lights", light(turn, ticket)) if among_staff else ""  # neighbours read none beside a name
    return turn.texts.line("status_due", due=when_full(turn, ticket.due_at), light=sign)


def _way(turn: Turn, ticket: Ticket) -> str:
    """By which way it is handled (R15), and the level that settled it (R22)."""
    way = way_word(turn, ticket)
    if not way:
        return ""
    if ticket.is_open or ticket.settled_unit is None:
        return turn.texts.line("status_way", way=way)
    return turn.texts.line("status_way_level", way=way, unit=ticket.settled_unit.name)


def _my_line(turn: Turn, ticket: Ticket) -> str:
    named = what(turn, ticket, openly=not turn.chat.private)
    return turn.texts.line(
        "my_line", number=ticket.number, what=named, state=state_word(turn, ticket), who=_passed_on(turn, ticket)
    )


def _passed_on(turn: Turn, ticket: Ticket) -> str:
    """Who has it now, where that is not who was asked first."""
    first = first_asked(turn, ticket, "status_first") if ticket.is_open else ""
    return turn.texts.line("my_with", assignee=assignee_name(turn, ticket), first=first) if first else ""
