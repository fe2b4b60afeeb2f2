"""Copies of a whole database: how one is made of a file, what it holds, and what must change before it lives again."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, table, update
from sqlalchemy.orm import Session

from models.chats import Chat
from models.integrity.engine import damage
from models.letters import Letter
from models.numbers import last_number, skip_to
from models.tables import Base
from models.taken import TakenUpdate
from models.tickets import TicketEvent

VERSIONS = "alembic_version"
COUNTED = ("tickets", "ticket_events", "letters")


@dataclass(frozen=True)
class Held:
    """What a copy holds. `number`: the last one that was given; `at`: when the program last did anything."""

    counts: dict[str, int]
    number: int
    at: datetime | None


def copy_file(source: Path, target: Path) -> None:
    """Everything committed by now, into an empty file; writers go on meanwhile. What was deleted does not come along:
    the pages are written anew. The file is not yet on the disk when this returns.
    """
    where = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(where, uri=True, timeout=15, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def complaints(session: Session) -> list[str]:
    """What the engine has to say against the copy; nothing, as a rule."""
    return [str(finding.values["why"]) for finding in damage(session)]


def held_in(session: Session) -> Held:
    """Of a copy of an older shape, too."""
    signs = [session.scalar(select(func.max(column))) for column in (TakenUpdate.at, TicketEvent.at)]
    counts = {name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in COUNTED}
    return Held(counts, last_number(session), max((at for at in signs if at is not None), default=None))


def tables_there(engine: Engine) -> tuple[str, list[str]]:
    """The schema in which our tables are, and their names with that of the table of versions."""
    inspector = inspect(engine)
    ours = {*Base.metadata.tables, VERSIONS}
    return inspector.default_schema_name or "public", sorted(ours.intersection(inspector.get_table_names()))


def awake_after_loss(session: Session, number: int, now: datetime) -> int:
    """A copy lives again after the original went on for a while: what the original has said is not said again.

    Numbers up to this one are not given any more, letters that waited are withdrawn, calls and summaries of groups
    whose time has come since are left out. Returns how many letters were withdrawn.
    """
    waited = update(Letter).where(Letter.state == "waiting").values(state="stale", error="restored")
    withdrawn = session.execute(waited, execution_options={"synchronize_session": False})
    for column in (Chat.talk_due_at, Chat.week_due_at):
        session.execute(update(Chat).where(column <= now).values({column: None}))
    skip_to(session, number)
    return withdrawn.rowcount  # type: ignore[attr-defined, no-any-return]
