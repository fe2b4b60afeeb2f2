"""One week's account, read once for all groups that are to read of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.figures import Book, Figures
from models.units import Forest, Place

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
    forest: Forest

    @classmethod
    def read(cls, session: Session, unit_ids: Collection[int], span: Span) -> "Week":
        """For these units and all below them."""
        forest = Forest.read(session)
        wanted = {place.id for i in unit_ids for place in forest.tree(i)}
        return cls(span, Book.read(session, wanted, (span.start - WEEK, span.start, span.end)), forest)

    def now(self, units: Collection[Place]) -> Figures:
        return self.book.figures([u.id for u in units])

    def before(self, units: Collection[Place]) -> tuple[int, int]:
        """(received, settled) of the week before."""
        return self.book.moved([u.id for u in units], self.span.start)
