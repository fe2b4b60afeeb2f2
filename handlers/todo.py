"""What is to do: /todo."""

from typing import Any

from handlers.limits.clock import light
from handlers.rights import ABOVE, RESPONSIBLE, in_charge
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import what, when
from models.matters import open_tickets, parts_of
from models.tickets import Ticket
from models.units import subtree

router = Router()

MOST_LINES = 15


@router.command("todo", "待办")
def todo(turn: Turn) -> None:
    """What is open, for those who answer for it: this group's grid, or in private all of one's grids.

    In private also what one was asked to help with.
    """
    units, parts = _own_units(turn), _own_parts(turn)
    if not units and not parts:
        raise Refusal("staff_only")
    tickets = [t for t in open_tickets(turn.session, units) if in_charge(turn.known, turn.chat, t)]
    hidden = [t for t in tickets if t.private and not turn.chat.private]
    shown = [t for t in tickets if t not in hidden]
    turn.outcome.became("command")
    if not tickets and not parts:
        turn.say("todo_none")
        return
    text = _todo_text(turn, shown, len(hidden)) + _parts_text(turn, parts)
    turn.answer(turn.texts.segments("plain", text=text.strip()))


def _own_units(turn: Turn) -> list[int]:
    held = [p for p in (turn.known.held() if turn.known else []) if p.role in RESPONSIBLE | ABOVE]
    own = {i for p in held for i in subtree(turn.session, p.unit)}
    if turn.chat.private:
        return sorted(own)
    here = subtree(turn.session, turn.chat.unit) if turn.chat.unit else []
    return sorted(own.intersection(here if turn.chat.kind == "staff" else here[:1]))


def _own_parts(turn: Turn) -> list[Ticket]:
    """What the sender helps with and has not done yet."""
    parts = parts_of(turn.session, turn.known) if turn.known and turn.chat.private else []
    return [t for t in parts if t.assignee is not turn.known]


def _parts_text(turn: Turn, parts: list[Ticket]) -> str:
    lines = [turn.texts.line("todo_parts")] if parts else []
    for t in parts[:MOST_LINES]:
        named = what(turn, t, openly=False)
        lines.append(turn.texts.line("todo_part", number=t.number, what=named, due=when(turn, t.due_at)))
    return "".join(lines)


def _todo_line(turn: Turn, ticket: Ticket) -> str:
    named = what(turn, ticket, openly=not turn.chat.private)
    values: dict[str, Any] = {"number": ticket.number, "what": named}
    if ticket.state == "suspended":
        return turn.texts.line("todo_suspended", until=when(turn, ticket.pauses[-1].end), **values)
    sign = turn.texts.word("lights", light(turn, ticket))
    return turn.texts.line("todo_line", light=sign, due=when(turn, ticket.due_at), **values)


def _todo_text(turn: Turn, shown: list[Ticket], hidden: int) -> str:
    """What runs first, then what stands still."""
    if not shown and not hidden:
        return ""
    line = turn.texts.line
    shown = sorted(shown, key=lambda t: t.state == "suspended")
    lines = [line("todo_head", count=len(shown) + hidden), *(_todo_line(turn, t) for t in shown[:MOST_LINES])]
    if len(shown) > MOST_LINES:
        lines.append(line("todo_more", count=len(shown) - MOST_LINES))
    if hidden:
        lines.append(line("todo_private", count=hidden))
    return "".join(lines)
