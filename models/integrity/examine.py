"""The whole look, in the order in which it says most."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.integrity.chains import broken_chain
from models.integrity.due import overdue
from models.integrity.engine import damage
from models.integrity.finding import Finding, found
from models.integrity.histories import histories
from models.integrity.leases import ahead_of_time
from models.integrity.moves import unlawful
from models.integrity.numbers import numbering
from models.integrity.orphans import orphans
from models.integrity.recount import Recount, Span


@dataclass
class Looked:
    """How much was looked at."""

    tickets: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Moment:
    """`now` for what is due, `machine` (seconds) for leases, `spans` whose figures are counted once more."""

    now: datetime
    machine: float
    spans: tuple[Span, ...]


def examine(session: Session, moment: Moment, looked: Looked) -> Iterator[Finding]:
    """Every finding, as it is met; `looked` grows meanwhile. A damaged file is not read any further."""
    damaged = False
    for finding in damage(session):
        damaged = True
        yield finding
    if damaged:
        return
    yield from _readable("references", orphans(session))
    yield from _readable("numbers", numbering(session))
    yield from _readable("due dates", overdue(session, moment.now))
    yield from _readable("lanes", ahead_of_time(session, moment.machine))
    recount = Recount(moment.spans)
    for history in histories(session):
        looked.tickets, looked.rows = looked.tickets + 1, looked.rows + len(history.rows)
        yield from broken_chain(history)
        yield from unlawful(history)
        recount.add(history)
    yield from _readable("figures", recount.differences(session))


def _readable(part: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """SQLite keeps whatever is written into a column of times or JSON; that it is there is a finding, no crash."""
    try:
        yield from findings
    except ValueError:
        yield found("unreadable", part=part)
