"""Stretches in which a ticket's clock stands still (挂账)."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Pause(Base):
    """From `start` until `ended_at`, at the latest until the cap `until`."""

    __tablename__ = "pauses"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    start: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def end(self) -> datetime:
        return self.ended_at or self.until

    def stop(self, at: datetime) -> None:
        """The clock runs again; never later than the cap, however late we look."""
        if self.ended_at is None:
            self.ended_at = min(at, self.until)
