"""Which tickets: what is open in a unit, what a person reported or follows, what was opened last."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, bindparam, exists, or_, select, true, union
from sqlalchemy.orm import Session, object_session

from models.base import ours
from models.chats import Chat
from models.direct import among, columns, plain
from models.followers import Follower
from models.once import once
from models.parties import HELPING, Party
from models.people import Person
from models.states import OPEN_STATES
from models.tickets import Ticket
from models.units import Unit

PLAIN = columns(Ticket)
HERE: Any = bindparam("units", expanding=True)
OWN = PLAIN.unit_id.in_(HERE)
FROM_HERE = PLAIN.chat_id.in_(select(columns(Chat).id).where(columns(Chat).unit_id.in_(HERE)))
IS_OPEN = among(PLAIN.state, OPEN_STATES)


def home_where(*alike: ColumnElement[bool]) -> ColumnElement[bool]:
    """Matters of `units`, and what was reported in their groups before another unit got it, that are like one of these.

    Each way is written out: an engine finds every one of them by an index, and reads nothing of what ended long ago.
    """
    return or_(*(and_(way, like) for like in alike or (true(),) for way in (OWN, FROM_HERE)))


OPEN_IN = select(Ticket).where(OWN, IS_OPEN).order_by(Ticket.number)


def open_tickets(session: Session, unit_ids: list[int]) -> list[Ticket]:
    asked = "open in", tuple(unit_ids)
    return list(once(session, asked, lambda: session.scalars(OPEN_IN, {"units": unit_ids}).all()))


def still_open(session: Session) -> list[Ticket]:
    """Everything that is open in our street."""
    found = select(Ticket).where(Ticket.state.in_(OPEN_STATES), *ours(session, Ticket))
    return list(session.scalars(found.order_by(Ticket.number)))


class Joinable(NamedTuple):
    """Of a ticket what tells whether a report repeats it."""

    id: int
    category: str
    thing: str
    place_key: str
    wish: str
    private: bool
    emergency: str | None
    reporter_id: int | None
    opened_at: datetime

    @property
    def urgent(self) -> bool:
        return self.emergency is not None


def _joinable() -> Select[Any]:
    since, whole = PLAIN.opened_at >= bindparam("since"), Ticket.__table__.alias().c
    goes_on = exists().where(whole.id == PLAIN.merged_into_id, among(whole.state, OPEN_STATES))
    alike = home_where(IS_OPEN & since, (PLAIN.state == "merged") & goes_on & since)
    return select(*(PLAIN[name] for name in Joinable._fields)).where(alike).order_by(PLAIN.number)


JOINABLE = _joinable()


def joinable_tickets(session: Session, unit_ids: list[int], since: datetime) -> list[Joinable]:
    """What is open of what was opened since then, and what goes on as part of something that is: the same words are
    about that.
    """
    return list(map(Joinable._make, plain(session, JOINABLE, units=unit_ids, since=since)))


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
    recent = IS_OPEN | (Ticket.opened_at >= since)
    return list(session.scalars(select(Ticket).where(Ticket.id.in_(_theirs(person)), recent).order_by(Ticket.number)))


def parts_of(session: Session, person: Person) -> list[Ticket]:
    """Open matters that this person helps with (联办) and whose part is not done yet."""
    own = (Party.person_id == person.id) & Party.part.in_(HELPING) & Party.ended_at.is_(None)
    found = select(Ticket).where(IS_OPEN, Ticket.id.in_(select(Party.ticket_id).where(own)))
    return list(session.scalars(found.order_by(Ticket.number)))


def has_matters_in(person: Person, unit_id: int) -> bool:
    """Did this person ever report or follow anything in the unit? Nothing else tells us who lives there."""
    session = object_session(person)
    own = select(Ticket.id).where(Ticket.unit_id == unit_id, Ticket.id.in_(_theirs(person))).limit(1)
    return session is not None and session.scalar(own) is not None


def units_of(session: Session, person: Person) -> list[Unit]:
    """Units in which this person reported or follows something."""
    theirs = select(Ticket.unit_id).where(Ticket.id.in_(_theirs(person)))
    return list(session.scalars(select(Unit).where(Unit.id.in_(theirs))))


THEIR_OWN = Ticket.reporter_id == bindparam("person")
JOINED = select(Follower.ticket_id).where(Follower.person_id == bindparam("person"))
NEWEST = select(Ticket).where(home_where()).order_by(Ticket.number.desc()).limit(10)
LATEST_OF = NEWEST.where(Ticket.id.in_(select(Ticket.id).where(THEIR_OWN)))
LATEST_FOLLOWED = NEWEST.where(Ticket.id.in_(JOINED), Ticket.reporter_id.is_distinct_from(bindparam("person")))


def latest_of(session: Session, person: Person, unit: Unit) -> list[Ticket]:
    """This person's own tickets in the unit, newest first."""
    return list(session.scalars(LATEST_OF, {"units": [unit.id], "person": person.id}))


def latest_followed(session: Session, person: Person, unit: Unit) -> list[Ticket]:
    """What this person joined in the unit and did not report, newest first."""
    return list(session.scalars(LATEST_FOLLOWED, {"units": [unit.id], "person": person.id}))


def same_before(session: Session, ticket: Ticket) -> int:
    """How often the same person had reported the same place and class before, and it was closed."""
    if ticket.reporter_id is None or not ticket.place_key:
        return 0
    alike = (Ticket.unit_id == ticket.unit_id, Ticket.reporter_id == ticket.reporter_id, Ticket.id != ticket.id)
    same = (Ticket.category == ticket.category, Ticket.place_key == ticket.place_key)
    ended = Ticket.state.not_in((*OPEN_STATES, "void", "merged"))
    earlier = select(Ticket.id).where(*alike, *same, ended, Ticket.number < ticket.number)
    return len(session.scalars(earlier).all())


def _theirs(person: Person) -> CompoundSelect[Any]:
    """Ids of what they reported or follow."""
    joined = select(Follower.ticket_id).where(Follower.person_id == person.id)
    return union(select(Ticket.id).where(Ticket.reporter_id == person.id), joined)
