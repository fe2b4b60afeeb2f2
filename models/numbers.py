"""Running numbers, unique in the deployment."""

from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

TICKET = "ticket"
SKIPPED = "skipped:"


class Counter(Base):
    """`name` is ticket, whose `value` is the last number given; or skipped:N, where N to `value` are never given."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(unique=True)
    value: Mapped[int] = mapped_column(default=0)


COUNTERS = cast(Table, Counter.__table__)
STEP = update(COUNTERS).where(COUNTERS.c.name == TICKET).values(value=COUNTERS.c.value + 1).returning(COUNTERS.c.value)


@dataclass(frozen=True)
class Skipped:
    """Numbers that people read before a backup was restored which does not know them."""

    first: int
    last: int


def next_number(session: Session) -> int:
    """The next ticket number; the row lock makes two machines take turns."""
    number: int | None = session.scalar(STEP)
    if number is None:
        with suppress(IntegrityError), session.begin_nested():  # another machine may begin to count at the same time
            session.add(Counter(name=TICKET, value=0))
        number = session.scalar(STEP)
    assert number is not None
    return number


def last_number(session: Session) -> int:
    """The last one that was given; 0 before the first."""
    return session.scalar(select(Counter.value).where(Counter.name == TICKET)) or 0


def skip_to(session: Session, last: int) -> None:
    """Give no number up to this one any more."""
    first = last_number(session) + 1
    if last >= first:
        next_number(session)  # makes the row, if there is none
        session.execute(update(Counter).where(Counter.name == TICKET).values(value=last))
        session.add(Counter(name=f"{SKIPPED}{first}", value=last))


def skipped(session: Session) -> list[Skipped]:
    left_out = session.execute(select(Counter.name, Counter.value).where(Counter.name.startswith(SKIPPED)))
    return [Skipped(int(name.removeprefix(SKIPPED)), last) for name, last in left_out]
