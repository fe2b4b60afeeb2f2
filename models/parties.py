"""Who else has to do with a ticket: helpers of the one who leads (联办), and the other side of a private matter."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.people import Person

Part = Literal["helper", "mediator", "other_side"]
HELPING = ("helper", "mediator")


class Party(Base):
    """`part`: helper, mediator or other_side. `ended_at`: when they said that their part is done; who was let go has no
    row any more.
    """

    __tablename__ = "parties"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    part: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
