"""New rows written at once are rows like others: whole, in the session, and gone with the savepoint that takes them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.chats import Chat, enter_chat
from models.database import open_engine, open_sessions
from models.direct import insert_now
from models.letters import Letter, letters_after, to_body
from models.people import Identity, Person, find_person
from models.schema import create_tables

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Any) -> Iterator[Session]:
    engine = open_engine(f"sqlite:///{tmp_path}/grid.db", durable=False)
    create_tables(engine)
    with open_sessions(engine).begin() as session:
        yield session
    engine.dispose()


def letter(session: Session, **given: Any) -> Letter:
    chat = enter_chat(session, "telegram", "999", "-1")
    about = {"kind": "ping", "priority": 10, "body": to_body((), ()), "written_at": NOON, "due_at": NOON}
    return Letter(chat=chat, **{**about, **given})


def columns_of(row: object) -> dict[str, Any]:
    return {attribute.key: getattr(row, attribute.key) for attribute in inspect(type(row)).column_attrs}


def test_what_is_written_at_once_reads_like_what_was_flushed(session: Session) -> None:
    one, other = letter(session, dedupe="a"), letter(session, dedupe="b")
    insert_now(session, one)
    session.add(other)
    session.flush()
    known = columns_of(one)
    session.expire_all()
    assert columns_of(one) == known
    assert {**columns_of(other), "id": one.id, "dedupe": "a"} == known


def test_nothing_is_left_to_write(session: Session) -> None:
    person = Person(name="王奶奶", identities=[], posts=[])
    insert_now(session, person, Identity(person=person, channel="telegram", external_id="7"))
    told: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: told.append(given[2]))
    session.flush()
    assert told == []
    assert [identity.external_id for identity in person.identities] == ["7"]
    assert find_person(session, "telegram", "7") is person


def test_it_changes_like_any_other(session: Session) -> None:
    written = letter(session)
    insert_now(session, written)
    written.state = "sent"
    session.flush()
    session.expire_all()
    assert [found.state for found in letters_after(session, 0)] == ["sent"]


def test_a_savepoint_takes_it_back_and_its_number_is_free_again(session: Session) -> None:
    kept = letter(session)
    insert_now(session, kept)
    with pytest.raises(KeyError), session.begin_nested():
        gone = letter(session)
        insert_now(session, gone)
        raise KeyError
    again = letter(session)
    insert_now(session, again)
    assert gone not in session
    assert again.id == gone.id
    assert letters_after(session, 0) == [kept, again]


def test_what_waited_goes_first(session: Session) -> None:
    chat = Chat(channel="telegram", account="999", external_id="-2")
    session.add(chat)
    written = letter(session)
    written.chat = chat
    insert_now(session, written)
    assert written.chat_id == chat.id is not None


def test_what_the_engine_refuses_is_not_in_the_session(session: Session) -> None:
    insert_now(session, letter(session, dedupe="card:1"))
    twice = letter(session, dedupe="card:1")
    with pytest.raises(IntegrityError), session.begin_nested():
        insert_now(session, twice)
    assert twice not in session
    assert len(letters_after(session, 0)) == 1


def test_what_refers_to_a_row_that_is_not_written_is_refused(session: Session) -> None:
    with pytest.raises(AssertionError, match="Person is not written"):
        insert_now(session, Identity(person=Person(name="王奶奶"), channel="telegram", external_id="7"))
