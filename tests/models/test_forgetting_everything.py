"""Every table, found by itself: a row full of a person's words keeps none of them when the person is forgotten."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Engine, Table, insert
from sqlalchemy.orm import Session

from models.base import UtcTime
from models.database import open_engine, open_sessions
from models.people import Identity, Person
from models.privacy import drop_loose_ends, erase
from models.schema import create_tables
from models.tables import Base

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARK, ACCOUNT = "说过的话", "4711"
NOBODYS = {
    "units": "names of places of work",
    "chat_aliases": "old ids of groups",
    "counters": "the next number",
    "lanes": "send limits",
    "secrets": "the deployment's own key",
    "setup_codes": "hashes",
    "taken_updates": "numbers of updates, for two days",
    "posts": "only staff hold them; figures are counted by them after they ended",
    "pointers": "numbers of messages",
    "incidents": "kinds of trouble and numbers of rows",
    "pulses": "machines",
    "outages": "times, and numbers of lines",
}
FIXED: dict[str, Any] = {
    "channel": "telegram",
    "account": "999",
    "state": "sent",
    "kind": "reply",
    "part": "other_side",
    "grade": "good",
    "external_id": ACCOUNT,
    "sender_id": ACCOUNT,
    "category": "环境卫生",
    "weekdays": "01",
    "role": "grid_member",
    "came_by": "group",
    "level": "",
    "dedupe": "k",
    "emergency": None,
    "way": "",
    "wish": "",
    "respond_term": "",
    "settle_term": "",
    "forgotten_at": None,
    "merged_into_id": None,
    **dict.fromkeys(("thread_id", "message_id", "reply_to", "query_id", "event_id", "album_id"), "7"),
    "household": "a hash",
    "mark": "a hash",
    "chain": "a hash",
    "details": {"until": "a date"},
    "error": "a fault of the channel",
    **dict.fromkeys(("tickets", "files", "letters", "scope", "landmarks"), []),
    "event": f'{{"sender": {{"id": "{ACCOUNT}"}}, "text": "{MARK}"}}',
}
FREE = {table.name for table in Base.metadata.sorted_tables} - NOBODYS.keys()


def value_of(column: Column[Any]) -> Any:
    """Words wherever words fit."""
    if column.name in FIXED:
        return FIXED[column.name]
    kinds: dict[type, Any] = {
        str: MARK,
        dict: {"sender": {"id": ACCOUNT, "name": MARK}, "segments": [["t", MARK, False]], "to": 1, "text": MARK},
        int: 1,
        bool: False,
        float: 0.5,
        datetime: NOW,
        date: date(2026, 3, 2),
        time: time(9),
    }
    return kinds[kind_of(column)]


def kind_of(column: Column[Any]) -> type:
    if isinstance(column.type, JSON):
        return dict
    return datetime if isinstance(column.type, UtcTime) else column.type.python_type


def fill(session: Session, table: Table) -> None:
    """One row: every reference is the first row of the other table, all of which are this person's."""
    columns = [c for c in table.columns if c.name != "id"]
    session.execute(insert(table).values(id=1, **{c.name: value_of(c) for c in columns}))


@pytest.fixture
def engine(tmp_path: Any) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'all.db'}", durable=False)
    create_tables(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    return engine


def stands_in(session: Session, words: str) -> list[str]:
    rows = {t.name: str(session.execute(t.select()).all()) for t in Base.metadata.sorted_tables}
    return [name for name, kept in rows.items() if words in kept and name not in NOBODYS]


def test_no_table_keeps_a_word_of_who_was_forgotten(engine: Engine) -> None:
    with open_sessions(engine).begin() as session:
        for table in Base.metadata.sorted_tables:
            fill(session, table)
        chat = Base.metadata.tables["chats"]
        session.execute(chat.update().values(kind="private"))
    with open_sessions(engine).begin() as session:
        assert set(stands_in(session, MARK)) >= FREE - {"identities", "marks", "pauses"} - without_words()
        erase(session, session.get_one(Person, 1), NOW, "-", "-")
        drop_loose_ends(session, NOW)
        session.flush()
        assert stands_in(session, MARK) == []
        assert session.get(Identity, 1) is None


def without_words() -> set[str]:
    """Tables in which no column takes free words."""
    found = set()
    for table in Base.metadata.sorted_tables:
        free = [c for c in table.columns if c.name not in FIXED and kind_of(c) in (str, dict)]
        if not free:
            found.add(table.name)
    return found
