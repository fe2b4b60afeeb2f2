"""How each ticket went through spans of time, as its history tells it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, case, null, select, union
from sqlalchemy.orm import Session

from models.states import OPEN_STATES
from models.tickets import Ticket, TicketEvent

UNANSWERED = "unanswered"  # silent, after 办结; the other silent ones lapsed when their reporter was forgotten
BACK = ("reopen", "part")  # in hand again, in a span after the one that received it
TELLING = ("reopen", "settle")  # kinds whose data is read
Row = tuple[str, str, Mapping[str, Any] | None, int]
"""(kind, state after it, data, the number of the moment up to which it happened)"""


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


Lives = dict[int, dict[int, Life]]
"""unit -> ticket -> its life in one span"""


def lives_through(session: Session, unit_ids: Collection[int], moments: Sequence[datetime]) -> list[Lives]:
    """For each span between two moments: every ticket of these units that was in hand or moved in it.

    What ended before the first moment is passed over without reading its history.
    """
    spans: list[Lives] = [{} for _ in moments[1:]]
    asked = {"units": list(unit_ids), "first": moments[0], "last": moments[-1]}
    numbered = case(*((TicketEvent.at <= moment, n) for n, moment in enumerate(moments[:-1])), else_=len(spans))
    rows = session.execute(HISTORY.add_columns(numbered), asked)
    for (ticket_id, unit_id), told in groupby(rows, itemgetter(0, 1)):
        for number, life in _lives((row[2:] for row in told), len(spans)):
            spans[number - 1].setdefault(unit_id, {})[ticket_id] = life
    return spans


def _lives(rows: Iterable[Row], spans: int) -> Iterator[tuple[int, Life]]:
    """(number of the span, life in it) of one ticket, from all its history."""
    number, life = 0, Life()
    for kind, state, data, at in rows:
        while number < at:
            if number and life.after is not None:
                yield number, life
            number, life = number + 1, _next(life)
        life.goes_on(kind, state, data or {})
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
    """All rows of what is open or had one since the first moment, ticket by ticket."""
    ours = Ticket.unit_id.in_(bindparam("units", expanding=True))
    moved = select(TicketEvent.ticket_id).join(Ticket).where(ours, TicketEvent.at > bindparam("first"))
    open_now = select(Ticket.id).where(ours, Ticket.state.in_(OPEN_STATES))
    data = case((TicketEvent.kind.in_(TELLING), TicketEvent.data), else_=null()).label("data")
    rows = select(TicketEvent.ticket_id, Ticket.unit_id, TicketEvent.kind, TicketEvent.state, data).join(Ticket)
    rows = rows.where(TicketEvent.ticket_id.in_(union(open_now, moved)), TicketEvent.at <= bindparam("last"))
    return rows.order_by(TicketEvent.ticket_id, TicketEvent.id)


HISTORY = _history()
