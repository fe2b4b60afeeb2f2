"""What the ledger (台账) is written from: the tickets taken in within a span, with all that is read of them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.tickets import Ticket


def taken_in(
    session: Session, unit_ids: list[int] | None, start: datetime | None, end: datetime | None
) -> list[Ticket]:
    """Tickets opened from `start` until before `end`, in these units or in all, in the order of their numbers."""
    found = select(Ticket).order_by(Ticket.number)
    if unit_ids is not None:
        found = found.where(Ticket.unit_id.in_(unit_ids))
    if start is not None:
        found = found.where(Ticket.opened_at >= start)
    if end is not None:
        found = found.where(Ticket.opened_at < end)
    with_rest = (Ticket.unit, Ticket.settled_unit, Ticket.reporter, Ticket.assignee, Ticket.first, Ticket.proxy)
    options = [selectinload(relation) for relation in (*with_rest, Ticket.history)]
    return list(session.scalars(found.options(*options)))
