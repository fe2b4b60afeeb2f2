"""One week's account, read once for all groups that are to read of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.figures import Book, Figures
from models.units import Unit, trees

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """(start, end]: one week up to a cut-off."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Week:
    """The span, what happened in it and in the week before, and which units lie below which."""

    span: Span
    book: Book
    below: Mapping[int, Sequence[Unit]]

    @classmethod
    def read(cls, session: Session, unit_ids: Collection[int], span: Span) -> "Week":
        """For these units and all below them."""
        below = trees(session)
        wanted = {unit.id for i in unit_ids for unit in below[i]}
        return cls(span, Book.read(session, wanted, (span.start - WEEK, span.start, span.end)), below)

    def tree(self, unit: Unit) -> list[Unit]:
        """The unit and everything below it, each followed by what is below it."""
        return list(self.below[unit.id])

    def now(self, units: Collection[Unit]) -> Figures:
        return self.book.figures([u.id for u in units], self.span.end)

    def before(self, units: Collection[Unit]) -> Figures:
        """Of the week before."""
        return self.book.figures([u.id for u in units], self.span.start)
