"""What is alive in a unit: of each matter as much as a line of the group is held against, read for a whole batch."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import Session

from models.chats import Chat
from models.direct import among, columns, plain
from models.matters import IS_OPEN, OWN, home_where
from models.once import expect, one_of, sees_once
from models.spoken import WORDS
from models.states import OPEN_STATES
from models.tickets import Ticket, TicketEvent

SLACK = timedelta(hours=1)  # read earlier than asked for: the next line of a batch may be a little older
ENOUGH = 61  # rows of one unit that are kept in mind during a transaction
MOST = 12  # tickets that a line is held against: those last opened


class Matter(NamedTuple):
    """A ticket in the few columns that tell whether a line is about it: all sixty of them are read for the one that
    it is about.
    """

    id: int
    number: int
    unit_id: int
    state: str
    text: str
    category: str
    place_key: str
    opened_at: datetime
    settled_at: datetime | None
    private: bool
    reporter_id: int | None
    wish: str
    emergency: str | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def urgent(self) -> bool:
        return self.emergency is not None

    def is_alive(self, since: datetime) -> bool:
        settled = self.settled_at is not None and self.settled_at >= since
        return settled or (self.opened_at >= since and self.state in OPEN_STATES)


@dataclass(frozen=True)
class _Alive:
    """Everything that was alive in a unit since `floor`, in the order in which it is told."""

    floor: datetime
    matters: list[Matter]


PLAIN, EVENTS, CHATS = columns(Ticket), columns(TicketEvent), columns(Chat)
COLUMNS: tuple[Any, ...] = tuple(PLAIN[name] for name in Matter._fields)
SINCE: Any = bindparam("since")


def _alive() -> ColumnElement[bool]:
    return home_where(IS_OPEN & (PLAIN.opened_at >= SINCE), PLAIN.settled_at >= SINCE)


def _lively_in() -> Select[Any]:
    found: Select[Any] = select(*COLUMNS, CHATS.unit_id)
    found = found.join_from(Ticket.__table__, Chat.__table__, CHATS.id == PLAIN.chat_id, isouter=True).where(_alive())
    return found.order_by(PLAIN.number.desc()).limit(bindparam("most"))


def _spoken_since() -> Select[Any]:
    part = Ticket.__table__.alias().c
    said = (EVENTS.at >= SINCE, among(EVENTS.kind, WORDS))
    directly = exists().where(EVENTS.ticket_id == PLAIN.id, *said)
    as_part = exists().where(part.merged_into_id == PLAIN.id, EVENTS.ticket_id == part.id, *said)
    return select(*COLUMNS).where(OWN, IS_OPEN, directly | as_part).order_by(PLAIN.number)


LIVELY = select(*COLUMNS).where(_alive()).order_by(PLAIN.number.desc()).limit(MOST)
LIVELY_IN, SPOKEN_SINCE = _lively_in(), _spoken_since()


def lively_matters(session: Session, unit_id: int, since: datetime) -> list[Matter]:
    """What is open in the unit and was opened since then, and what was settled since then; the newest."""
    if not sees_once(session):
        return _lively(session, unit_id, since)
    floor = since - SLACK
    known = one_of(session, "lively", unit_id, lambda units: _lively_of(session, units, floor))
    if known is None or known.floor > since:
        return _lively(session, unit_id, since)
    return [matter for matter in known.matters if matter.is_alive(since)][:MOST]


def spoken_since(session: Session, unit_id: int, since: datetime) -> list[Matter]:
    """What is open in the unit and of which somebody spoke since then, or of what was merged into it; in a batch also
    what was spoken of a little earlier.
    """
    if not sees_once(session):
        return _spoken_in(session, [unit_id], since)
    floor = since - SLACK
    known = one_of(session, "spoken lately", unit_id, lambda units: _spoken_lately(session, units, floor))
    if known is None or known.floor > since:
        return _spoken_in(session, [unit_id], since)
    return known.matters


def _lively(session: Session, unit_id: int, since: datetime) -> list[Matter]:
    return list(map(Matter._make, plain(session, LIVELY, units=[unit_id], since=since)))


def _lively_of(session: Session, units: Collection[int], floor: datetime) -> dict[int, _Alive]:
    """Of several units at once; nothing where there is too much for that."""
    most = ENOUGH * len(units)
    rows = plain(session, LIVELY_IN, units=list(units), since=floor, most=most).all()
    if len(rows) == most:
        return {}
    told: dict[int, list[Matter]] = {unit: [] for unit in units}
    for *known, home in rows:
        matter = Matter._make(known)
        for unit in {matter.unit_id, home} & told.keys():
            told[unit].append(matter)
    expect(session, "spoken", [row[0] for row in rows])
    return {unit: _Alive(floor, matters) for unit, matters in told.items()}


def _spoken_in(session: Session, units: Collection[int], since: datetime) -> list[Matter]:
    return list(map(Matter._make, plain(session, SPOKEN_SINCE, units=list(units), since=since)))


def _spoken_lately(session: Session, units: Collection[int], floor: datetime) -> dict[int, _Alive]:
    matters = _spoken_in(session, units, floor)
    return {unit: _Alive(floor, [m for m in matters if m.unit_id == unit]) for unit in units}
