"""A look at a database that changes nothing and sees one instant, however long it takes and whoever writes then."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from models.database import open_engine


def open_frozen(url: str) -> Engine:
    """An engine that can only read; a file that is not there is not made."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return open_engine(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    engine = create_engine("sqlite://", creator=lambda: _only_reading(Path(parsed.database or "")))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


@contextmanager
def frozen(engine: Engine) -> Iterator[Session]:
    """One transaction; a reader that takes a break is not thrown out."""
    with Session(engine) as session:
        if engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield session


def _only_reading(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=15, check_same_thread=False)
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")
    return connection
