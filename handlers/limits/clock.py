"""A ticket's two clocks: when they start, stand still and run out, and when the heartbeat must look next."""

from datetime import datetime

from handlers.desk import Desk
from handlers.limits.table import respond_term, settle_term
from handlers.limits.terms import Term
from handlers.limits.worktime import ALWAYS, Calendar, Span
from models.tickets import Ticket

REMIND_SHARE = 0.8  # GB/T 30428: green to 80 % of the limit, yellow to 100 %, red beyond


def start_clock(desk: Desk, ticket: Ticket) -> None:
    """A new promise, from now, and a first word of whoever has it."""
    unit = ticket.unit.ladder()[ticket.rung]
    term = settle_term(desk.policy.limits, ticket.category, unit.level, urgent=ticket.urgent)
    ticket.clock_at, ticket.settle_term, ticket.reminded = desk.now, str(term), False
    call_holder(desk, ticket)


def call_holder(desk: Desk, ticket: Ticket) -> None:
    """Somebody else has it now and owes a first word; what was promised to the residents stands."""
    unit = ticket.unit.ladder()[ticket.rung]
    limits, above = desk.policy.limits, ticket.rung > 0
    term = respond_term(limits, ticket.category, unit.level, urgent=ticket.urgent, above=above)
    ticket.called_at, ticket.respond_term = desk.now, str(term)
    ticket.responded_at, ticket.nudged = None, False
    recount(desk, ticket)


def heard_from(desk: Desk, ticket: Ticket) -> None:
    """Whoever has it said a first word."""
    if ticket.responded_at is None:
        ticket.responded_at = desk.now
        plan(desk, ticket)


def recount(desk: Desk, ticket: Ticket) -> None:
    """Both limits from their starts: after a pause, an extension, or a change in the list of holidays."""
    if ticket.clock_at is None or ticket.called_at is None:  # opened by a version that counted calendar days
        ticket.next_at = ticket.due_at
        return
    ticket.due_at = ends(desk, ticket, ticket.settle_term, ticket.clock_at)
    respond_by = ends(desk, ticket, ticket.respond_term, ticket.called_at)
    ticket.respond_due_at = min(respond_by, ticket.due_at) if ticket.due_at > desk.now else respond_by
    plan(desk, ticket)


def plan(desk: Desk, ticket: Ticket) -> None:
    """Set when the heartbeat looks next: the nearest reminder or limit that is still to come."""
    ticket.next_at = next_look(desk, ticket) if ticket.is_open else None


def next_look(desk: Desk, ticket: Ticket) -> datetime:
    if ticket.state == "suspended":
        return ticket.pauses[-1].end
    found = [ticket.due_at if ticket.reminded else remind_at(desk, ticket)]
    if ticket.responded_at is None and ticket.respond_due_at is not None:
        found.append(ticket.respond_due_at if ticket.nudged else nudge_at(desk, ticket))
    return max(min(found), desk.now)


def ends(desk: Desk, ticket: Ticket, written: str, start: datetime) -> datetime:
    """When a limit is over; what was granted on top ("3d 18:00 + 2d") is counted from its end."""
    for part in written.split(" + "):
        start = Term.read(part).ends(desk.calendar, start, pauses_of(ticket))
    return start


def pauses_of(ticket: Ticket) -> list[Span]:
    return [Span(p.start, p.end) for p in ticket.pauses]


def remind_at(desk: Desk, ticket: Ticket) -> datetime:
    return _share_of(desk, ticket, ticket.settle_term, ticket.clock_at or ticket.opened_at, ticket.due_at)


def nudge_at(desk: Desk, ticket: Ticket) -> datetime:
    assert ticket.called_at is not None and ticket.respond_due_at is not None
    return _share_of(desk, ticket, ticket.respond_term, ticket.called_at, ticket.respond_due_at)


def counting(desk: Desk, written: str) -> Calendar:
    """The hours that count for this limit."""
    return ALWAYS if written.endswith("!") else desk.calendar


def _share_of(desk: Desk, ticket: Ticket, written: str, start: datetime, end: datetime) -> datetime:
    """When four fifths of the time between have been counted."""
    calendar, pauses = counting(desk, written), pauses_of(ticket)
    spans = calendar.counted(start, end, pauses)
    whole = sum((s.length for s in spans), end - end)
    return min(calendar.after(start, whole * REMIND_SHARE, pauses), end)


def light(desk: Desk, ticket: Ticket) -> str:
    """green, yellow or red, as GB/T 30428 has them."""
    if ticket.overdue(desk.now):
        return "red"
    return "yellow" if desk.now >= remind_at(desk, ticket) else "green"
