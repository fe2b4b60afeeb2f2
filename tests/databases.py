"""Databases of their own on the tests' PostgreSQL: for what is dumped, migrated or restored as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, create_engine

from tests import postgres


@contextmanager
def empty_databases(*names: str) -> Iterator[list[str]]:
    """The URLs of new databases without any table; gone afterwards."""
    with postgres.server() as running:
        for name in names:
            _alone(running, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
        yield [running.set(database=name).render_as_string(hide_password=False) for name in names]
        for name in names:
            _alone(running, f'DROP DATABASE "{name}"')


def _alone(server: URL, *statements: str) -> None:
    """Outside of any transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
