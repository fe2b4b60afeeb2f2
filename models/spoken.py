"""What was said of the open tickets, and what was heard in between: the memory in which a new line finds its matter."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from models.chats import Chat
from models.heard import Heard, own_time, remembered_at
from models.matters import at_home
from models.people import STAFF, Identity, Post
from models.pointers import Pointer
from models.states import OPEN_STATES
from models.tickets import Ticket, TicketEvent

WORDS = ("opened", "added", "edited", "joined", "chased")  # history rows that are somebody speaking of the matter
MOST = 12  # tickets that a line is held against: those last opened


@dataclass(frozen=True)
class Spoken:
    """One time that somebody spoke of a ticket; `note` is empty where the report itself was meant."""

    at: datetime
    by_id: int | None
    note: str


@dataclass(frozen=True)
class Line:
    """A line that was heard: `pointed` when it belongs to some ticket, `staff` when somebody in office said it."""

    sender_id: str | None
    at: datetime
    pointed: bool
    staff: bool


def lively_tickets(session: Session, unit_id: int, since: datetime) -> list[Ticket]:
    """What is open in the unit and was opened since then, and what was settled since then; the newest."""
    alive = (Ticket.state.in_(OPEN_STATES) & (Ticket.opened_at >= since)) | (Ticket.settled_at >= since)
    found = select(Ticket).where(at_home([unit_id]), alive).order_by(Ticket.number.desc()).limit(MOST)
    return list(session.scalars(found))


def spoken_of(session: Session, tickets: list[Ticket]) -> dict[int, list[Spoken]]:
    """By ticket id, oldest first; with what was said of tickets that were merged into one of these."""
    ids = [t.id for t in tickets]
    columns = (TicketEvent.kind, TicketEvent.at, TicketEvent.by_id, TicketEvent.note, TicketEvent.data)
    rows = select(Ticket, *columns).join(Ticket.history)
    rows = rows.where(Ticket.id.in_(ids) | Ticket.merged_into_id.in_(ids), TicketEvent.kind.in_(WORDS))
    found: dict[int, list[Spoken]] = defaultdict(list)
    for ticket, kind, heard, by_id, note, data in session.execute(rows.order_by(TicketEvent.id)):
        at = datetime.fromisoformat(data["said_at"]) if "said_at" in data else heard
        if ticket.merged_into_id is None:
            found[ticket.id].append(Spoken(at, by_id, note))
        else:
            found[ticket.merged_into_id].append(Spoken(at, by_id, ticket.text if kind == "opened" else note))
    return found


def lines_before(session: Session, chat: Chat, but: str, at: datetime, most: int = 60) -> list[Line]:
    """The minutes of the group before `at` without this message, newest first."""
    columns = (Heard.sender_id, own_time(), _pointed(), _said_by_staff(chat))
    found = select(*columns).where(Heard.chat_id == chat.id, Heard.message_id != but, remembered_at(at))
    return [Line(*row) for row in session.execute(found.order_by(Heard.id.desc()).limit(most))]


def _pointed() -> ColumnElement[bool]:
    return exists().where(Pointer.chat_id == Heard.chat_id, Pointer.message_id == Heard.message_id)


def _said_by_staff(chat: Chat) -> ColumnElement[bool]:
    account = (Identity.channel == chat.channel) & (Identity.external_id == Heard.sender_id)
    held = (Post.person_id == Identity.person_id) & Post.role.in_(sorted(STAFF)) & Post.ended_at.is_(None)
    return exists().where(account, held)
