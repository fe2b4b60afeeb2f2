"""Calls that were written and never left: whoever was to be called has heard nothing yet."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.letters import Letter
from models.states import OPEN_STATES
from models.tickets import Ticket


def uncalled_tickets(session: Session, now: datetime) -> list[Ticket]:
    """Open tickets of which nobody in charge can know: their calls have all been due and none was sent."""
    calls = select(Letter.ticket_id).where(Letter.kind == "ping", Letter.ticket_id.is_not(None))
    waiting = calls.where(Letter.state == "waiting", Letter.due_at <= now)
    heard = calls.where(Letter.state == "sent", Letter.ticket_id == Ticket.id, Letter.sent_at >= Ticket.called_at)
    found = select(Ticket).where(Ticket.id.in_(waiting), Ticket.state.in_(OPEN_STATES), Ticket.responded_at.is_(None))
    return list(session.scalars(found.where(~heard.exists()).order_by(Ticket.id)))


def deaf_chats(session: Session, ticket: Ticket) -> set[int]:
    """Where a call about this ticket was refused."""
    refused = select(Letter.chat_id).where(Letter.ticket_id == ticket.id, Letter.kind == "ping")
    return set(session.scalars(refused.where(Letter.state == "dead")))


def is_called(session: Session, ticket: Ticket, since: datetime) -> bool:
    """Does a call about it, other than its card, still arrive, or has one since then?"""
    calls = select(Letter.id).where(Letter.ticket_id == ticket.id, Letter.kind == "ping", Letter.id != ticket.card_id)
    calls = calls.where(Letter.state.in_(("waiting", "sent")), Letter.written_at >= since)
    return session.scalar(calls.limit(1)) is not None
