"""Lines and presses that came too fast after others of their source: they wait here, in order, until they are read."""

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True)
class Queue:
    """What waits of one source: how much, and when the last of it comes, by whether it speaks of danger."""

    count: int
    last: dict[bool, datetime]


def queue_of(session: Session, source: str) -> Queue:
    found = select(Aside.urgent, func.count(Aside.id), func.max(Aside.next_at)).where(Aside.source == source)
    rows = session.execute(found.group_by(Aside.urgent)).all()
    return Queue(sum(count for _, count, _ in rows), {urgent: last for urgent, _, last in rows})


def set_aside(
    session: Session, source: str, chat: Chat, event: Incoming | Press, at: datetime, *, urgent: bool
) -> None:
    """Keep it; it comes at that time."""
    row = Aside(
        account=event.account,
        source=source,
        chat_id=chat.id,
        sender_id=event.sender.id,
        urgent=urgent,
        event=KEPT.dump_json(event).decode(),
        next_at=at,
    )
    session.add(row)
    session.flush()


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


def sources_aside(session: Session) -> set[str]:
    """Whose lines wait."""
    return set(session.scalars(select(Aside.source).distinct()))
