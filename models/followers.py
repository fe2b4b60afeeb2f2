"""Who else waits for a matter, counted by household."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.chats import Chat
from models.people import Person


class Follower(Base):
    """Somebody for whom the same matter counts too (我家也是).

    `household` and `mark` are keyed hashes of the door (of the account where no door is known) and of the account:
    after /forget they stay without the person, until the matter ends. `via_id`: the merged ticket they came with.
    """

    __tablename__ = "followers"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chats.id"))  # the group in which they joined
    via_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    household: Mapped[str] = mapped_column(default="", server_default="")
    mark: Mapped[str] = mapped_column(default="", server_default="")
    at: Mapped[datetime]

    person: Mapped[Person | None] = relationship()
    chat: Mapped[Chat | None] = relationship()


def households(reporters: str, followers: list[Follower]) -> int:
    """How many doors wait for it, the reporter's among them."""
    return count_doors([reporters, *(f.household for f in followers)])


def count_doors(doors: list[str]) -> int:
    """How many different ones; an empty hash is like no other."""
    return len({door for door in doors if door}) + sum(not door for door in doors)
