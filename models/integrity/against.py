"""An older copy as a witness: whoever rewrites a history and all its links cannot rewrite what lies elsewhere."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.integrity.finding import Finding, found
from models.integrity.histories import AT_ONCE
from models.tickets import Ticket, TicketEvent


def rewritten(session: Session, older: Session) -> Iterator[Finding]:
    """Tickets whose history no longer holds the row with which it ended in the older copy."""
    last = 0
    while tickets := _some(older, last):
        links = {row.number: row.chain for row in tickets}
        kept = select(Ticket.number, TicketEvent.chain).join(Ticket.history)
        kept = kept.where(Ticket.number.in_(links), TicketEvent.chain.in_(links.values()))
        still = {(number, link) for number, link in session.execute(kept)}
        yield from (found("rewritten", number=n) for n, link in links.items() if link and (n, link) not in still)
        last = tickets[-1].number


def _some(older: Session, last: int) -> list[Any]:
    after = select(Ticket.number, Ticket.chain).where(Ticket.number > last)
    return list(older.execute(after.order_by(Ticket.number).limit(AT_ONCE)))
