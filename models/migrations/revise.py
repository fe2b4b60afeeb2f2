"""Write the next migration: python -m models.migrations.revise "what changes"."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from models.database import open_engine
from models.schema import MIGRATIONS


def revise(message: str) -> None:
    """The new file lies in models/migrations/versions; read it before you commit it."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'scratch.db'}")
        with engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=_next_id())
        engine.dispose()


def _next_id() -> str:
    return f"{len(list((MIGRATIONS / 'versions').glob('[0-9]*.py'))) + 1:04d}"


if __name__ == "__main__":
    revise(sys.argv[1])
