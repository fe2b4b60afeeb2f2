"""Rows that name a row which is not there. Both engines are asked the same way: a key may be lost on either."""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.asks import Ask
from models.base import Base
from models.chats import Chat
from models.choices import Choice
from models.integrity.finding import Finding, found
from models.letters import FOLDED, Letter
from models.tickets import Ticket

Loose = tuple[InstrumentedAttribute[int | None], type[Base], ColumnElement[bool]]
"""A column that names a row without the engine's knowing, the table of that row, and when it counts"""

ASKED = (Choice.letter_id, Letter, Choice.answer.is_(None))
LOOSE: tuple[Loose, ...] = (
    (Ticket.card_id, Letter, Ticket.card_id.is_not(None)),
    (Letter.folded_id, Letter, Letter.state == FOLDED),
    (Letter.edits_id, Letter, Letter.state == "waiting"),
    (Chat.about_ticket_id, Ticket, Chat.about_ticket_id.is_not(None)),
    ASKED,
)


def orphans(session: Session) -> Iterator[Finding]:
    """One finding a column, with the first row that is meant."""
    yield from _keyed(session)
    yield from _loose(session)
    yield from _listed(session)


def _keyed(session: Session) -> Iterator[Finding]:
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            there = key.column.table.alias()
            lost = table.outerjoin(there, key.parent == there.c[key.column.name])
            wanted = and_(key.parent.is_not(None), there.c[key.column.name].is_(None))
            counts = select(func.count(), func.min(table.c.id)).select_from(lost).where(wanted)
            count, first = session.execute(counts).one()
            if count:
                yield found("orphan", table=table.name, column=key.parent.name, count=count, first=first)


def _loose(session: Session) -> Iterator[Finding]:
    for column, target, counts in LOOSE:
        there = aliased(target)
        own = column.class_
        lost = select(func.count(), func.min(own.id)).outerjoin(there, column == there.id)
        count, first = session.execute(lost.where(counts, column.is_not(None), there.id.is_(None))).one()
        if count:
            yield found("orphan", table=own.__tablename__, column=column.key, count=count, first=first)


def _listed(session: Session) -> Iterator[Finding]:
    """Ids that stand in lists: the letters of a question to a member, the tickets of a question to a speaker."""
    asked = [(i, ids) for i, ids in session.execute(select(Ask.id, Ask.letters).where(Ask.answer.is_(None)))]
    offered = [(i, ids) for i, ids in session.execute(select(Choice.id, Choice.tickets).where(Choice.answer.is_(None)))]
    for table, column, rows, target in (("asks", "letters", asked, Letter), ("choices", "tickets", offered, Ticket)):
        named = set(chain.from_iterable(ids for _, ids in rows))
        gone = named - set(session.scalars(select(target.id).where(target.id.in_(named))))
        lost = [i for i, ids in rows if gone.intersection(ids)]
        if lost:
            yield found("orphan", table=table, column=column, count=len(lost), first=lost[0])
