"""What was said of tickets: the words in which a new line finds its matter."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from models.direct import among, columns, plain
from models.once import each_of, sees_once
from models.tickets import Ticket, TicketEvent

WORDS = ("opened", "added", "edited", "joined", "chased")  # history rows that are somebody speaking of the matter


class Numbered(Protocol):
    """A ticket, or a row of one."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True)
class Spoken:
    """One time that somebody spoke of a ticket; `note` is empty where the report itself was meant."""

    at: datetime
    by_id: int | None
    note: str


def _all_said() -> Select[Any]:
    these: Any = bindparam("tickets", expanding=True)
    ticket, event = columns(Ticket), columns(TicketEvent)
    told = (event.kind, event.at, event.by_id, event.note, event.data)
    said = select(ticket.id, ticket.merged_into_id, ticket.text, *told).where(event.ticket_id == ticket.id)
    said = said.where(ticket.id.in_(these) | ticket.merged_into_id.in_(these), among(event.kind, WORDS))
    return said.order_by(event.id)


ALL_SAID = _all_said()


def spoken_of(session: Session, matters: Sequence[Numbered]) -> dict[int, list[Spoken]]:
    """By ticket id, oldest first; with what was said of tickets that were merged into one of these."""
    if not sees_once(session):
        return _spoken(session, [m.id for m in matters])
    told = each_of(session, "spoken", [m.id for m in matters], lambda ids: _spoken(session, ids))
    return {number: spoken or [] for number, spoken in told.items()}


def _spoken(session: Session, ids: Collection[int]) -> dict[int, list[Spoken]]:
    found: dict[int, list[Spoken]] = defaultdict(list)
    rows = plain(session, ALL_SAID, tickets=list(ids)) if ids else ()
    for ticket_id, merged_into, text, kind, heard, by_id, note, data in rows:
        at = datetime.fromisoformat(data["said_at"]) if "said_at" in data else heard
        if merged_into is None:
            found[ticket_id].append(Spoken(at, by_id, note))
        else:
            found[merged_into].append(Spoken(at, by_id, text if kind == "opened" else note))
    return found
