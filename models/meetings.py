"""说事日: changes that staff made to single dates (R10). The dates themselves follow from the settings."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.units import Unit


class TalkChange(Base):
    """One date of a unit moved (`new_day`) or cancelled (None), with the reason."""

    __tablename__ = "talk_changes"
    __table_args__ = (UniqueConstraint("unit_id", "day"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    day: Mapped[date]
    new_day: Mapped[date | None]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()


def talk_changes(session: Session, unit: Unit) -> dict[date, TalkChange]:
    """The changes that hold for a unit: of those made here and above, the latest for each date."""
    found = select(TalkChange).where(TalkChange.unit_id.in_([u.id for u in unit.ladder()]))
    latest_last = found.order_by(TalkChange.at, TalkChange.id)
    return {change.day: change for change in session.scalars(latest_last)}


def change_talk_day(
    session: Session, unit: Unit, day: date, new_day: date | None, reason: str, by_id: int | None, at: datetime
) -> TalkChange:
    """Move or cancel one date; a second change of the same date replaces the first."""
    same = select(TalkChange).where(TalkChange.unit_id == unit.id, TalkChange.day == day)
    change = session.scalars(same).first()
    if change is None:
        change = TalkChange(unit_id=unit.id, day=day)
        session.add(change)
    change.new_day, change.reason, change.by_id, change.at = new_day, reason, by_id, at
    session.flush()
    return change
