"""What figures need to know of tickets beside their history: plain values, read for many at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from models.followers import Follower, count_doors
from models.people import ON_DUTY, Person, holders
from models.tickets import Ticket
from models.units import Unit

THESE: Any = bindparam("tickets", expanding=True)
COLUMNS = (
    Ticket.id,
    Ticket.unit_id,
    Ticket.category,
    Ticket.private,
    Ticket.wish,
    Ticket.household,
    Ticket.assignee_id,
)
OF_TICKETS = select(*COLUMNS).where(Ticket.id.in_(THESE))
JOINED = select(Follower.ticket_id, Follower.household, Follower.at).where(Follower.ticket_id.in_(THESE))
ASSIGNEES = select(Person).where(Person.id.in_(bindparam("people", expanding=True))).options(selectinload(Person.posts))
AT_ONCE = 5000  # tickets asked for in one statement: engines take no more than so many values


@dataclass(frozen=True)
class Fact:
    """One ticket. `joined`: the door of each follower, and since when; `member`: whose name stands beside it."""

    category: str
    private: bool
    wish: str
    household: str
    joined: tuple[tuple[str, datetime], ...]
    member: str | None

    def doors(self, end: datetime) -> int:
        """Households behind it by then, the reporter's among them."""
        return count_doors([self.household, *(door for door, at in self.joined if at <= end)])


def facts_of(session: Session, tickets: Collection[int]) -> dict[int, Fact]:
    wanted = sorted(tickets)
    found: dict[int, Fact] = {}
    for start in range(0, len(wanted), AT_ONCE):
        found |= _facts(session, wanted[start : start + AT_ONCE])
    return found


def _facts(session: Session, tickets: list[int]) -> dict[int, Fact]:
    joined: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for ticket_id, door, at in session.execute(JOINED, {"tickets": tickets}):
        joined[ticket_id].append((door, at))
    rows = session.execute(OF_TICKETS, {"tickets": tickets}).all()
    named = _names(session, {(assignee, unit) for _, unit, *_, assignee in rows if assignee is not None})
    return {
        ticket_id: Fact(category, private, wish, household, tuple(joined[ticket_id]), named.get((assignee, unit)))
        for ticket_id, unit, category, private, wish, household, assignee in rows
    }


def _names(session: Session, held: set[tuple[int, int]]) -> dict[tuple[int | None, int], str]:
    """(person, unit) -> whose name stands beside the figures."""
    people = {person.id: person for person in session.scalars(ASSIGNEES, {"people": [i for i, _ in held]})}
    stands: dict[tuple[int | None, int], Person | None]
    stands = {(i, unit): _stands_for(session, people[i], unit) for i, unit in held}
    return {pair: person.name for pair, person in stands.items() if person is not None}


def _stands_for(session: Session, person: Person, unit_id: int) -> Person | None:
    """Never a building contact, for whom the grid member stands."""
    roles = {post.role for post in person.posts}
    if "building_contact" not in roles or roles.intersection(ON_DUTY):
        return person
    return next((post.person for post in holders(session, session.get_one(Unit, unit_id), *ON_DUTY)), None)
