"""What residents thought of the answer. Only figures read it: nobody ever sees whose mark it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.people import Person
from models.tickets import Ticket

GRADES = ("good", "fair", "poor", "bad")
"""满意, 基本满意, 不满意, 还没解决"""


class Mark(Base):
    """One person's last word on one round (`Ticket.reopened`) of one ticket; forgotten people leave the grade alone."""

    __tablename__ = "marks"
    __table_args__ = (UniqueConstraint("ticket_id", "round", "person_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    round: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    grade: Mapped[str]  # one of GRADES
    reason: Mapped[str] = mapped_column(default="", server_default="")
    at: Mapped[datetime] = mapped_column(index=True)


def mark_of(session: Session, ticket: Ticket, person: Person) -> Mark | None:
    """What this person said of the ticket's present round."""
    own = select(Mark).where(Mark.ticket_id == ticket.id, Mark.round == ticket.reopened, Mark.person_id == person.id)
    return session.scalars(own).first()


def marked_by(session: Session, ticket: Ticket) -> set[int]:
    """Who has said something of the present round; not what."""
    given = select(Mark.person_id).where(Mark.ticket_id == ticket.id, Mark.round == ticket.reopened)
    return set(session.scalars(given.where(Mark.person_id.is_not(None))))


@dataclass(frozen=True)
class Given:
    """How often each grade was given: (unit, grade) -> count."""

    counts: Mapping[tuple[int, str], int]

    def of(self, units: Collection[int]) -> dict[str, int]:
        found = {grade: sum([self.counts.get((unit, grade), 0) for unit in units]) for grade in GRADES}
        return {grade: count for grade, count in found.items() if count}


def grades_given(session: Session, unit_ids: Collection[int], start: datetime, end: datetime) -> Given:
    """On matters of these units, after the start and until the end."""
    these = (Ticket.unit_id + 0).in_(unit_ids)  # found by the time: a unit's index would bring all its years
    given = select(Ticket.unit_id, Mark.grade, func.count()).join(Ticket, Mark.ticket_id == Ticket.id)
    each = given.where(these, Mark.at > start, Mark.at <= end).group_by(Ticket.unit_id, Mark.grade)
    return Given({(unit, grade): count for unit, grade, count in session.execute(each)})
