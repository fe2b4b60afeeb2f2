"""Databases of their own on the tests' PostgreSQL: for what is dumped, migrated or restored as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine

from models.database import open_engine
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


def unchained(url: str) -> Engine:
    """A database of the version before, with histories in it."""
    engine = open_engine(url)
    with engine.connect() as connection:
        config = AlembicConfig()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.commit()
    return engine


def old_story(engine: Engine, tickets: int) -> None:
    """As the program of that version would have left it."""
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run("INSERT INTO units (id, name, level) VALUES (1, '幸福里第3网格', '网格')")
        run(
            "INSERT INTO chats (id, channel, account, external_id, kind, title, present)"
            " VALUES (1, 'telegram', '1', '-1', 'residents', '', true)"
        )
        for n in range(1, tickets + 1):
            run(
                "INSERT INTO tickets (id, number, state, unit_id, chat_id, text, thing, category, private, place,"
                " place_key, verdict, opened_at, due_at, rung, reminded, late, reopened, note) VALUES"
                f" ({n}, {n}, 'settled', 1, 1, 'x', 'x', '环境卫生', false, '', '', '{{}}', '2026-03-02 01:00:00',"
                " '2026-03-05 10:00:00', 0, false, false, 0, '')"
            )
            for kind, state, at in (("opened", "open", "01:00:00.000007"), ("settle", "settled", "02:30:00")):
                run(
                    "INSERT INTO ticket_events (ticket_id, kind, state, at, note, data) VALUES"
                    f""" ({n}, '{kind}', '{state}', '2026-03-02 {at}', 'x', '{{"level": "网格", "score": 0.84}}')"""
                )
