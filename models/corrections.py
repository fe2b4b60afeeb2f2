"""What members have corrected: read from the history of tickets and from answered questions, in one shape."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.asks import Ask
from models.people import Person
from models.tickets import Ticket, TicketEvent

Kind = Literal["by_hand", "yes", "no", "void", "class", "merged", "split", "fine"]
KEPT_AS: dict[str, Kind] = {"void": "void", "class": "class", "merged": "merged", "split": "split"}


@dataclass(frozen=True)
class Correction:
    """One decision of a person on what the bot had read.

    by_hand: registered what had not opened; yes, no: the answer to a question; void: set aside, `why` as one of the
    void reasons; class: `before` became `after`; fine: nobody corrected the ticket. `text` is masked, and empty where
    it is kept no more; `person` is who spoke, as a number that says nothing outside the database.
    """

    kind: Kind
    at: datetime
    number: int | None = None
    text: str = ""
    person: int | None = None
    verdict: dict[str, Any] = field(default_factory=dict)
    category: str = ""  # the ticket's, after all corrections
    why: str = ""
    before: str = ""
    after: str = ""
    other: int | None = None  # the ticket merged into, or split from


def corrections(session: Session) -> list[Correction]:
    """All of them, oldest first. Tickets whose reporter was forgotten tell nothing any more."""
    tickets = session.scalars(select(Ticket).options(selectinload(Ticket.history)).order_by(Ticket.number))
    found = [c for ticket in tickets if ticket.verdict for c in _of_ticket(ticket)]
    answered = session.scalars(select(Ask).where(Ask.answer == "no").order_by(Ask.id))
    found += [Correction("no", ask.asked_at, verdict=ask.verdict) for ask in answered]
    return sorted(found, key=lambda c: c.at)


def known_names(session: Session) -> frozenset[str]:
    """Names of people that we know: no proposal may hold one."""
    return frozenset(name for name in session.scalars(select(Person.name)) if name)


def _of_ticket(ticket: Ticket) -> Iterator[Correction]:
    told = [c for event in ticket.history if (c := _of_event(ticket, event))]
    yield from told
    if not told:
        yield _correction(ticket, ticket.history[0], "fine")


def _of_event(ticket: Ticket, event: TicketEvent) -> Correction | None:
    data = event.data
    if event.kind == "opened":
        if data.get("by_hand") and data.get("judged", "ignore") != "open":
            return _correction(ticket, event, "by_hand")
        return _correction(ticket, event, "yes") if data.get("asked") == "yes" else None
    if event.kind not in KEPT_AS:
        return None
    if event.kind == "void" and ticket.state != "void":  # the reporter insisted, or it was taken up again
        return None
    return _correction(ticket, event, KEPT_AS[event.kind])


def _correction(ticket: Ticket, event: TicketEvent, kind: Kind) -> Correction:
    data = event.data
    return Correction(
        kind=kind,
        at=event.at,
        number=ticket.number,
        text=ticket.text,
        person=ticket.reporter_id,
        verdict=ticket.verdict,
        category=ticket.category,
        why=data.get("why", ""),
        before=data.get("before", ""),
        after=data.get("after", ""),
        other=data.get("into") or data.get("from"),
    )
