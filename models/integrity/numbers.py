"""Numbers of tickets: every one once, none left out, and the counter where they end."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models.integrity.finding import Finding, found
from models.numbers import TICKET, Counter, skipped
from models.tickets import Ticket


def numbering(session: Session) -> Iterator[Finding]:
    newest = session.scalar(select(func.max(Ticket.number))) or 0
    yield from _doubles(session)
    yield from _holes(session)
    counter = session.scalar(select(Counter.value).where(Counter.name == TICKET)) or 0
    ended = max([newest, *(span.last for span in skipped(session))])
    if counter != ended:
        yield found("counter_differs", counter=counter, number=ended)


def _doubles(session: Session) -> Iterator[Finding]:
    twice = select(Ticket.number).group_by(Ticket.number).having(func.count() > 1).order_by(Ticket.number)
    for number in session.scalars(twice):
        yield found("number_twice", number=number)


def _holes(session: Session) -> Iterator[Finding]:
    """Spans without a ticket, except those that a restored backup left out on purpose."""
    left_out = {(span.first, span.last) for span in skipped(session)}
    for before, after in _neighbours(session):
        if (before + 1, after - 1) not in left_out:
            yield found("numbers_missing", first=before + 1, last=after - 1)


def _neighbours(session: Session) -> Iterator[tuple[int, int]]:
    """(the last number before a hole, the first one after it)"""
    if (session.scalar(select(func.min(Ticket.number))) or 1) > 1:
        yield 0, session.scalar(select(func.min(Ticket.number))) or 1
    other = aliased(Ticket)
    followed = select(other.id).where(other.number == Ticket.number + 1).exists()
    edges = select(Ticket.number).where(~followed).order_by(Ticket.number)
    for edge in session.scalars(edges).all():
        after = session.scalar(select(func.min(Ticket.number)).where(Ticket.number > edge))
        if after is not None:
            yield edge, after
