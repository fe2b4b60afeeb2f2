"""Opening the database: SQLite as the embedded default, PostgreSQL by the same code."""

import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]

OURS = (IntegrityError, DataError, ProgrammingError, NotSupportedError)
"""Engine errors that speak of our code or of one message."""


def open_engine(url: str, *, durable: bool = True) -> Engine:
    """An engine for this URL; `durable=False` is for throw-away databases (no fsync). Raises on an unreadable URL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, durable)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)


def open_sessions(engine: Engine) -> Sessions:
    return sessionmaker(engine, expire_on_commit=False)


def is_engine_fault(fault: BaseException) -> bool:
    """Is it the engine's own trouble (full disk, lost connection, damaged file)? Then nothing else is to blame."""
    return isinstance(fault, DBAPIError) and (fault.connection_invalidated or not isinstance(fault, OURS))


def first_fault(fault: DBAPIError) -> DBAPIError:
    """What went wrong first: after a full disk SQLite also complains of the savepoint that went with the rest."""
    first: BaseException = fault
    while isinstance(first.__context__, DBAPIError):
        first = first.__context__
    assert isinstance(first, DBAPIError)
    return first


def _sqlite(url: str, durable: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 15, "check_same_thread": False}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we write BEGIN ourselves, see below
        for pragma in ("journal_mode=WAL", f"synchronous={'FULL' if durable else 'OFF'}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # BEGIN IMMEDIATE: a transaction that reads first and writes later could otherwise meet "database is locked"
        reading = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
