"""What an operator must know: a letter that died, a message that failed, a grid gone quiet. One row a trouble."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, ours, take_due


class Incident(Base):
    """`kind` words it (incident_<kind> in the texts), `about` says of what (a chat, an account), without anybody's
    words; `account`: the bot whose trouble it is (channel:account), empty when it is everybody's. It stands until
    `over_at`; `told_at`: the operator was told, once.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        UniqueConstraint("kind", "about", "first_at"),
        Index(  # two machines that see the same trouble at the same time write one row
            "ix_incidents_standing",
            "kind",
            "about",
            unique=True,
            sqlite_where=text("over_at IS NULL"),
            postgresql_where=text("over_at IS NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(index=True)
    about: Mapped[str]
    account: Mapped[str] = mapped_column(default="", server_default="")
    count: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None] = mapped_column(index=True)
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when the operator is to be told


def standing(session: Session, kind: str | None = None) -> list[Incident]:
    """What is not over yet, oldest first."""
    found = select(Incident).where(Incident.over_at.is_(None))
    found = found.where(Incident.kind == kind) if kind else found
    return list(session.scalars(found.order_by(Incident.id)))


def note_incident(session: Session, kind: str, about: str, now: datetime, account: str = "") -> Incident:
    """The trouble that stands, counted once more, or a new one, of which the operator is told."""
    if known := _same(session, kind, about):
        known.count, known.last_at = known.count + 1, now
        return known
    fresh = Incident(kind=kind, about=about, account=account, count=1, first_at=now, last_at=now, next_at=now)
    with suppress(IntegrityError), session.begin_nested():  # another machine may see it at the same time
        session.add(fresh)
        return fresh
    return note_incident(session, kind, about, now, account)


def stands(session: Session, kind: str, about: str, now: datetime, account: str = "") -> None:
    """The same of what goes on rather than happens: seen again, it is not counted again."""
    if _same(session, kind, about) is None:
        note_incident(session, kind, about, now, account)


def end_incident(session: Session, kind: str, about: str, now: datetime) -> None:
    """It is over; whoever was told of it is told that too."""
    if incident := _same(session, kind, about):
        incident.over_at, incident.next_at = now, now if incident.told_at else None


def note_past(session: Session, kind: str, about: str, since: datetime, now: datetime) -> None:
    """What could not be written down while it lasted."""
    session.add(Incident(kind=kind, about=about, count=1, first_at=since, last_at=now, over_at=now, next_at=now))


def take_due_incident(session: Session, now: datetime) -> Incident | None:
    """One of which somebody is to be told, claimed for us."""
    return take_due(session, Incident, "next_at", now)


def due_incidents(session: Session, now: datetime) -> list[Incident]:
    """All the others of which somebody is to be told."""
    due = select(Incident).where(Incident.next_at <= now, *ours(session, Incident))
    return list(session.scalars(due.order_by(Incident.id)))


def _same(session: Session, kind: str, about: str) -> Incident | None:
    same = select(Incident).where(Incident.kind == kind, Incident.about == about, Incident.over_at.is_(None))
    return session.scalars(same).first()
