"""Figures, counted from the history alone: what was in hand, came in and went out in a span of time."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from models.facts import Fact, facts_of
from models.lives import UNANSWERED, Life, Lives, lives_through
from models.marks import Given, grades_given
from models.messages import CATEGORIES
from models.states import OPEN_STATES

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


@dataclass(frozen=True)
class Book:
    """What was read of some units through some spans: the last can be counted in full, alone or together; of those
    before it how much came and went.
    """

    ends: tuple[datetime, ...]
    lives: tuple[Lives, ...]
    facts: dict[int, Fact]
    given: Given

    @classmethod
    def read(cls, session: Session, unit_ids: Collection[int], moments: Sequence[datetime]) -> "Book":
        """The spans lie between these moments; each row is read once."""
        lives = lives_through(session, unit_ids, moments)
        counted = [i for own in lives[-1].values() for i, life in own.items() if life.counts]
        given = grades_given(session, unit_ids, moments[-2], moments[-1])
        return cls(tuple(moments[1:]), tuple(lives), facts_of(session, counted), given)

    def figures(self, unit_ids: Collection[int]) -> Figures:
        """Count the last span for these units."""
        units = set(unit_ids)
        return _count(self._of(units, -1), self.facts, self.ends[-1], self.given.of(units))

    def moved(self, unit_ids: Collection[int], end: datetime) -> tuple[int, int]:
        """(received, settled) in the span that ends then."""
        lives = [life for life in self._of(set(unit_ids), self.ends.index(end)).values() if life.counts]
        return [life.received for life in lives].count(True), sum(life.after in SETTLED for life in lives)

    def _of(self, units: set[int], span: int) -> dict[int, Life]:
        return {i: life for unit in units for i, life in self.lives[span].get(unit, {}).items()}


def figures(session: Session, unit_ids: list[int], start: datetime, end: datetime) -> Figures:
    """Count the span (start, end] for these units."""
    return Book.read(session, unit_ids, (start, end)).figures(unit_ids)


def _count(every: dict[int, Life], facts: dict[int, Fact], end: datetime, marks: dict[str, int]) -> Figures:
    counted = {i: life for i, life in every.items() if life.counts}
    lives = counted.values()
    after = [life.after for life in lives].count  # lists counted in C: a summary asks twenty such questions
    received = [i for i, life in counted.items() if life.received]
    doors = {i: facts[i].doors(end) for i, life in counted.items() if life.after != MERGED}
    return Figures(
        carried=len(counted) - len(received),
        received=len(received),
        settled=sum(map(after, SETTLED)),
        in_hand=sum(map(after, OPEN_STATES)),
        void=sum(map(after, SET_ASIDE)),
        merged=after(MERGED),
        final=after(FINAL),
        reopened=[life.reopened for life in lives].count(True),
        rework=[life.rework for life in lives].count(True),
        returned=[life.returned for life in lives].count(True),
        confirmed=after("confirmed"),
        silent_answers=after(UNANSWERED),
        waiting=after("settled"),
        fell_silent=[life.fell_silent for life in every.values()].count(True),
        overdue=[life.late and life.after in OPEN_STATES for life in lives].count(True),
        settled_of_received=[counted[i].after in SETTLED for i in received].count(True),
        by_category=_by_category([facts[i].category for i in received if not facts[i].private]),
        private=[facts[i].private for i in received].count(True),
        households=sum([doors.get(i, 0) for i in received]),
        wishes=_wishes(doors, facts),
        by_member=_by_member(counted, facts),
        by_level=dict(Counter([life.level for life in lives if life.after in SETTLED and life.level])),
        marks=marks,
    )


def _by_category(received: list[str]) -> dict[str, int]:
    return {c: received.count(c) for c in CATEGORIES if c in received}


def _by_member(lives: dict[int, Life], facts: dict[int, Fact]) -> dict[str, tuple[int, int]]:
    """name -> (settled, in hand)."""
    done: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for i, life in lives.items():
        member = facts[i].member
        if member is not None and life.after in (*SETTLED, *OPEN_STATES):
            (done if life.after in SETTLED else held)[member] += 1
    return {name: (done[name], held[name]) for name in sorted({*done, *held})}


def _wishes(doors: dict[int, int], facts: dict[int, Fact]) -> dict[str, int]:
    """What most wish for comes first."""
    counted: Counter[str] = Counter()
    for i, count in doors.items():
        if facts[i].wish:
            counted[facts[i].wish] += count
    return dict(counted.most_common())
