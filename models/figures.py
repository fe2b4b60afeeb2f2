"""Figures, counted from the history alone: what was in hand, came in and went out in a span of time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.followers import households
from models.lives import UNANSWERED, Life, lives_in
from models.marks import grades_given
from models.messages import CATEGORIES
from models.people import ON_DUTY, Person, holders
from models.states import OPEN_STATES
from models.tickets import Ticket

SETTLED = ("settled", "confirmed", UNANSWERED)
SET_ASIDE = ("void", "silent")  # 不立单, and what ended because its reporter asked to be forgotten: nobody settled it
MERGED = "merged"  # 并案: it goes on under another number, where it is settled once
FINAL = "final"  # 依法终结


@dataclass(frozen=True)
class Figures:
    """A span's account: carried + received = settled + in_hand + void + merged + final; `carried` holds what came back
    (重办, 拆案) of earlier spans.

    办结 is never 确认 nor 沉默: confirmed, silent_answers and waiting split `settled`. `settled_of_received` are those
    received in the span and settled by its end. `fell_silent`: how many ended without an answer in the span, whenever
    they were settled. `rework` and `returned`: matters that came back, by residents and by members. `marks`: grade ->
    how often given in the span. `by_level`: level -> matters settled there (R22). `households`: doors behind what was
    received; `wishes`: kind -> doors that wish for it.
    """

    carried: int = 0
    received: int = 0
    settled: int = 0
    in_hand: int = 0
    void: int = 0
    merged: int = 0
    final: int = 0
    reopened: int = 0
    rework: int = 0
    returned: int = 0
    confirmed: int = 0
    silent_answers: int = 0
    waiting: int = 0
    fell_silent: int = 0
    overdue: int = 0
    settled_of_received: int = 0
    by_category: dict[str, int] = field(default_factory=dict)
    private: int = 0
    households: int = 0
    wishes: dict[str, int] = field(default_factory=dict)
    by_member: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_level: dict[str, int] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return self.carried + self.received == 0

    @property
    def satisfied(self) -> tuple[int, int]:
        """(满意 and 基本满意, all marks): a share is nothing without its base (R17)."""
        return self.marks.get("good", 0) + self.marks.get("fair", 0), sum(self.marks.values())


def figures(session: Session, unit_ids: list[int], start: datetime, end: datetime) -> Figures:
    """Count the span (start, end] for these units."""
    lives = lives_in(session, unit_ids, start, end)
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
        final=after[FINAL],
        reopened=sum(life.reopened for life in counted.values()),
        rework=sum(life.rework for life in counted.values()),
        returned=sum(life.returned for life in counted.values()),
        confirmed=after["confirmed"],
        silent_answers=after[UNANSWERED],
        waiting=after["settled"],
        fell_silent=sum(life.fell_silent for life in lives.values()),
        overdue=sum(life.late and life.after in OPEN_STATES for life in counted.values()),
        settled_of_received=sum(counted[i].after in SETTLED for i in received),
        by_category={c: classes[c] for c in CATEGORIES if classes[c]},
        private=sum(tickets[i].private for i in received),
        households=sum(doors[i] for i in received if counted[i].after != MERGED),
        wishes=_wishes({i: doors[i] for i, life in counted.items() if life.after != MERGED}, tickets),
        by_member=_by_member(session, counted, tickets),
        by_level=dict(Counter(life.level for life in counted.values() if life.after in SETTLED and life.level)),
        marks=grades_given(session, unit_ids, start, end),
    )


def _by_member(session: Session, lives: dict[int, Life], tickets: dict[int, Ticket]) -> dict[str, tuple[int, int]]:
    """name -> (settled, in hand)."""
    done: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for i, life in lives.items():
        member = _stands_for(session, tickets[i])
        if member is not None and life.after in (*SETTLED, *OPEN_STATES):
            (done if life.after in SETTLED else held)[member.name] += 1
    return {name: (done[name], held[name]) for name in sorted({*done, *held})}


def _stands_for(session: Session, ticket: Ticket) -> Person | None:
    """Whose name stands beside the figures: never a building contact's, for whom the grid member stands."""
    person = ticket.assignee
    roles = {post.role for post in person.posts} if person else set()
    if "building_contact" not in roles or roles.intersection(ON_DUTY):
        return person
    return next((post.person for post in holders(session, ticket.unit, *ON_DUTY)), None)


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
