"""How each ticket went through a span of time, as its history tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.states import OPEN_STATES
from models.tickets import Ticket, TicketEvent

UNANSWERED = "unanswered"  # silent, after 办结; the other silent ones lapsed when their reporter was forgotten
BACK = ("reopen", "part")  # in hand again, in a span after the one that received it


@dataclass
class Life:
    """One ticket as its history tells it."""

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


def lives_in(session: Session, unit_ids: list[int], start: datetime, end: datetime) -> dict[int, Life]:
    """Every ticket of these units by its id, through the span (start, end]."""
    lives: dict[int, Life] = {}
    for ticket_id, state in _states_at(session, unit_ids, start):
        lives[ticket_id] = Life(before=state, after=state)
    if carried := [i for i, life in lives.items() if life.before in OPEN_STATES]:
        for ticket_id, kind in _lateness_before(session, carried, start):
            lives[ticket_id].late = kind == "overdue"
    for ticket_id, kind, state, data in _events_in(session, unit_ids, start, end):
        lives.setdefault(ticket_id, Life()).goes_on(kind, state, data)
    return lives


def _states_at(session: Session, unit_ids: list[int], at: datetime) -> list[tuple[int, str]]:
    """(ticket, state) of every ticket that existed then, by its last history row."""
    last = select(func.max(TicketEvent.id)).join(Ticket).where(Ticket.unit_id.in_(unit_ids), TicketEvent.at <= at)
    rows = select(TicketEvent.ticket_id, TicketEvent.state).where(
        TicketEvent.id.in_(last.group_by(TicketEvent.ticket_id))
    )
    return [(i, s) for i, s in session.execute(rows)]


def _lateness_before(session: Session, ticket_ids: list[int], at: datetime) -> list[tuple[int, str]]:
    """What made these tickets late or took them up afresh, in order; the last word counts."""
    rows = select(TicketEvent.ticket_id, TicketEvent.kind).where(TicketEvent.ticket_id.in_(ticket_ids))
    spoken = rows.where(TicketEvent.at <= at, TicketEvent.kind.in_(("overdue", *BACK)))
    return [(i, k) for i, k in session.execute(spoken.order_by(TicketEvent.id))]


def _events_in(
    session: Session, unit_ids: list[int], start: datetime, end: datetime
) -> list[tuple[int, str, str, dict[str, Any]]]:
    rows = select(TicketEvent.ticket_id, TicketEvent.kind, TicketEvent.state, TicketEvent.data).join(Ticket)
    span = rows.where(Ticket.unit_id.in_(unit_ids), TicketEvent.at > start, TicketEvent.at <= end)
    return [(i, k, s, d) for i, k, s, d in session.execute(span.order_by(TicketEvent.id))]
