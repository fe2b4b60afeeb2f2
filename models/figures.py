"""Figures, counted from the history alone: what was in hand, came in and went out in a span of time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models.followers import households
from models.messages import CATEGORIES
from models.states import OPEN_STATES
from models.tickets import Ticket, TicketEvent

SETTLED = ("settled", "confirmed")
SET_ASIDE = ("void", "silent")  # 不立单, and what ended because its reporter asked to be forgotten: nobody settled it
MERGED = "merged"  # 并案: it goes on under another number, where it is settled once
BACK = ("reopen", "part")  # in hand again, in a span after the one that received it


@dataclass(frozen=True)
class Figures:
    """A span's account: carried + received = settled + in_hand + void + merged; `carried` holds what came back (重办,
    拆案) of earlier spans.

    `settled_of_received` are those received in the span and settled by its end; confirmed and waiting split `settled`.
    `households`: doors behind what was received; `wishes`: kind -> doors that wish for it.
    """

    carried: int = 0
    received: int = 0
    settled: int = 0
    in_hand: int = 0
    void: int = 0
    merged: int = 0
    reopened: int = 0
    confirmed: int = 0
    waiting: int = 0
    overdue: int = 0
    settled_of_received: int = 0
    by_category: dict[str, int] = field(default_factory=dict)
    private: int = 0
    households: int = 0
    wishes: dict[str, int] = field(default_factory=dict)
    by_member: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return self.carried + self.received == 0


@dataclass
class _Life:
    """One ticket as its history tells it."""

    before: str | None = None  # state at the start of the span
    after: str | None = None  # state at its end
    received: bool = False
    back: bool = False
    reopened: bool = False
    late: bool = False


def figures(session: Session, unit_ids: list[int], start: datetime, end: datetime) -> Figures:
    """Count the span (start, end] for these units."""
    lives = _lives(session, unit_ids, start, end)
    counted = {i: life for i, life in lives.items() if life.before in OPEN_STATES or life.received or life.back}
    found = select(Ticket).where(Ticket.id.in_(counted)).options(selectinload(Ticket.followers))
    tickets = {t.id: t for t in session.scalars(found)}
    doors = {i: _doors(ticket, end) for i, ticket in tickets.items()}
    received = [i for i, life in counted.items() if life.received]
    classes = Counter(tickets[i].category for i in received if not tickets[i].private)
    after = Counter(life.after for life in counted.values())
    return Figures(
        carried=len(counted) - len(received),
        received=len(received),
        settled=sum(after[s] for s in SETTLED),
        in_hand=sum(after[s] for s in OPEN_STATES),
        void=sum(after[s] for s in SET_ASIDE),
        merged=after[MERGED],
        reopened=sum(life.reopened for life in counted.values()),
        confirmed=after["confirmed"],
        waiting=after["settled"],
        overdue=sum(life.late and life.after in OPEN_STATES for life in counted.values()),
        settled_of_received=sum(counted[i].after in SETTLED for i in received),
        by_category={c: classes[c] for c in CATEGORIES if classes[c]},
        private=sum(tickets[i].private for i in received),
        households=sum(doors[i] for i in received if counted[i].after != MERGED),
        wishes=_wishes({i: doors[i] for i, life in counted.items() if life.after != MERGED}, tickets),
        by_member=_by_member(counted, tickets),
    )


def _lives(session: Session, unit_ids: list[int], start: datetime, end: datetime) -> dict[int, _Life]:
    lives: dict[int, _Life] = {}
    for ticket_id, state in _states_at(session, unit_ids, start):
        lives[ticket_id] = _Life(before=state, after=state)
    if carried := [i for i, life in lives.items() if life.before in OPEN_STATES]:
        for ticket_id, kind in _lateness_before(session, carried, start):
            lives[ticket_id].late = kind == "overdue"
    for ticket_id, kind, state in _events_in(session, unit_ids, start, end):
        life = lives.setdefault(ticket_id, _Life())
        life.after = state
        life.received |= kind == "opened"
        life.back |= kind in BACK
        life.reopened |= kind == "reopen"
        life.late = (life.late or kind == "overdue") and kind not in BACK
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


def _events_in(session: Session, unit_ids: list[int], start: datetime, end: datetime) -> list[tuple[int, str, str]]:
    rows = select(TicketEvent.ticket_id, TicketEvent.kind, TicketEvent.state).join(Ticket)
    span = rows.where(Ticket.unit_id.in_(unit_ids), TicketEvent.at > start, TicketEvent.at <= end)
    return [(i, k, s) for i, k, s in session.execute(span.order_by(TicketEvent.id))]


def _by_member(lives: dict[int, _Life], tickets: dict[int, Ticket]) -> dict[str, tuple[int, int]]:
    """name -> (settled, in hand)."""
    done: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for i, life in lives.items():
        member = tickets[i].assignee
        if member is not None and tickets[i].about_id is None and life.after not in (*SET_ASIDE, MERGED):
            (done if life.after in SETTLED else held)[member.name] += 1
    return {name: (done[name], held[name]) for name in sorted({*done, *held})}


def _doors(ticket: Ticket, end: datetime) -> int:
    """Households behind it by then."""
    return households(ticket.household, [f for f in ticket.followers if f.at <= end])


def _wishes(doors: dict[int, int], tickets: dict[int, Ticket]) -> dict[str, int]:
    """What most wish for comes first."""
    counted: Counter[str] = Counter()
    for i, count in doors.items():
        if tickets[i].wish:
            counted[tickets[i].wish] += count
    return dict(counted.most_common())
