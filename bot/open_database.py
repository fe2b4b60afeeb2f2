"""The deployment's database, in the shape that this program knows."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from bot.config.faults import ConfigFaults, Fault, fault
from bot.config.load import Config
from models.database import open_engine
from models.schema import migrate, schema_state


def open_ready(config: Config) -> Engine:
    """Made if it is empty. Raises ConfigFaults when it cannot be opened, is of another shape, or is not ours."""
    engine = open_engine(config.database.url)
    with faults_named(config.language, engine):
        state = schema_state(engine)
        if state == "empty":
            migrate(engine)
        elif state != "current":
            raise ConfigFaults([shape_fault(config.language, state)])
    return engine


def bring_up_to_date(config: Config) -> str:
    """Change the tables to the newest shape; gives the state before: empty, old or current."""
    engine = open_engine(config.database.url)
    with faults_named(config.language, engine):
        state = schema_state(engine)
        if state == "foreign":
            raise ConfigFaults([shape_fault(config.language, state)])
        migrate(engine)
    engine.dispose()
    return state


def shape_fault(language: str, state: str) -> Fault:
    return fault(language, "database.url", f"database_{state}")


@contextmanager
def faults_named(language: str, engine: Engine) -> Iterator[None]:
    """Turn the engine's complaints into faults; an engine that cannot be used is closed."""
    try:
        yield
    except CommandError:  # alembic does not know the revision: a newer program was here
        engine.dispose()
        raise ConfigFaults([shape_fault(language, "newer")]) from None
    except DatabaseError as wrong:
        engine.dispose()
        why = str(wrong.orig).strip().partition("\n")[0]
        raise ConfigFaults([fault(language, "database.url", "database_broken", why=why)]) from None
    except ConfigFaults:
        engine.dispose()
        raise
