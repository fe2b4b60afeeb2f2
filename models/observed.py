"""What the metrics count in the tables beside the health of the bot: open matters, and how far behind we are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from models.states import OPEN_STATES
from models.tickets import Ticket
from models.units import Unit


@dataclass(frozen=True)
class Matters:
    """`overdue` are open ones that missed a limit; `due_since`: the heartbeat should have looked at one by then."""

    open: int
    overdue: int
    due_since: datetime | None


def matters(session: Session, now: datetime) -> Matters:
    """Asked unit by unit: so they are indexed, and most tickets ended long ago."""
    late = or_(Ticket.late, Ticket.due_at < now)
    counted = select(func.count(Ticket.id), func.count(case((late, 1))))
    of_units = counted.select_from(Unit).join(Ticket, Ticket.unit_id == Unit.id)
    found, overdue = session.execute(of_units.where(Ticket.state.in_(OPEN_STATES))).one()
    due_since = session.scalar(select(func.min(Ticket.next_at)).where(Ticket.next_at <= now))
    return Matters(found, overdue, due_since)
