"""Which tickets: what is open in a unit, what a person reported or follows, what was opened last."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, object_session

from models.base import ours
from models.chats import Chat
from models.followers import Follower
from models.parties import HELPING, Party
from models.people import Person
from models.states import OPEN_STATES
from models.tickets import Ticket
from models.units import Unit


def at_home(unit_ids: list[int]) -> ColumnElement[bool]:
    """Matters of these units, and what was reported in their groups before another unit got it."""
    groups = select(Chat.id).where(Chat.unit_id.in_(unit_ids))
    return Ticket.unit_id.in_(unit_ids) | Ticket.chat_id.in_(groups)


def open_tickets(session: Session, unit_ids: list[int]) -> list[Ticket]:
    found = select(Ticket).where(Ticket.unit_id.in_(unit_ids), Ticket.state.in_(OPEN_STATES))
    return list(session.scalars(found.order_by(Ticket.number)))


def still_open(session: Session) -> list[Ticket]:
    """Everything that is open in our street."""
    found = select(Ticket).where(Ticket.state.in_(OPEN_STATES), *ours(session, Ticket))
    return list(session.scalars(found.order_by(Ticket.number)))


def joinable_tickets(session: Session, unit_ids: list[int]) -> list[Ticket]:
    """What is open, and what goes on as part of something that is: the same words are about that."""
    merged = Ticket.merged_into.has(Ticket.state.in_(OPEN_STATES))
    found = select(Ticket).where(at_home(unit_ids), Ticket.state.in_(OPEN_STATES) | merged)
    return list(session.scalars(found.order_by(Ticket.number)))


def open_wishes(session: Session, wish: str, own: Unit) -> list[Ticket]:
    """Open wishes of this kind that the unit may join: its own, and those that stand at a unit above it; the highest
    first.
    """
    ladder = [unit.id for unit in own.ladder()]
    within = (Ticket.raised_id.is_(None) & (Ticket.unit_id == own.id)) | Ticket.raised_id.in_(ladder)
    found = select(Ticket).where(Ticket.wish == wish, Ticket.state.in_(OPEN_STATES), within)
    return sorted(session.scalars(found), key=lambda t: (-ladder.index(t.raised_id or own.id), t.number))


def newest_tickets(session: Session, most: int) -> list[Ticket]:
    """The last ones opened, newest first."""
    return list(session.scalars(select(Ticket).order_by(Ticket.number.desc()).limit(most)))


def open_reported(session: Session, person: Person) -> list[Ticket]:
    found = select(Ticket).where(Ticket.reporter_id == person.id, Ticket.state.in_(OPEN_STATES))
    return list(session.scalars(found.order_by(Ticket.number)))


def tickets_of(session: Session, person: Person, *, since: datetime) -> list[Ticket]:
    """What this person reported or follows: all that is open, and what was opened since then."""
    recent = Ticket.state.in_(OPEN_STATES) | (Ticket.opened_at >= since)
    return list(session.scalars(select(Ticket).where(_theirs(person), recent).order_by(Ticket.number)))


def parts_of(session: Session, person: Person) -> list[Ticket]:
    """Open matters that this person helps with (联办) and whose part is not done yet."""
    own = (Party.person_id == person.id) & Party.part.in_(HELPING) & Party.ended_at.is_(None)
    found = select(Ticket).where(Ticket.state.in_(OPEN_STATES), Ticket.parties.any(own))
    return list(session.scalars(found.order_by(Ticket.number)))


def has_matters_in(person: Person, unit_id: int) -> bool:
    """Did this person ever report or follow anything in the unit? Nothing else tells us who lives there."""
    session = object_session(person)
    own = select(Ticket.id).where(Ticket.unit_id == unit_id, _theirs(person)).limit(1)
    return session is not None and session.scalar(own) is not None


def units_of(session: Session, person: Person) -> list[Unit]:
    """Units in which this person reported or follows something."""
    return list(session.scalars(select(Unit).where(Unit.id.in_(select(Ticket.unit_id).where(_theirs(person))))))


def latest_of(session: Session, person: Person, unit: Unit) -> list[Ticket]:
    """This person's own tickets in the unit, newest first."""
    theirs = select(Ticket).where(at_home([unit.id]), Ticket.reporter_id == person.id)
    return list(session.scalars(theirs.order_by(Ticket.number.desc()).limit(10)))


def latest_followed(session: Session, person: Person, unit: Unit) -> list[Ticket]:
    """What this person joined in the unit and did not report, newest first."""
    joined = Ticket.followers.any(Follower.person_id == person.id)
    theirs = select(Ticket).where(at_home([unit.id]), joined, Ticket.reporter_id.is_distinct_from(person.id))
    return list(session.scalars(theirs.order_by(Ticket.number.desc()).limit(10)))


def same_before(session: Session, ticket: Ticket) -> int:
    """How often the same person had reported the same place and class before, and it was closed."""
    if ticket.reporter_id is None or not ticket.place_key:
        return 0
    alike = (Ticket.unit_id == ticket.unit_id, Ticket.reporter_id == ticket.reporter_id, Ticket.id != ticket.id)
    same = (Ticket.category == ticket.category, Ticket.place_key == ticket.place_key)
    ended = Ticket.state.not_in((*OPEN_STATES, "void", "merged"))
    earlier = select(Ticket.id).where(*alike, *same, ended, Ticket.number < ticket.number)
    return len(session.scalars(earlier).all())


def _theirs(person: Person) -> ColumnElement[bool]:
    return (Ticket.reporter_id == person.id) | Ticket.followers.any(Follower.person_id == person.id)
