"""What the metrics count in the tables beside the health of the bot: open matters, and how far behind we are."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.states import OPEN_STATES
from models.tickets import Ticket
from models.units import Unit


def tickets_open(session: Session) -> int:
    """Asked unit by unit: that is how they are indexed, and most tickets ended long ago."""
    found = select(func.count(Ticket.id)).select_from(Unit).join(Ticket, Ticket.unit_id == Unit.id)
    return session.scalar(found.where(Ticket.state.in_(OPEN_STATES))) or 0


def tickets_overdue(session: Session, now: datetime) -> int:
    """Open ones that have missed a limit."""
    found = select(func.count(Ticket.id)).select_from(Unit).join(Ticket, Ticket.unit_id == Unit.id)
    late = or_(Ticket.late, Ticket.due_at < now)
    return session.scalar(found.where(Ticket.state.in_(OPEN_STATES), late)) or 0


def longest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the heartbeat should have looked at some ticket; None when it is not behind."""
    return session.scalar(select(func.min(Ticket.next_at)).where(Ticket.next_at <= now))
