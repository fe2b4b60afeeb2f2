"""Running numbers, unique in the deployment."""

from contextlib import suppress

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class Counter(Base):
    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(unique=True)
    value: Mapped[int] = mapped_column(default=0)


def next_number(session: Session) -> int:
    """The next ticket number; the row lock makes two machines take turns."""
    step = update(Counter).where(Counter.name == "ticket").values(value=Counter.value + 1).returning(Counter.value)
    number = session.scalar(step)
    if number is None:
        with suppress(IntegrityError), session.begin_nested():  # another machine may begin to count at the same time
            session.add(Counter(name="ticket", value=0))
        number = session.scalar(step)
    assert number is not None
    return number
