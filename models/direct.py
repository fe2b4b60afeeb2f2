"""Past the unit of work: plain rows read, and new rows written at once.

An object costs three times what its row costs to read, and to find out by itself what is new, in which order and with
what, costs the session ten times the insert: of a message that opens a ticket these two were most.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Insert, Select, Table, insert, literal_column
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapper, RelationshipProperty, Session, class_mapper
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.interfaces import MANYTOONE

from models.base import Base
from models.once import before_writing


def columns(table: type[Base]) -> Any:
    """Its columns as SQL knows them: a select of nothing else can be read with `plain`."""
    return table.__table__.c


def among(column: ColumnElement[Any], words: Iterable[str]) -> ColumnElement[bool]:
    """Does it say one of these words of ours? They stand in the statement itself: a list of values would be put into it
    anew each time.
    """
    known = list(words)
    assert all(word.isidentifier() for word in known)
    return column.op("IN", is_comparison=True)(literal_column(f"({', '.join(map(repr, known))})"))


def plain(session: Session, statement: Select[Any], **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """The rows as they are, no objects; what waits to be written goes first, as before any other select."""
    session.flush()
    return session.connection().execute(statement, values)


def insert_now(session: Session, *rows: Base) -> None:
    """Write these new rows in this order, each after those that it refers to; they are in the session then, as after a
    flush, and a savepoint takes them back. What else waits to be written goes first; new rows that belong to these must
    be named too. Raises what the engine refuses them with.
    """
    session.flush()
    before_writing(session)
    connection = session.connection()
    for row in rows:
        plan = _plan(type(row))
        result = connection.execute(plan.statement, plan.complete(row))
        assert result.inserted_primary_key is not None
        row.__dict__["id"] = result.inserted_primary_key[0]
    states = [instance_state(row) for row in rows]
    for state in states:
        session._save_impl(state)  # as add(), which would look for more through all that a row refers to
    session._register_persistent(set(states))


@dataclass(frozen=True)
class _Plan:
    """How rows of one table are written. `columns`: with what they hold where nothing is said; `references`: the
    relationships from which a column has its value.
    """

    statement: Insert
    columns: dict[str, Callable[[], Any]]
    references: dict[str, str]

    def complete(self, row: Base) -> dict[str, Any]:
        """All values of the row, which knows them from now on."""
        known = row.__dict__
        for name, column in self.references.items():
            if name in known:
                known[column] = _number_of(known[name])
        for column, default in self.columns.items():
            if column not in known:
                known[column] = default()
        return {column: known[column] for column in self.columns}


def _number_of(row: Base | None) -> int | None:
    """A reference to what is not written itself would be lost without a word."""
    if row is None:
        return None
    assert row.id is not None, f"{type(row).__name__} is not written yet"
    return row.id


@cache
def _plan(table: type[Base]) -> _Plan:
    mapper: Mapper[Any] = class_mapper(table)
    references = {r.key: _column(r) for r in mapper.relationships if r.direction is MANYTOONE}
    defaults = {column.key: _default(column) for column in mapper.columns if not column.primary_key}
    return _Plan(insert(cast(Table, table.__table__)), defaults, references)


def _column(reference: RelationshipProperty[Any]) -> str:
    """Which of our columns holds it."""
    ((ours, _),) = reference.local_remote_pairs or ()
    return str(ours.key)


def _default(column: Column[Any]) -> Callable[[], Any]:
    default = column.default
    if default is None:
        return lambda: None
    if default.is_callable:
        return lambda: default.arg(None)  # type: ignore[attr-defined]
    return lambda: default.arg  # type: ignore[attr-defined]
