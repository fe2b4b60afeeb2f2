"""Threads of one process that write to one SQLite file take turns without sleeping in between."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from models.database import open_engine, open_sessions
from models.one_writer import go_first


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path}/turns.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE said (words TEXT)"))
    return engine


def writes(engine: Engine, words: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO said VALUES (:words)"), {"words": words})


def test_the_next_writer_begins_when_the_first_has_ended(engine: Engine) -> None:
    """SQLite's own waiting would sleep for up to a tenth of a second at a time: of ten tries one would be late."""
    late = []
    for number in range(10):
        first = engine.connect()
        first.execute(text("INSERT INTO said VALUES ('first')"))
        begun = threading.Event()

        def second(begun: threading.Event = begun, number: int = number) -> None:
            begun.set()
            writes(engine, f"second {number}")

        thread = threading.Thread(target=second)
        thread.start()
        begun.wait()
        threading.Event().wait(0.13)  # it has tried often enough to sleep long now
        first.commit()
        ended = time.perf_counter()
        thread.join()
        late.append(time.perf_counter() - ended)
        first.close()
    assert sorted(late)[5] < 0.02, late


def test_what_people_wait_for_is_written_before_others_that_came_earlier(engine: Engine) -> None:
    first, order = engine.connect(), list[str]()
    first.execute(text("INSERT INTO said VALUES ('first')"))

    def write(words: str, hurried: bool) -> None:
        with open_sessions(engine).begin() as session:
            if hurried:
                go_first(session)
            session.execute(text("INSERT INTO said VALUES (:words)"), {"words": words})

    threads = []
    for words, hurried in (("letter", False), ("beat", False), ("message", True)):
        threads.append(threading.Thread(target=write, args=(words, hurried)))
        threads[-1].start()
        threading.Event().wait(0.05)  # each stands in line before the next one comes
    first.commit()
    first.close()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        order += connection.execute(text("SELECT words FROM said ORDER BY rowid")).scalars()
    assert order == ["first", "message", "letter", "beat"]


def test_a_writer_that_fails_lets_the_next_in(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        connection.execute(text("INSERT INTO said VALUES ('no')"))
        raise ZeroDivisionError
    began = time.perf_counter()
    writes(engine, "yes")
    assert time.perf_counter() - began < 0.9


def test_another_program_that_writes_is_waited_for_as_before(engine: Engine) -> None:
    other = create_engine(engine.url).connect()
    other.exec_driver_sql("BEGIN IMMEDIATE")
    thread = threading.Thread(target=writes, args=(engine, "after"))
    thread.start()
    other.rollback()
    thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT words FROM said")).scalars().all() == ["after"]
    other.close()
    other.engine.dispose()
