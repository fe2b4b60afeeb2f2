"""What the engine itself says of its file."""

from collections.abc import Iterator

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from models.integrity.finding import Finding, found

SOUND = "ok"


def damage(session: Session) -> Iterator[Finding]:
    """SQLite's own look at every page; PostgreSQL's server looks after its own files."""
    if session.get_bind().dialect.name == "sqlite":
        yield from (found("damaged", why=line) for line in _complaints(session) if line != SOUND)


def _complaints(session: Session) -> list[str]:
    try:
        return list(session.connection().exec_driver_sql("PRAGMA integrity_check(20)").scalars())
    except DatabaseError as wrong:  # too damaged for that
        return [str(wrong.orig)]
