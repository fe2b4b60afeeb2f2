"""By when an answer is due. Plain calendar days: every figure is ours and a setting (R34)."""

from datetime import datetime, timedelta

from handlers.desk import Desk
from models.tickets import Ticket

REMIND_SHARE = 0.8  # GB/T 30428: green to 80 % of the limit, yellow to 100 %, red beyond


def answer_by(desk: Desk, *, urgent: bool) -> datetime:
    """The promise on the card, counted from now."""
    limits = desk.policy.limits
    if urgent:
        return desk.now + timedelta(hours=limits.urgent_hours)
    day = desk.policy.local(desk.now).date() + timedelta(days=limits.answer_days)
    promised = desk.policy.at(day, limits.answer_at)
    return promised if promised > desk.now else promised + timedelta(days=1)


def start_clock(desk: Desk, ticket: Ticket) -> None:
    """A new promise, from now; the heartbeat looks again when four fifths of the time are gone."""
    ticket.due_at = answer_by(desk, urgent=ticket.urgent)
    ticket.next_at = remind_at(desk, ticket)
    ticket.reminded = False


def remind_at(desk: Desk, ticket: Ticket) -> datetime:
    return desk.now + (ticket.due_at - desk.now) * REMIND_SHARE


def light(desk: Desk, ticket: Ticket) -> str:
    """green, yellow or red, as GB/T 30428 has them."""
    if ticket.overdue(desk.now):
        return "red"
    return "yellow" if ticket.reminded else "green"
