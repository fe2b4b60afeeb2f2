"""Lines and presses that came too fast after others of their source: they wait here, in order, until they are read."""

from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.chats import Chat
from models.messages import Incoming, Press

KEPT = TypeAdapter[Incoming | Press](Incoming | Press)


class Aside(Base):
    """`source` is who sends too much: person:telegram:11, press:telegram:11 or chat:12; `event` what came, as JSON, its
    words masked. The row goes when it has been read.
    """

    __tablename__ = "asides"
    __table_args__ = (Index("ix_asides_source_next", "source", "next_at"),)

    account: Mapped[str]
    source: Mapped[str]
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    sender_id: Mapped[str | None]
    urgent: Mapped[bool]
    event: Mapped[str]
    next_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def came(self) -> Incoming | Press:
        return KEPT.validate_json(self.event)


def set_aside(
    session: Session, source: str, chat: Chat, event: Incoming | Press, now: datetime, *, apart: timedelta, urgent: bool
) -> Aside:
    """Keep it after what of this source waits already, `apart` from it; danger waits only for danger."""
    queue = select(func.max(Aside.next_at)).where(Aside.source == source, Aside.urgent.is_(urgent))
    last = session.scalar(queue)
    row = Aside(
        account=event.account,
        source=source,
        chat_id=chat.id,
        sender_id=event.sender.id,
        urgent=urgent,
        event=KEPT.dump_json(event).decode(),
        next_at=max(now, last + apart) if last else now,
    )
    session.add(row)
    session.flush()
    return row


def take_aside(session: Session, now: datetime, accounts: list[str]) -> Aside | None:
    """The next one whose time has come, danger first, taken out. Locked: a second machine waits, so order holds."""
    due = select(Aside).where(Aside.next_at <= now)
    due = due.where(Aside.account.in_(accounts)) if accounts else due
    first = due.order_by(Aside.urgent.desc(), Aside.next_at, Aside.id).limit(1).with_for_update()
    row = session.scalars(first, execution_options={"populate_existing": True}).first()
    if row is not None:
        session.delete(row)
        session.flush()
    return row


def waiting_aside(session: Session, source: str) -> int:
    return session.scalar(select(func.count()).select_from(Aside).where(Aside.source == source)) or 0


def sources_aside(session: Session) -> set[str]:
    """Whose lines wait."""
    return set(session.scalars(select(Aside.source).distinct()))
