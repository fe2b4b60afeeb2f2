"""Of the threads of one process one writes to SQLite at a time, and the next begins as soon as it has ended."""

import sqlite3
from collections import deque
from contextlib import suppress
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.orm import Session

PATIENCE = 1.0  # seconds; then SQLite's own lock decides, which other processes know as well
FIRST = "first"  # among the execution options of whoever goes before the others that wait


def go_first(session: Session) -> None:
    """Begin the session's transaction before what others of us would write."""
    session.connection(execution_options={FIRST: True})


class Pen:
    """Whoever would write takes it first.

    SQLite lets those who wait sleep, up to a tenth of a second at a time, and whoever wakes at the right moment is
    next: a message could be passed over again and again by letters that were noted. Nothing rests on the pen but order:
    people's messages before all else, then first come, first served.
    """

    def __init__(self) -> None:
        self._change, self._holder = Lock(), 0
        self._waiting: deque[tuple[int, Lock]] = deque()

    def take(self, connection: sqlite3.Connection, *, first: bool = False) -> None:
        with self._change:
            if not self._holder:
                self._holder = id(connection)
                return
            turn = id(connection), Lock()
            turn[1].acquire()
            (self._waiting.appendleft if first else self._waiting.append)(turn)
        if not turn[1].acquire(timeout=PATIENCE):
            with self._change, suppress(ValueError):  # it may have become ours at this moment
                self._waiting.remove(turn)

    def lay_down(self, connection: sqlite3.Connection) -> None:
        """Give it to the next one. Does nothing when somebody else has it."""
        with self._change:
            if self._holder != id(connection):
                return
            self._holder = 0
            if self._waiting:
                self._holder, begin = self._waiting.popleft()
                begin.release()


class Writer(sqlite3.Connection):
    """Lays the pen down when its transaction has ended, one way or the other."""

    pen: Pen | None = None

    def commit(self) -> None:
        super().commit()
        self._end()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end()

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        if self.pen is not None:
            self.pen.lay_down(self)


def begin_writing(connection: Connection, pen: Pen) -> None:
    """BEGIN IMMEDIATE: a transaction that reads first and writes later could otherwise meet "database is locked"."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, Writer)
    pen.take(driver, first=bool(connection.get_execution_options().get(FIRST)))
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        pen.lay_down(driver)
        raise
