"""What somebody in charge may not do alone: extension, suspension, return and the like wait for the level above."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.people import Person
from models.tickets import Ticket

KINDS = ("extend", "suspend", "return", "void", "finish")
"""延期, 挂账, 退回, 不立单 (of what is overdue or reopened), 依法终结"""


class Request(Base):
    """`details`: what is asked for (a term, a cap), as the kind needs it. `granted` is None while nobody decided."""

    __tablename__ = "requests"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    letter_id: Mapped[int | None]  # the letter that asks for a decision
    granted: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship()
    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)


def waiting_request(session: Session, ticket: Ticket, kind: str) -> Request | None:
    """The one that nobody has decided yet."""
    found = select(Request).where(Request.ticket_id == ticket.id, Request.kind == kind, Request.granted.is_(None))
    return session.scalars(found.order_by(Request.id.desc())).first()
