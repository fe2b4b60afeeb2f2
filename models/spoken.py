"""What was said of the open tickets, and what was heard in between: the memory in which a new line finds its matter."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.chats import Chat
from models.heard import Heard
from models.tickets import OPEN_STATES, Ticket, TicketEvent

WORDS = ("opened", "added", "edited", "joined", "chased")  # history rows that are somebody speaking of the matter
MOST = 12  # tickets that a line is held against: those last opened


@dataclass(frozen=True)
class Spoken:
    """One time that somebody spoke of a ticket; `note` is empty where the report itself was meant."""

    at: datetime
    by_id: int | None
    note: str


def lively_tickets(session: Session, unit_id: int, since: datetime) -> list[Ticket]:
    """What is open in the unit and was opened since then, and what was settled since then; the newest."""
    alive = (Ticket.state.in_(OPEN_STATES) & (Ticket.opened_at >= since)) | (Ticket.settled_at >= since)
    found = select(Ticket).where(Ticket.unit_id == unit_id, alive).order_by(Ticket.number.desc()).limit(MOST)
    return list(session.scalars(found))


def spoken_of(session: Session, tickets: list[Ticket]) -> dict[int, list[Spoken]]:
    """By ticket id, oldest first; with what was said of tickets that were merged into one of these."""
    ids = [t.id for t in tickets]
    rows = select(Ticket, TicketEvent.kind, TicketEvent.at, TicketEvent.by_id, TicketEvent.note).join(Ticket.history)
    rows = rows.where(Ticket.id.in_(ids) | Ticket.merged_into_id.in_(ids), TicketEvent.kind.in_(WORDS))
    found: dict[int, list[Spoken]] = defaultdict(list)
    for ticket, kind, at, by_id, note in session.execute(rows.order_by(TicketEvent.id)):
        if ticket.merged_into_id is None:
            found[ticket.id].append(Spoken(at, by_id, note))
        else:
            found[ticket.merged_into_id].append(Spoken(at, by_id, ticket.text if kind == "opened" else note))
    return found


def heard_lately(session: Session, chat: Chat, but: str, most: int = 60) -> list[Heard]:
    """The last minutes of the group without this message, newest first."""
    found = select(Heard).where(Heard.chat_id == chat.id, Heard.message_id != but)
    return list(session.scalars(found.order_by(Heard.id.desc()).limit(most)))
