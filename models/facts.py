"""What figures need to know of tickets beside their history: plain values, read for many at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.followers import Follower, count_doors
from models.people import ON_DUTY, Person, Post, holders
from models.tickets import Ticket
from models.units import Unit

THESE: Any = bindparam("tickets", expanding=True)
PEOPLE: Any = bindparam("people", expanding=True)
T, F, P, R = (table.__table__.c for table in (Ticket, Follower, Person, Post))  # plain columns: no objects are wanted
OF_TICKETS = select(T.id, T.unit_id, T.category, T.private, T.wish, T.household, T.assignee_id).where(T.id.in_(THESE))
JOINED = select(F.ticket_id, F.household, F.at).where(F.ticket_id.in_(THESE))
NAMES = select(P.id, P.name).where(P.id.in_(PEOPLE))
ROLES_EVER = select(R.person_id, R.role).where(R.person_id.in_(PEOPLE))
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
        if not self.joined:
            return 1
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
    """(person, unit) -> whose name stands beside the figures: never a building contact's, for whom the grid member
    stands.
    """
    people = {"people": list({i for i, _ in held})}
    names = dict(iter(session.execute(NAMES, people)))
    roles: dict[int, set[str]] = defaultdict(set)
    for i, role in session.execute(ROLES_EVER, people):
        roles[i].add(role)
    contacts = {i for i, own in roles.items() if "building_contact" in own and not own.intersection(ON_DUTY)}
    stands = {(i, unit): _grid_member(session, unit) if i in contacts else names[i] for i, unit in held}
    return {pair: name for pair, name in stands.items() if name is not None}


def _grid_member(session: Session, unit_id: int) -> str | None:
    return next((post.person.name for post in holders(session, session.get_one(Unit, unit_id), *ON_DUTY)), None)
