"""The migrations lead to exactly the tables that the program has."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from models.database import open_engine
from models.schema import migrate, schema_state
from models.tables import Base


def test_the_migrations_lead_to_the_tables_of_the_program(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    assert schema_state(engine) == "empty"
    migrate(engine)
    assert schema_state(engine) == "current"
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
