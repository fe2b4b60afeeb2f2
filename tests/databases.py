"""Databases of their own on the tests' PostgreSQL: for what is dumped, migrated or restored as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine

from models.schema import MIGRATIONS
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


def call_it_current(engine: Engine) -> None:
    """The tables of a story are made at once: write down that they have the newest shape, as migrating does."""
    script = ScriptDirectory(str(MIGRATIONS))
    with engine.begin() as connection:
        MigrationContext.configure(connection).stamp(script, "head")
