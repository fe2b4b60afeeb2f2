"""Counting open tickets again: the list of holidays, the hours of work or a pause may say something else by now."""

from datetime import datetime

from handlers.cards import refresh_card
from handlers.desk import Desk
from handlers.limits.clock import limits_of, recount
from models.base import claim
from models.matters import still_open
from models.tickets import Ticket


def count_all_again(desk: Desk) -> None:
    """At the start: what has changed came with a new version or a new file. Two machines write one row."""
    for ticket in still_open(desk.session):
        due, respond_by = limits_of(desk, ticket)
        if (due, respond_by) != (ticket.due_at, ticket.respond_due_at):
            before = ticket.due_at
            if claim(desk.session, ticket, "due_at", due):
                _note(desk, ticket, before)


def count_again(desk: Desk, ticket: Ticket) -> None:
    """One ticket that is ours already."""
    before = ticket.due_at
    if limits_of(desk, ticket) != (before, ticket.respond_due_at):
        _note(desk, ticket, before)


def _note(desk: Desk, ticket: Ticket, before: datetime) -> None:
    """A history row and the card say it; nothing else is said."""
    recount(desk, ticket)
    if ticket.due_at != before:
        ticket.record("recounted", by=None, at=desk.now, before=before.isoformat(), after=ticket.due_at.isoformat())
        refresh_card(desk, ticket)
