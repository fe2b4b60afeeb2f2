"""People who have no account here: found again by name and number, and told by whoever entered their matter."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import take_due
from models.people import Identity, Person
from models.tickets import Ticket


def person_reached_by(session: Session, name: str, contact: str) -> Person | None:
    """Somebody without account for whom a matter was entered before under this name and number."""
    has_account = select(Identity.id).where(Identity.person_id == Person.id).exists()
    found = select(Person).join(Ticket, Ticket.reporter_id == Person.id)
    found = found.where(Person.name == name, Ticket.contact == contact, ~has_account)
    return session.scalars(found.order_by(Person.id)).first()


def take_due_telling(session: Session, now: datetime) -> Ticket | None:
    """One ticket whose reporter must be told by voice, claimed for us; None when there is none."""
    return take_due(session, Ticket, "tell_at", now)
