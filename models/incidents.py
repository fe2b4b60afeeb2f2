"""What an operator must know: a letter that died, a message that failed, a grid gone quiet. One row a trouble."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class Incident(Base):
    """`kind` words it (incident_<kind> in the texts), `about` says of what (a chat, an account, a letter), without
    anybody's words. It stands until `over_at`; `told_at`: the operator was told, once.
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


def note_incident(session: Session, kind: str, about: str, now: datetime) -> Incident:
    """The trouble that stands, counted once more, or a new one, of which the operator is told at once."""
    same = select(Incident).where(Incident.kind == kind, Incident.about == about, Incident.over_at.is_(None))
    known = session.scalars(same).first()
    if known is not None:
        known.count, known.last_at = known.count + 1, now
        return known
    fresh = Incident(kind=kind, about=about, first_at=now, last_at=now, next_at=now)
    session.add(fresh)
    return fresh


def end_incident(session: Session, kind: str, about: str, now: datetime) -> None:
    for incident in standing(session, kind):
        if incident.about == about:
            incident.over_at, incident.next_at = now, None
