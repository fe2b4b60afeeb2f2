"""What one transaction has read counts in the next exactly as long as nobody has written in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, update

from models.carried import Carried
from models.chats import Chat, enter_chat, find_chat
from models.database import Sessions, open_engine, open_sessions
from models.once import see_once
from models.schema import create_tables


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'carried.db'}", durable=False)
    create_tables(engine)
    with open_sessions(engine).begin() as session:
        enter_chat(session, "telegram", "1", "-100", title="幸福里")
    yield engine
    engine.dispose()


@contextmanager
def asked(engine: Engine) -> Iterator[list[str]]:
    """The questions that reach the database meanwhile."""
    seen: list[str] = []

    def note(_: object, cursor: object, statement: str, *more: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def title(carried: Carried) -> str:
    with carried.begin() as session:
        see_once(session)
        chat = find_chat(session, "telegram", "-100")
        assert chat is not None
        return chat.title


def renamed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(update(Chat).values(title="新名"))


def test_nothing_is_asked_twice_while_nobody_writes(engine: Engine) -> None:
    carried = Carried(open_sessions(engine))
    title(carried)
    with asked(engine) as questions:
        assert title(carried) == "幸福里"
    assert questions == []


def test_what_another_connection_wrote_is_seen(engine: Engine) -> None:
    carried = Carried(open_sessions(engine))
    title(carried)
    held = engine.raw_connection()  # the one that was used last: another one writes
    renamed(open_sessions(engine))
    held.close()
    assert title(carried) == "新名"


def test_what_another_process_wrote_is_seen(engine: Engine) -> None:
    carried = Carried(open_sessions(engine))
    title(carried)
    another = open_engine(str(engine.url), durable=False)
    renamed(open_sessions(another))
    another.dispose()
    assert title(carried) == "新名"


def test_what_the_same_connection_wrote_in_other_hands_is_seen(engine: Engine) -> None:
    """data_version says nothing of what was written on its own connection."""
    sessions = open_sessions(engine)
    carried = Carried(sessions)
    title(carried)
    renamed(sessions)
    assert title(carried) == "新名"


def test_what_the_transaction_itself_changed_is_read_again(engine: Engine) -> None:
    carried = Carried(open_sessions(engine))
    with carried.begin() as session:
        see_once(session)
        chat = find_chat(session, "telegram", "-100")
        assert chat is not None
        chat.present = not chat.present
    with asked(engine) as questions:
        title(carried)
    assert len(questions) == 1


def test_what_was_rolled_back_leaves_nothing_behind(engine: Engine) -> None:
    carried = Carried(open_sessions(engine))
    with pytest.raises(ZeroDivisionError), carried.begin() as session:
        see_once(session)
        chat = find_chat(session, "telegram", "-100")
        assert chat is not None
        chat.title = "坏"
        session.flush()
        raise ZeroDivisionError
    assert title(carried) == "幸福里"


def test_who_comes_while_it_is_used_begins_with_nothing(engine: Engine) -> None:
    sessions = open_sessions(engine)
    carried = Carried(sessions)
    title(carried)
    with carried.begin() as session:
        assert carried._kept == []
        see_once(session)
    assert carried._kept == [session]
