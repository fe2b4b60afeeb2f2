"""The shape of the tables: made at once in an empty database, changed only by `gridbot migrate`."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from models.tables import Base
from models.turns import wait_turn

MIGRATIONS = Path(__file__).with_name("migrations")


def schema_state(engine: Engine) -> str:
    """empty, current, old (older or newer than this program), or foreign (tables, but none of ours)."""
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        tables = inspect(connection).get_table_names()
    if revision is None:
        return "foreign" if tables else "empty"
    return "current" if revision == ScriptDirectory(str(MIGRATIONS)).get_current_head() else "old"


def migrate(engine: Engine) -> None:
    """Bring the database to the newest shape, step by step; of two processes at once the second finds it done."""
    with engine.connect() as connection:
        config = AlembicConfig()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        wait_turn(connection)
        command.upgrade(config, "head")
        connection.commit()


def create_tables(engine: Engine) -> None:
    """All tables of the newest shape without the steps that led there: for throw-away databases."""
    Base.metadata.create_all(engine)
