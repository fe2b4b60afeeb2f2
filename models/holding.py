"""Who of several processes fetches the messages of a bot: a lock that the engine, or the system, frees on death."""

import hashlib
import re
import threading
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, NullPool, func, select
from sqlalchemy.exc import DBAPIError, OperationalError

from models.database import open_engine
from models.file_lock import FileLock

FREED_AFTER = 6  # seconds of silence after which PostgreSQL frees the lock of a machine that was lost or hangs
ALIVE = {"keepalives": 1, "keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 2}
QUICK = {**ALIVE, "tcp_user_timeout": 3000, "connect_timeout": 3}
"""Our side gives a silent server up sooner than the server gives us up: it never frees what we still believe in."""


class Hold(Protocol):
    """All three may be called from any thread; none of them raises when the engine is away."""

    def take(self) -> bool:
        """Is it ours now? Never waits for whoever has it."""

    def keep(self) -> bool:
        """Show that we live; False when it is no longer ours."""

    def let_go(self) -> None:
        """Somebody else may have it at once."""


def open_hold(engine: Engine, account: str) -> Hold:
    """The lock for this bot (`account` as channel:account) beside this database."""
    if engine.dialect.name == "postgresql":
        return PostgresHold(engine, account)
    file = engine.url.database
    if not file or file == ":memory:" or file.startswith("file:"):
        return NobodyElse()
    return FileLock(Path(f"{file}-inbox-{re.sub(r'[^0-9A-Za-z]+', '-', account)}.lock"))


class NobodyElse:
    """A database in memory: no other process can see it."""

    def take(self) -> bool:
        return True

    def keep(self) -> bool:
        return True

    def let_go(self) -> None:
        return None


class PostgresHold:
    """A session's advisory lock on a connection that does nothing else: it ends with the session, however that ends."""

    def __init__(self, engine: Engine, account: str) -> None:
        url = engine.url.render_as_string(hide_password=False)
        self._engine = open_engine(url, poolclass=NullPool, connect_args=QUICK)
        self._account, self._turn = account, threading.Lock()
        self._connection: Connection | None = None
        self._session: int | None = None  # the server's own number of the session that has the lock

    def take(self) -> bool:
        with self._turn:
            try:
                line = self._connection or self._connect()
                if not line.scalar(select(func.pg_try_advisory_lock(self._key(line)))):
                    return False
                self._session = line.scalar(select(func.pg_backend_pid()))
            except DBAPIError:
                self._hang_up()
        return self._session is not None

    def keep(self) -> bool:
        """A pooler in between may give us another session: then the lock is not ours."""
        with self._turn:
            if self._connection is None or self._session is None:
                return False
            try:
                if self._connection.scalar(select(func.pg_backend_pid())) == self._session:
                    return True
            except DBAPIError:
                pass
            self._hang_up()
        return False

    def let_go(self) -> None:
        with self._turn:
            self._hang_up()

    def _connect(self) -> Connection:
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if self._engine.dialect.server_version_info >= (14,):  # type: ignore[operator]
            seconds = func.set_config("idle_session_timeout", f"{FREED_AFTER}s", False)
            self._connection.execute(select(seconds))
        return self._connection

    def _key(self, line: Connection) -> int:
        """One lock a bot and a schema, as the signed 64 bits that PostgreSQL wants."""
        said: Any = f"gridbot inbox {line.scalar(select(func.current_schema()))} {self._account}"
        return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], signed=True)

    def _hang_up(self) -> None:
        line, self._connection, self._session = self._connection, None, None
        if line is None:
            return
        try:
            line.invalidate()
            line.close()
        except OperationalError:  # it is gone already
            pass
