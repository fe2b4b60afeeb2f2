"""Letters that nobody is to get (a replay): all that are due count as sent, without the postman's leases and limits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.letters import Letter
from models.pointers import Pointer
from models.tickets import Ticket


def hush_letters(session: Session, now: datetime) -> None:
    """Note every due letter as sent or, if it came too late, as stale. Numbers are ours: bot1, bot2, …"""
    due = select(Letter).where(Letter.state == "waiting", Letter.due_at <= now).order_by(Letter.id)
    for letter in session.scalars(due):
        if letter.expires_at is not None and letter.expires_at <= now:
            letter.state = "stale"
            continue
        letter.state, letter.sent_at = "sent", now
        if letter.kind != "toast" and letter.edits_id is None:
            _number(session, letter)


def _number(session: Session, letter: Letter) -> None:
    letter.message_id = f"bot{letter.id}"
    if letter.ticket_id is not None:
        ticket = session.get_one(Ticket, letter.ticket_id)
        kind = "card" if ticket.card_id == letter.id else "ours"
        said = letter.message_id
        session.add(Pointer(chat_id=letter.chat_id, message_id=said, ticket_id=ticket.id, kind=kind))
