"""Every ticket with its history, some at a time: a million of them do not fit into memory.

What cannot be read is no reason to stop: it comes as something that the row's link does not fit.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from models.tickets import Ticket, TicketEvent

AT_ONCE = 500  # tickets
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One history row, without words and without who acted."""

    kind: str
    state: str
    at: datetime
    data: dict[str, Any]
    chain: str


@dataclass(frozen=True, slots=True)
class History:
    number: int
    unit_id: int
    state: str
    chain: str
    merged: bool
    rows: list[Row]


def histories(session: Session) -> Iterator[History]:
    """In the order in which the tickets were written."""
    last = 0
    while tickets := _tickets_after(session, last):
        ids = [row.id for row in tickets]
        rows = _rows(session, ids)
        for ticket in tickets:
            merged = ticket.merged_into_id is not None
            yield History(ticket.number, ticket.unit_id, ticket.state, ticket.chain, merged, rows[ticket.id])
        last = ids[-1]


def _tickets_after(session: Session, last: int) -> list[Any]:
    columns = (Ticket.id, Ticket.number, Ticket.unit_id, Ticket.state, Ticket.chain, Ticket.merged_into_id)
    return list(session.execute(select(*columns).where(Ticket.id > last).order_by(Ticket.id).limit(AT_ONCE)))


def _rows(session: Session, ids: list[int]) -> dict[int, list[Row]]:
    plain = session.get_bind().dialect.name == "sqlite"  # which keeps whatever was written into a time
    at = cast(TicketEvent.at, Text) if plain else TicketEvent.at
    columns = (TicketEvent.kind, TicketEvent.state, at, cast(TicketEvent.data, Text), TicketEvent.chain)
    theirs = select(TicketEvent.ticket_id, *columns).where(TicketEvent.ticket_id.in_(ids))
    rows: dict[int, list[Row]] = defaultdict(list)
    for ticket_id, kind, state, when, data, chain in session.execute(theirs.order_by(TicketEvent.id)):
        rows[ticket_id].append(Row(kind, state, _instant(when), _data(data), chain))
    return rows


def _instant(written: object) -> datetime:
    if isinstance(written, datetime):
        return written
    try:
        return datetime.fromisoformat(str(written)).replace(tzinfo=UTC)
    except ValueError:
        return NEVER


def _data(written: str) -> dict[str, Any]:
    try:
        data = json.loads(written)
    except ValueError:
        data = None
    return data if isinstance(data, dict) else {"unreadable": written}
