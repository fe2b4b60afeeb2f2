"""The database itself: aware times only, one winner for each claim, and engine trouble that is told apart from ours."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from models.base import claim, put_off
from models.chats import Chat, find_chat, take_due_chat
from models.database import is_engine_fault, open_engine, open_sessions
from models.people import Person
from models.schema import create_tables, schema_state
from tests.world import RESIDENTS, World

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}", durable=False)
    create_tables(engine)
    return engine


def test_a_time_without_zone_is_refused(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(StatementError, match="naive time"):
        session.add(Person(name="x", forgotten_at=datetime(2026, 3, 2)))
        session.flush()
    engine.dispose()


def test_times_come_back_aware_and_in_utc(engine: Engine) -> None:
    with open_sessions(engine).begin() as session:
        session.add(Person(name="x", forgotten_at=NOON.astimezone(timezone(timedelta(hours=8)))))
    with Session(engine) as session:
        kept = session.query(Person).one().forgotten_at
        assert kept == NOON and kept is not None and kept.tzinfo is UTC
    engine.dispose()


def due_chat(engine: Engine) -> None:
    with open_sessions(engine).begin() as session:
        session.add(Chat(channel="t", account="1", external_id="-1", talk_due_at=NOON))


def test_a_lost_race_ends(engine: Engine) -> None:
    """After a lost claim the row must be read afresh, else the loop meets its old value for ever."""
    due_chat(engine)
    with Session(engine) as session:
        chat = session.query(Chat).one()
        session.connection().exec_driver_sql("UPDATE chats SET talk_due_at = NULL")  # as another machine would
        assert chat.talk_due_at == NOON, "still remembered"
        assert not claim(session, chat, "talk_due_at", None)
        assert take_due_chat(session, "talk_due_at", NOON) is None
    engine.dispose()


def test_a_claim_is_won_once(engine: Engine) -> None:
    due_chat(engine)
    with open_sessions(engine).begin() as session:
        chat = session.query(Chat).one()
        assert claim(session, chat, "talk_due_at", None)
        assert session.info["claimed"] == (Chat, chat.id, "talk_due_at")
        put_off(session, session.info["claimed"], NOON + timedelta(hours=1))
    with Session(engine) as session:
        assert take_due_chat(session, "talk_due_at", NOON) is None
        assert take_due_chat(session, "talk_due_at", NOON + timedelta(hours=1)) is not None
    engine.dispose()


def test_a_damaged_file_is_the_engines_trouble(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(b"this is no database, whatever it is called" * 200)
    engine = open_engine(f"sqlite:///{file}")
    with pytest.raises(DBAPIError) as raised:
        schema_state(engine)
    assert is_engine_fault(raised.value)
    assert "not a database" in str(raised.value)
    engine.dispose()


def test_what_a_message_says_is_never_in_an_engines_complaint(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(DBAPIError) as raised:
        session.add_all([Chat(channel="t", account="1", external_id="-1", title="私下的话") for _ in range(2)])
        session.flush()
    assert "私下的话" not in str(raised.value) and not is_engine_fault(raised.value)
    engine.dispose()


class Disk:
    """A disk that can be full: SQLite is given no page more than it has. The limit is each connection's own."""

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            self.pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        event.listen(engine, "checkout", self.limit)

    def limit(self, connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={self.pages}")

    def free(self) -> None:
        self.pages = 1_000_000


def test_a_full_disk_loses_nothing(world: World) -> None:
    """Nothing is acknowledged, nothing half done; with room again the same batch goes through."""
    if world.engine.dialect.name != "sqlite":
        pytest.skip("a full disk is played with SQLite's own limit")
    disk = Disk(world.engine)
    long = "号楼2单元的路灯坏了三天了，没人修，" + "楼道里黑得看不见路" * 300
    batch = [world.incoming("王阿姨", f"{n}{long}", RESIDENTS) for n in range(1, 12)]
    with pytest.raises(DBAPIError, match="disk is full") as raised:
        world.inbox.receive_now(batch)
    assert is_engine_fault(raised.value)
    assert world.tickets() == 0 and world.lines() == []
    with world.sessions() as session:
        assert find_chat(session, "telegram", RESIDENTS) is not None, "it can still be read"
    disk.free()
    outcomes = world.receive(*batch)
    assert {o.kind for o in outcomes} <= {"opened", "joined"} and world.tickets() > 0
