"""What the engine itself says of its file."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from models.integrity.finding import Finding, found

SOUND = "ok"


def damage(session: Session) -> Iterator[Finding]:
    """SQLite's own look at every page; PostgreSQL's server looks after its own files."""
    if session.get_bind().dialect.name == "sqlite":
        connection = session.connection()
        lines = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
        yield from (found("damaged", why=line) for line in lines if line != SOUND)
