"""Figures against a recount of our own: the account balances whatever happened, and says what the history says."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.chats import Chat
from models.database import open_engine
from models.figures import Figures, figures
from models.marks import Mark
from models.numbers import next_number
from models.people import Person, Post
from models.schema import create_tables
from models.states import MOVES, OPEN_STATES
from models.tickets import Ticket
from models.units import Unit

START = datetime(2026, 3, 6, 7, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
ENDS = [START + n * WEEK for n in range(4)]


@pytest.fixture(scope="module")
def desk() -> Iterator[Session]:
    engine = open_engine("sqlite://", durable=False)
    create_tables(engine)
    session = Session(engine)
    yield session
    session.close()
    engine.dispose()


@dataclass
class Book:
    """What a clerk would have written down beside the bot: (when, what, state after it) for each matter."""

    grid: int
    private: bool
    lines: list[tuple[datetime, str, str]] = field(default_factory=list)

    def state(self, at: datetime) -> str | None:
        return next((state for when, _, state in reversed(self.lines) if when <= at), None)

    def unanswered(self, at: datetime) -> bool:
        """Did it end as 沉默, and not because somebody was forgotten?"""
        ends = [what for when, what, _ in self.lines if when <= at and what in ("silence", "lapse")]
        return self.state(at) == "silent" and ends[-1] == "silence"

    def within(self, start: datetime, end: datetime) -> list[str]:
        return [what for when, what, _ in self.lines if start < when <= end]


moments = st.integers(0, 4 * 7 * 24).map(lambda hours: START - WEEK + timedelta(hours=hours))
moves = st.sampled_from(sorted({m for known in MOVES.values() for m in known} | {"added", "overdue"}))
lives = st.tuples(
    st.integers(0, 1), st.booleans(), moments, st.lists(st.tuples(st.integers(0, 200), moves), max_size=6)
)


def play(session: Session, stories: list[tuple[int, bool, datetime, list[tuple[int, str]]]]) -> list[Book]:
    """Let these lives happen under the ticket's own law; what it forbids does not happen."""
    units = [Unit(name=f"网格{n}") for n in (0, 1)]
    chat = Chat(channel="t", account="1", external_id="-1")
    person = Person(name="老王")
    session.add_all([*units, chat, person])
    session.flush()
    books = []
    for grid, private, opened, steps in stories:
        at = opened
        ticket = Ticket(
            number=next_number(session),
            state="open",
            unit=units[grid],
            chat=chat,
            assignee=person,
            text="",
            thing="",
            category="环境卫生",
            private=private,
            opened_at=at,
            due_at=at,
        )
        session.add(ticket)
        book = Book(units[grid].id, private, [(at, "opened", "open")])
        ticket.record("opened", by=None, at=at)
        for hours, what in steps:
            at += timedelta(hours=hours)
            if what in ("added", "overdue"):
                if what == "overdue" and not ticket.is_open:
                    continue
                ticket.record(what, by=None, at=at)
            elif ticket.may(what):
                ticket.move(what, by=None, at=at)
            else:
                continue
            book.lines.append((at, what, ticket.state))
        session.flush()
        books.append(book)
    return books


def recount(books: list[Book], grids: list[int], start: datetime, end: datetime) -> Figures:
    """The same account by hand, from the clerk's book alone."""
    mine = [b for b in books if b.grid in grids]
    received = [b for b in mine if "opened" in b.within(start, end)]
    carried = [
        b
        for b in mine
        if b not in received and (b.state(start) in OPEN_STATES or {"reopen", "part"} & {*b.within(start, end)})
    ]
    carried = [b for b in carried if b.state(start) is not None]
    after = Counter(b.state(end) for b in received + carried)
    late = 0
    for b in received + carried:
        said = [what for when, what, _ in b.lines if when <= end and what in ("overdue", "reopen", "part")]
        late += b.state(end) in OPEN_STATES and said[-1:] == ["overdue"]
    unanswered = sum(b.unanswered(end) for b in received + carried)
    public = sum(not b.private for b in received)
    settled = after["settled"] + after["confirmed"] + unanswered
    in_hand = after["open"] + after["taken"] + after["suspended"]
    return Figures(
        carried=len(carried),
        received=len(received),
        settled=settled,
        in_hand=in_hand,
        void=after["void"] + after["silent"] - unanswered,
        merged=after["merged"],
        final=after["final"],
        reopened=sum("reopen" in b.within(start, end) for b in mine),
        returned=sum("return" in b.within(start, end) for b in received + carried),
        confirmed=after["confirmed"],
        silent_answers=unanswered,
        waiting=after["settled"],
        fell_silent=sum("silence" in b.within(start, end) for b in mine),
        overdue=late,
        settled_of_received=sum(b.state(end) in ("settled", "confirmed") or b.unanswered(end) for b in received),
        by_category={"环境卫生": public} if public else {},
        private=len(received) - public,
        households=sum(b.state(end) != "merged" for b in received),
        by_member={"老王": (settled, in_hand)} if settled or in_hand else {},
    )


@settings(max_examples=60, deadline=None)
@given(stories=st.lists(lives, max_size=8))
def test_the_account_balances_and_agrees_with_the_clerk(
    desk: Session, stories: list[tuple[int, bool, datetime, list[tuple[int, str]]]]
) -> None:
    try:
        books = play(desk, stories)
        grids = sorted({b.grid for b in books}) or [1]
        for end in ENDS:
            for units in (grids, grids[:1]):
                counted = figures(desk, units, end - WEEK, end)
                assert counted == recount(books, units, end - WEEK, end)
                gone = counted.settled + counted.void + counted.merged + counted.final
                assert counted.carried + counted.received == gone + counted.in_hand
                assert counted.settled == counted.confirmed + counted.silent_answers + counted.waiting
    finally:
        desk.rollback()


def test_43_recorded_are_38_solved_and_5_in_hand(desk: Session) -> None:
    """R7."""
    noon = START + timedelta(days=1)
    play(desk, [(0, False, noon, [(1, "settle")] if n < 38 else []) for n in range(43)])
    found = figures(desk, [u.id for u in desk.query(Unit)], START, START + WEEK)
    assert (found.received, found.settled, found.in_hand, found.settled_of_received) == (43, 38, 5, 38)
    desk.rollback()


def test_what_ended_because_somebody_was_forgotten_is_nobodys_success(desk: Session) -> None:
    play(desk, [(0, False, START + timedelta(days=1), [(1, "lapse")])])
    found = figures(desk, [u.id for u in desk.query(Unit)], START, START + WEEK)
    assert (found.settled, found.void, found.settled_of_received, found.by_member) == (0, 1, 0, {})
    desk.rollback()


def test_what_became_part_of_another_matter_is_neither_settled_nor_set_aside(desk: Session) -> None:
    play(desk, [(0, False, START + timedelta(days=1), [(1, "merged")])])
    units = [u.id for u in desk.query(Unit)]
    found = figures(desk, units, START, START + WEEK)
    assert (found.received, found.merged, found.settled, found.void, found.in_hand) == (1, 1, 0, 0, 0)
    desk.rollback()


def test_what_was_taken_out_again_in_a_later_week_is_in_hand_there(desk: Session) -> None:
    play(desk, [(0, False, START + timedelta(days=1), [(1, "merged"), (8 * 24, "part")])])
    units = [u.id for u in desk.query(Unit)]
    second, third = (figures(desk, units, START + n * WEEK, START + (n + 1) * WEEK) for n in (1, 2))
    assert (second.carried, second.in_hand, second.reopened) == (1, 1, 0)
    assert third.carried == second.in_hand
    desk.rollback()


def test_settled_confirmed_and_silent_are_three_columns(desk: Session) -> None:
    noon = START + timedelta(days=1)
    ends = [[(1, "settle")], [(1, "settle"), (1, "confirm")], [(1, "settle"), (1, "silence")], [(1, "lapse")]]
    play(desk, [(0, False, noon, steps) for steps in ends])
    found = figures(desk, [u.id for u in desk.query(Unit)], START, START + WEEK)
    assert (found.settled, found.waiting, found.confirmed, found.silent_answers, found.void) == (3, 1, 1, 1, 1)
    assert found.fell_silent == 1
    desk.rollback()


def test_what_falls_silent_in_a_later_week_is_told_then_and_changes_no_earlier_account(desk: Session) -> None:
    play(desk, [(0, False, START + timedelta(days=1), [(1, "settle"), (8 * 24, "silence")])])
    units = [u.id for u in desk.query(Unit)]
    first, second = (figures(desk, units, START + n * WEEK, START + (n + 1) * WEEK) for n in (0, 1))
    assert (first.settled, first.waiting, first.fell_silent) == (1, 1, 0)
    assert (second.carried, second.settled, second.fell_silent) == (0, 0, 1)
    desk.rollback()


def test_marks_are_counted_with_their_base_and_a_building_contact_is_nowhere_named(desk: Session) -> None:
    """R17: a share is nothing without its n."""
    play(desk, [(0, False, START + timedelta(days=1), [(1, "settle")]) for _ in range(2)])
    one, other = desk.query(Ticket).order_by(Ticket.number)
    contact, member = Person(name="孙楼长"), Person(name="老王")
    contact.posts.append(Post(unit=one.unit, role="building_contact", scope=["3"]))
    desk.add_all([contact, member, Post(person=member, unit=one.unit, role="grid_member", scope=[])])
    one.assignee, other.assignee = contact, member
    at = START + timedelta(days=2)
    grades = ("good", "good", "fair", "poor", "bad")
    desk.add_all(Mark(ticket_id=one.id, round=n, person_id=None, grade=g, at=at) for n, g in enumerate(grades))
    desk.flush()
    found = figures(desk, [u.id for u in desk.query(Unit)], START, START + WEEK)
    assert found.marks == {"good": 2, "fair": 1, "poor": 1, "bad": 1}
    assert found.satisfied == (3, 5)
    assert found.by_member == {"老王": (2, 0)}
    desk.rollback()
