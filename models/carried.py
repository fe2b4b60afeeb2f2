"""What one transaction has read is carried into the next, as long as nobody has written anything in between.

Only SQLite can tell: PRAGMA data_version changes when any other connection, of this process or another, has written,
and a connection counts what was written on it. Elsewhere, and after a transaction that changed more than what was
heard, everything is read anew.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from models.database import Sessions, shared
from models.once import has_changed, see_anew, seen_so_far, write_held_back
from models.one_writer import go_first

WORLD = "world"  # as the session left it: its connection, the version of the file, and what that connection wrote
MOST = 20_000  # things known about one county: more are forgotten and read again


class Carried:
    """Transactions of people's messages, one after the other; whoever comes meanwhile begins with nothing."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._can_tell = sessions, not shared(sessions)
        self._kept: list[Session] = []

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction: committed in the end, rolled back when anything is raised."""
        session = self._take_up()
        try:
            with session.begin():
                go_first(session)
                if self._can_tell and session.info.get(WORLD) != _world(session):
                    see_anew(session)
                yield session
                session.flush()
                write_held_back(session)  # nothing is written after the look
                session.info[WORLD] = _world(session) if self._can_tell else None
        except BaseException:
            session.close()
            raise
        self._lay_down(session)

    def _take_up(self) -> Session:
        try:
            return self._kept.pop()
        except IndexError:
            return self._sessions()

    def _lay_down(self, session: Session) -> None:
        if self._kept or not self._can_tell or has_changed(session) or seen_so_far(session) > MOST:
            session.close()
        else:
            self._kept.append(session)


def _world(session: Session) -> tuple[Any, ...]:
    connection = session.connection()
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver, connection.exec_driver_sql("PRAGMA data_version").scalar_one(), driver.total_changes
