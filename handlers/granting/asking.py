"""A request goes up: one letter with ［同意］［不同意］ to whoever may decide it."""

from datetime import datetime
from typing import Any

from handlers.desk import Buttons, Desk, Envelope
from handlers.granting.levels import first_reached, grantors
from handlers.granting.telling import answer_alone, kind_word
from handlers.limits.clock import REMIND_SHARE, heard_from
from handlers.limits.terms import Term
from handlers.limits.worktime import ALWAYS
from handlers.notices import called
from handlers.stamps import stamped
from handlers.turn import Refusal, Turn
from handlers.wording import clip, what, when, when_full
from models.chats import Chat
from models.posts import Button, Segment
from models.requests import Request, letters_of, waiting_request
from models.tickets import Ticket


def ask_above(turn: Turn, ticket: Ticket, kind: str, reason: str, **details: Any) -> None:
    """Write the request down and carry it up; refused when it waits already or nobody may decide it."""
    kinds = kind_word(turn, kind)
    if waiting_request(turn.session, ticket, kind) is not None:
        raise Refusal("request_waiting", number=ticket.number, kind=kinds)
    found = grantors(turn, ticket, kind, turn.sender)
    if not found:
        raise Refusal("request_nobody", kind=kinds)
    reached = first_reached(turn, ticket, found)
    if reached is None:
        raise Refusal("request_unreached", above=called(turn, found[0]))
    request = _written(turn, ticket, kind, reason, details)
    ticket.record(f"{kind}_asked", by=turn.sender, at=turn.now, note=reason, request=request.id, **details)
    if ticket.assignee_id == turn.sender.id:
        heard_from(turn, ticket)
    write_letter(turn, request, reached[1])
    turn.outcome.became("command", ticket)
    answer_alone(turn, "request_sent", number=ticket.number, kind=kinds, above=called(turn, reached[0]))


def write_letter(desk: Desk, request: Request, chat: Chat) -> None:
    """Ask in this chat; a second letter about the same is the reminder."""
    ticket = request.ticket
    before = len(letters_of(desk.session, request))
    waits = None if ticket.urgent else desk.after_quiet()
    how = Envelope(kind="ping", ticket_id=ticket.id, due_at=waits, buttons=_buttons(desk, request))
    again = desk.texts.segments("request_again") if before else ()
    desk.write(chat, (*again, *letter_text(desk, request, chat)), how.but(dedupe=f"{request.lane}{before}"))


def letter_text(desk: Desk, request: Request, chat: Chat) -> tuple[Segment, ...]:
    """What is asked for and why; in a staff group nothing of a private matter."""
    ticket, details = request.ticket, request.details
    hidden = ticket.private and not chat.private
    return desk.texts.segments(
        f"request_{request.kind}",
        number=ticket.number,
        unit=ticket.unit.name,
        what=what(desk, ticket, openly=not chat.private),
        asker=request.by.name if request.by else desk.texts.line("nameless"),
        reason=desk.texts.line("private_what") if hidden else clip(request.reason),
        until=when_full(desk, datetime.fromisoformat(details["until"])) if "until" in details else "",
        due=when(desk, datetime.fromisoformat(details["due"])),
    )


def stands(request: Request) -> bool:
    """Is the matter still where it was when this was asked?"""
    ticket, then = request.ticket, request.details
    moved = [ticket.rung, ticket.reopened, ticket.unit_id] != [then["rung"], then["reopened"], then["unit"]]
    return not moved and applies(ticket, request.kind)


def applies(ticket: Ticket, kind: str) -> bool:
    """Could it be done to the ticket as it is now? An extension moves nothing, but needs a clock that runs."""
    return ticket.is_open and ticket.state != "suspended" if kind == "extend" else ticket.may(kind)


def _written(turn: Turn, ticket: Ticket, kind: str, reason: str, details: dict[str, Any]) -> Request:
    """Open until the limit runs out; where it has, or where there is none, for as long as an answer may take."""
    limits = turn.policy.limits
    plain = Term(limits.answer_days, limits.answer_at).ends(turn.calendar, turn.now)
    expires = ticket.due_at if ticket.is_open and ticket.due_at > turn.now else plain
    held = {"rung": ticket.rung, "reopened": ticket.reopened, "unit": ticket.unit_id, "due": ticket.due_at.isoformat()}
    request = Request(
        ticket=ticket,
        kind=kind,
        by=turn.sender,
        at=turn.now,
        reason=reason,
        details={**held, **details},
        expires_at=expires,
        next_at=_remind_at(turn, ticket, expires),
    )
    turn.session.add(request)
    turn.session.flush()
    return request


def _remind_at(desk: Desk, ticket: Ticket, expires: datetime) -> datetime:
    """When four fifths of the time left have been counted."""
    calendar = ALWAYS if ticket.urgent else desk.calendar
    left = sum((span.length for span in calendar.counted(desk.now, expires)), expires - expires)
    return min(calendar.after(desk.now, left * REMIND_SHARE), expires) if left else expires


def _buttons(desk: Desk, request: Request) -> Buttons:
    line = desk.texts.line
    yes = Button(line("button_grant"), stamped("grant", request.id, request.at))
    return ((yes, Button(line("button_deny"), stamped("deny", request.id, request.at))),)
