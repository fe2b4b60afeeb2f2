"""What somebody in charge may not do alone: extension, suspension, return and the like wait for the level above."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, take_due
from models.chats import Chat
from models.letters import Letter
from models.people import Person
from models.tickets import Ticket

KINDS = ("extend", "suspend", "return", "void", "finish")
"""延期, 挂账, 退回, 不立单 (of what is overdue or reopened), 依法终结"""


class Request(Base):
    """`details`: what is asked for (a term, a cap), as the kind needs it, and how the ticket stood.

    `granted` is None while nobody decided; with `decided_at` it lapsed. `next_at`: when the heartbeat looks at it, to
    remind once and, at `expires_at`, to let it lapse.
    """

    __tablename__ = "requests"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    granted: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)

    ticket: Mapped[Ticket] = relationship()
    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)

    @property
    def lane(self) -> str:
        """How the keys of its letters begin."""
        return f"request:{self.id}:"


def waiting_request(session: Session, ticket: Ticket, kind: str) -> Request | None:
    """The one that nobody has decided yet, and that has not lapsed."""
    found = select(Request).where(Request.ticket_id == ticket.id, Request.kind == kind, Request.decided_at.is_(None))
    return session.scalars(found.order_by(Request.id.desc())).first()


def take_due_request(session: Session, now: datetime) -> Request | None:
    """One that nobody decided in time, or that somebody must be reminded of, claimed for us."""
    return take_due(session, Request, "next_at", now, Request.decided_at.is_(None))


def letters_of(session: Session, request: Request) -> list[Letter]:
    """Every letter that asks for a decision, oldest first."""
    found = select(Letter).where(Letter.dedupe.startswith(request.lane, autoescape=True))
    return list(session.scalars(found.order_by(Letter.id)))


def request_at(session: Session, chat: Chat, message_id: str) -> Request | None:
    """The request that this message of ours asks about."""
    found = select(Letter.dedupe).where(Letter.chat_id == chat.id, Letter.message_id == message_id)
    keys = (re.fullmatch(r"request:(\d+):.*", key or "") for key in session.scalars(found))
    return next((session.get(Request, int(key[1])) for key in keys if key), None)


def hurry_requests(session: Session, letters: Iterable[Letter], now: datetime) -> None:
    """These letters will never be read: the next who may decide is asked at once."""
    keys = [re.fullmatch(r"request:(\d+):.*", letter.dedupe or "") for letter in letters]
    lost = [int(key[1]) for key in keys if key]
    waiting = update(Request).where(Request.id.in_(lost), Request.decided_at.is_(None))
    session.execute(waiting.values(next_at=now))
