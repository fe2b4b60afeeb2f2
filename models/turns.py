"""What one process does at a time on a shared database: making the tables, and writing down what the file says."""

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

STARTING = 0x67726964626F74  # "gridbot" in ASCII: nobody else's advisory locks


def wait_turn(connection: Connection | Session) -> None:
    """Ours until the transaction ends. On SQLite writers take turns anyway."""
    engine = connection.get_bind() if isinstance(connection, Session) else connection
    if engine.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(STARTING)))
