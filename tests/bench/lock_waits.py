"""How long sessions of a PostgreSQL wait for locks of each other: looked at twenty times a second."""

import threading
from typing import Self

from sqlalchemy import URL, text

from models.database import open_engine

EVERY = 0.05  # seconds
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid <> pg_backend_pid()")


class LockWaits:
    """`share`: how many sessions waited on average while it was looked at."""

    def __init__(self, server: URL) -> None:
        self._url, self._ended, self._seen = (
            server.render_as_string(hide_password=False),
            threading.Event(),
            list[int](),
        )
        self._thread = threading.Thread(target=self._look)

    @property
    def share(self) -> float:
        return sum(self._seen) / max(1, len(self._seen))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        engine = open_engine(self._url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not self._ended.wait(EVERY):
                self._seen.append(connection.scalar(WAITING) or 0)
        engine.dispose()
