"""What all tables share: times that refuse to be naive, and the one way to claim a due row."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, Index, MetaData, select, text, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An instant. Aware times only, kept in UTC; SQLite stores it without the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """SQLite is given text, as its own way of writing would be, in one call."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """SQLite hands over text: one call makes an instant of it, where the parts that make one take four."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"naive time {value!r}")
    return value.astimezone(UTC)


def _to_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written + "+00:00")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON, list[Any]: JSON}

    id: Mapped[int] = mapped_column(primary_key=True)


def index_where(name: str, *columns: str, where: str) -> Index:
    """An index of some rows only; whoever asks by it says the same condition in the same words."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def where_filled(name: str, *columns: str, filled: str = "") -> Index:
    """An index of the rows in which the column says something: most hold nothing, and cost nothing."""
    return index_where(name, *columns, where=f"{filled or columns[0]} IS NOT NULL")


def apart(session: Session) -> AbstractContextManager[object]:
    """For what another machine may write at the same time: a savepoint, so that losing costs nothing else. On SQLite
    whoever writes is alone, and needs none.
    """
    alone = session.get_bind().dialect.name == "sqlite"
    return nullcontext() if alone else session.begin_nested()


Claimed = tuple[type[Base], int, str]
"""(table, id, column) of a row whose due time we took away"""


def claim(session: Session, row: Base, column: str, to: Any) -> bool:
    """Set `column` to `to` if it still holds the value that we read; False means that another machine was quicker.

    The session remembers what was claimed, so that a row on which our code fails can be put off (`put_off`).
    """
    table = type(row)
    seen = getattr(table, column) == getattr(row, column)
    statement = update(table).where(table.id == row.id, seen).values({column: to})
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    session.expire(row, [column])
    mine = result.rowcount == 1
    if mine:
        session.info["claimed"] = (table, row.id, column)
    return mine


Row = TypeVar("Row", bound=Base)


def take_due(session: Session, table: type[Row], column: str, now: datetime, *only: ColumnElement[bool]) -> Row | None:
    """One row whose `column` has come, claimed for us; None when there is none.

    Read afresh each time: after a lost race the session would show its own old value for ever.
    """
    due = getattr(table, column)
    first = select(table).where(due <= now, *only, *ours(session, table)).order_by(due, table.id).limit(1)
    while row := session.scalars(first, execution_options={"populate_existing": True}).first():
        if claim(session, row, column, None):
            return row
    return None


def ours(session: Session, table: type[Base]) -> tuple[ColumnElement[bool], ...]:
    """What keeps us to the rows of our own street (models/streets.py), where several share the database."""
    street = session.info.get("street")
    return (street(table),) if street is not None else ()


def blame(session: Session, table: type[Base], row_id: int, column: str) -> None:
    """Of many rows that were claimed together: on which our code works now."""
    session.info["claimed"] = (table, row_id, column)


def put_off(session: Session, claimed: Claimed, until: datetime) -> None:
    """Push the due time of a row on which our code failed, so that the others get their turn."""
    table, row_id, column = claimed
    session.execute(update(table).where(table.id == row_id).values({column: until}))
