"""Whose roster is looked at: the database where there is one, else the file alone, seeded into a scratch one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.asked import judge_of
from bot.check.database import not_made_yet
from bot.config.faults import ConfigFaults
from bot.config.load import Config
from bot.open_database import faults_named
from bot.seed import seed
from models.database import open_engine, open_sessions
from models.schema import create_tables, schema_state
from models.units import all_units


@contextmanager
def roster_of(config: Config) -> Iterator[tuple[Session, str]]:
    """A session to read from, and which it is: "database" or "file"."""
    engine = _in_use(config)
    if engine is None:
        with _seeded(config) as session:
            yield session, "file"
        return
    with open_sessions(engine)() as session:
        yield session, "database"
    engine.dispose()


def _in_use(config: Config) -> Engine | None:
    """What was changed in chat counts; a database that cannot be used, or that never ran, does not."""
    if not_made_yet(config.database.url):
        return None
    engine = open_engine(config.database.url).execution_options(read_only=True)
    try:
        with faults_named(config.language, engine):
            if schema_state(engine) == "current":
                with open_sessions(engine)() as session:
                    if all_units(session):
                        return engine
    except ConfigFaults:
        return None
    engine.dispose()
    return None


@contextmanager
def _seeded(config: Config) -> Iterator[Session]:
    judge = judge_of(config)
    with TemporaryDirectory(prefix="gridbot-check-", ignore_cleanup_errors=True) as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'check.db'}", durable=False)
        create_tables(engine)
        with open_sessions(engine)() as session:
            seed(session, config, judge)
            yield session
            session.rollback()
        engine.dispose()
