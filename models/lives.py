import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, String, bindparam, case, cast, null, select, union
from sqlalchemy.orm import Session

from models.states import OPEN_STATES
from models.tickets import Ticket, TicketEvent

UNANSWERED = "unanswered"  # silent, after 办结; the other silent ones lapsed when their reporter was forgotten
BACK = ("reopen", "part")  # in hand again, in a span after the one that received it
TELLING = ("reopen", "settle")  # kinds whose data is read
TICKETS, EVENTS = Ticket.__table__.c, TicketEvent.__table__.c  # plain columns: no objects are wanted
Row = tuple[str, str, str | None, int]
"""(kind, state after it, data as it is kept, the number of the moment up to which it happened)"""


@dataclass(slots=True)
class Life:
    """One ticket in one span as its history tells it."""

    before: str | None = None  # state at the start of the span
    after: str | None = None  # state at its end
    level: str = ""  # at which it was settled last
    received: bool = False
    back: bool = False
    reopened: bool = False
    rework: bool = False
    returned: bool = False
    fell_silent: bool = False
    late: bool = False

    def goes_on(self, kind: str, state: str, data: Mapping[str, Any]) -> None:
        """One more history row of the span."""
        unanswered = kind == "silence" or (self.after == UNANSWERED and state == "silent")
        self.after = UNANSWERED if unanswered else state
        self.received |= kind == "opened"
        self.back |= kind in BACK
        self.reopened |= kind == "reopen"
        self.rework |= kind == "reopen" and bool(data.get("rework"))
        self.returned |= kind == "return"
        self.fell_silent |= kind == "silence"
        self.late = (self.late or kind == "overdue") and kind not in BACK
        if kind == "settle":
            self.level = str(data.get("level", ""))

    @property
    def counts(self) -> bool:
        """In hand when the span began, received in it, or back."""
        return self.before in OPEN_STATES or self.received or self.back

    @property
    def tells(self) -> bool:
        """Is there anything in it that a figure counts?"""
        return self.counts or self.fell_silent


Lives = dict[int, dict[int, Life]]
"""unit -> ticket -> its life in one span"""


def lives_through(session: Session, unit_ids: Collection[int], moments: Sequence[datetime]) -> list[Lives]:
    """For each span between two moments: every ticket of these units that was in hand or moved in it.

    What ended before the first moment is passed over without reading its history. Lives are shared: most tickets go
    the same few ways, and each way is told once.
    """
    spans: list[Lives] = [{} for _ in moments[1:]]
    ways: dict[tuple[Row, ...], tuple[tuple[int, Life], ...]] = {}
    for (unit_id, ticket_id), told in groupby(_rows(session, unit_ids, moments), itemgetter(0, 1)):
        way = tuple([row[3:] for row in told])
        if way not in ways:
            ways[way] = tuple([told for told in _lives(way, len(spans)) if told[1].tells])
        for number, life in ways[way]:
            spans[number - 1].setdefault(unit_id, {})[ticket_id] = life
    return spans


def _rows(session: Session, unit_ids: Collection[int], moments: Sequence[datetime]) -> list[Any]:
    """(unit, ticket, id, *Row), in this order."""
    asked = {"units": list(unit_ids), "first": moments[0], "last": moments[-1]}
    numbered = case(*((EVENTS.at <= moment, n) for n, moment in enumerate(moments[:-1])), else_=len(moments) - 1)
    session.flush()
    return sorted(session.execute(HISTORY.add_columns(numbered), asked).all(), key=itemgetter(0, 1, 2))


def _lives(rows: Sequence[Row], spans: int) -> Iterator[tuple[int, Life]]:
    """(number of the span, life in it) of one ticket, from all its history."""
    number, life = 0, Life()
    for kind, state, data, at in rows:
        while number < at:
            if number and life.after is not None:
                yield number, life
            number, life = number + 1, _next(life)
        life.goes_on(kind, state, json.loads(data) if data else {})
    while number < spans:
        if number:
            yield number, life
        number, life = number + 1, _next(life)
    yield number, life


def _next(life: Life) -> Life:
    """The same ticket as the next span finds it."""
    state = "silent" if life.after == UNANSWERED else life.after
    return Life(before=state, after=state, late=life.late and state in OPEN_STATES)


def _history() -> Select[Any]:
    """All rows of what is open or had one since the first moment.

    Found by the time of the row and not by the unit, which has all its years: `+ 0` keeps engines from its index.
    """
    units: Any = bindparam("units", expanding=True)
    moved = select(EVENTS.ticket_id).where(EVENTS.at > bindparam("first", type_=EVENTS.at.type))
    open_now = select(TICKETS.id).where(TICKETS.unit_id.in_(units), TICKETS.state.in_(OPEN_STATES))
    data = case((EVENTS.kind.in_(TELLING), cast(EVENTS.data, String)), else_=null())
    rows = select(TICKETS.unit_id, EVENTS.ticket_id, EVENTS.id, EVENTS.kind, EVENTS.state, data)
    rows = rows.join_from(Ticket.__table__, TicketEvent.__table__)
    last = EVENTS.at <= bindparam("last", type_=EVENTS.at.type)
    return rows.where(TICKETS.id.in_(union(open_now, moved)), (TICKETS.unit_id + 0).in_(units), last)


HISTORY = _history()
