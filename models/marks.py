"""What residents thought of the answer. Only figures read it: nobody ever sees whose mark it is."""

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


def grades_given(session: Session, unit_ids: list[int], start: datetime, end: datetime) -> dict[str, int]:
    """How often each grade was given in the span (start, end] on matters of these units."""
    given = select(Mark.grade, func.count()).join(Ticket, Mark.ticket_id == Ticket.id)
    span = given.where(Ticket.unit_id.in_(unit_ids), Mark.at > start, Mark.at <= end)
    rows = session.execute(span.group_by(Mark.grade))
    counts = ((grade, count) for grade, count in rows)
    return dict(sorted(counts, key=lambda given: GRADES.index(given[0])))
