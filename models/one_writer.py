"""Of the threads of one process one writes to SQLite at a time, and the next begins as soon as it has ended."""

import sqlite3
from threading import Lock

from sqlalchemy import Connection

PATIENCE = 1.0  # seconds; then SQLite's own lock decides, which other processes know as well


class Pen:
    """Whoever would write takes it first.

    SQLite lets those who wait sleep, up to a tenth of a second at a time, and whoever wakes at the right moment is
    next: a message could be passed over again and again by letters that were noted. Nothing rests on the pen but order.
    """

    def __init__(self) -> None:
        self._free, self._holder = Lock(), 0

    def take(self, connection: sqlite3.Connection) -> None:
        if self._free.acquire(timeout=PATIENCE):
            self._holder = id(connection)

    def lay_down(self, connection: sqlite3.Connection) -> None:
        """Does nothing when somebody else has it."""
        if self._holder == id(connection):
            self._holder = 0
            self._free.release()


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
    pen.take(driver)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        pen.lay_down(driver)
        raise
