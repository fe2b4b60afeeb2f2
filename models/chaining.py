"""Links for history rows that were written without them: by versions before the chain, or by other programs."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import JSON, Connection, String, bindparam, column, func, select, table, update

from models.base import UtcTime
from models.chain import next_link

AT_ONCE = 500  # tickets
TICKETS = table("tickets", column("id"), column("number"), column("chain", String))
EVENTS = table(
    "ticket_events",
    *(column("id"), column("ticket_id"), column("kind", String), column("state", String)),
    *(column("at", UtcTime(timezone=True)), column("data", JSON), column("chain", String)),
)
"""The few columns that a link is made of, however the tables look otherwise: a migration uses this."""


def chain_all(connection: Connection) -> int:
    """Give every history row its link, from the first on; returns how many rows there were."""
    written = 0
    newest = connection.scalar(select(func.max(TICKETS.c.id))) or 0
    for first in range(1, newest + 1, AT_ONCE):
        written += _chain_some(connection, first, first + AT_ONCE)
    return written


def _chain_some(connection: Connection, first: int, end: int) -> int:
    numbers = _numbers(connection, first, end)
    events: list[dict[str, Any]] = []
    tickets: list[dict[str, Any]] = []
    for ticket_id, rows in groupby(_rows(connection, first, end), key=lambda row: row.ticket_id):
        link = ""
        for row in rows:
            link = next_link(link, numbers[ticket_id], row.kind, row.state, row.at, row.data)
            events.append({"row": row.id, "link": link})
        tickets.append({"row": ticket_id, "link": link})
    for where, links in ((EVENTS, events), (TICKETS, tickets)):
        if links:
            change = update(where).where(where.c.id == bindparam("row")).values(chain=bindparam("link"))
            connection.execute(change, links)
    return len(events)


def _numbers(connection: Connection, first: int, end: int) -> dict[int, int]:
    found = select(TICKETS.c.id, TICKETS.c.number).where(TICKETS.c.id >= first, TICKETS.c.id < end)
    return {row.id: row.number for row in connection.execute(found)}


def _rows(connection: Connection, first: int, end: int) -> Iterator[Any]:
    of_these = EVENTS.c.ticket_id.in_(select(TICKETS.c.id).where(TICKETS.c.id >= first, TICKETS.c.id < end))
    found = select(EVENTS).where(of_these, EVENTS.c.ticket_id >= first, EVENTS.c.ticket_id < end)
    yield from connection.execute(found.order_by(EVENTS.c.ticket_id, EVENTS.c.id))
