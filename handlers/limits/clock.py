"""A ticket's two clocks: when they start, stand still and run out, and when the heartbeat must look next."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from handlers.desk import Desk
from handlers.limits.table import respond_term, settle_term
from handlers.limits.terms import Term
from handlers.limits.worktime import ALWAYS, Calendar, Span
from models.tickets import Ticket

REMIND_SHARE = 0.8  # GB/T 30428: green to 80 % of the limit, yellow to 100 %, red beyond
Missed = Literal["unheard", "overdue"]


def start_clock(desk: Desk, ticket: Ticket) -> None:
    """A new promise, from now, and a first word of whoever has it."""
    _promise(desk, ticket)
    call_holder(desk, ticket)


def renew(desk: Desk, ticket: Ticket) -> None:
    """A new promise by the same hands."""
    _promise(desk, ticket)
    recount(desk, ticket)


def _promise(desk: Desk, ticket: Ticket) -> None:
    unit = ticket.unit.ladder()[ticket.rung]
    term = settle_term(desk.policy.limits, ticket.category, unit.level, urgent=ticket.urgent)
    ticket.clock_at, ticket.settle_term, ticket.reminded = desk.now, str(term), False


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
    ticket.due_at, ticket.respond_due_at = limits_of(desk, ticket)
    plan(desk, ticket)


def limits_of(desk: Desk, ticket: Ticket) -> tuple[datetime, datetime | None]:
    """When the answer and the first word are due, counted anew; what an older version opened stays as it was."""
    due, respond_by = ticket.due_at, ticket.respond_due_at
    if ticket.clock_at is not None:
        due = ends(desk, ticket, ticket.settle_term, ticket.clock_at)
    if ticket.called_at is not None:
        respond_by = ends(desk, ticket, ticket.respond_term, ticket.called_at)
        respond_by = min(respond_by, due) if due > ticket.called_at else respond_by
    return due, respond_by


def plan(desk: Desk, ticket: Ticket) -> None:
    """Set when the heartbeat looks next: the nearest reminder or limit that is still to come."""
    ticket.next_at = next_look(desk, ticket) if ticket.is_open else None


def next_look(desk: Desk, ticket: Ticket) -> datetime:
    if ticket.state == "suspended":
        return ticket.pauses[-1].end
    return max(min(_looks(desk, ticket)), desk.now)


def _looks(desk: Desk, ticket: Ticket) -> Iterator[datetime]:
    """What there is to look for. The last level, once it missed a limit, is asked every working day (R36)."""
    if last_missed(ticket, "overdue"):
        yield asked_again(desk, ticket)
        return
    yield ticket.due_at if ticket.reminded else remind_at(desk, ticket)
    if owes_first_word(ticket) and ticket.respond_due_at is not None:
        if last_missed(ticket, "unheard"):
            yield asked_again(desk, ticket)
        else:
            yield ticket.respond_due_at if ticket.nudged else nudge_at(desk, ticket)


def owes_first_word(ticket: Ticket) -> bool:
    return ticket.responded_at is None and ticket.respond_due_at is not None


def last_missed(ticket: Ticket, kind: Missed) -> bool:
    """Did the last level miss this limit, with nobody above to take over?"""
    since = ticket.clock_at if kind == "overdue" else ticket.called_at
    if since is None or (kind == "unheard" and ticket.responded_at is not None):
        return False
    return any(e.kind == kind and "last" in e.data and e.at >= since for e in ticket.history)


def asked_again(desk: Desk, ticket: Ticket) -> datetime:
    """The next morning of work; for danger the next morning."""
    return desk.calendar.opening(desk.now, every_day=ticket.urgent)


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
    """green, yellow or red, as GB/T 30428 has them; red stays until it is settled, whoever has it now."""
    if ticket.overdue(desk.now):
        return "red"
    return "yellow" if desk.now >= remind_at(desk, ticket) else "green"


def word_light(desk: Desk, ticket: Ticket) -> str:
    """The same of the first word that is owed."""
    if ticket.respond_due_at is not None and desk.now >= ticket.respond_due_at:
        return "red"
    return "yellow" if desk.now >= nudge_at(desk, ticket) else "green"
