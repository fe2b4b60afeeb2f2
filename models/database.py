"""Opening the database: SQLite as the embedded default, PostgreSQL by the same code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import URL, Engine, Pool, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from models.one_writer import Pen, Writer, begin_writing

Sessions = sessionmaker[Session]

OURS = (IntegrityError, DataError, ProgrammingError, NotSupportedError)
"""Engine errors that speak of our code or of one message."""

CONFLICTS = (StaleDataError, IntegrityError)
"""Another machine changed the same row, or wrote the same one, at the same moment: what was begun is done again."""

OUR_SIDE = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 7000,
}
THEIR_SIDE = """
    SELECT set_config('tcp_keepalives_idle', '3', false), set_config('tcp_keepalives_interval', '2', false),
           set_config('tcp_keepalives_count', '2', false), set_config('tcp_user_timeout', '7000', false),
           set_config('idle_in_transaction_session_timeout', '30s', false)
"""
"""A machine that is lost leaves its row locks behind until the server misses it: by default that takes two hours."""


def open_engine(
    url: str,
    *,
    durable: bool = True,
    poolclass: type[Pool] | None = None,
    connect_args: Mapping[str, Any] = MappingProxyType({}),
) -> Engine:
    """An engine for this URL; `durable=False` is for throw-away databases (no fsync). Raises on an unreadable URL.

    `poolclass` and `connect_args` are for PostgreSQL.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, durable)
    return _postgres(parsed, poolclass, connect_args)


def open_sessions(engine: Engine, **info: object) -> Sessions:
    """`info` is what every session of them knows, as the street (models/streets.py) that it works for."""
    return sessionmaker(engine, expire_on_commit=False, info=info)


def shared(sessions: Sessions) -> bool:
    """May other machines write at the same time? On SQLite one writer waits for the other anyway."""
    return bool(sessions.kw["bind"].dialect.name == "postgresql")


def is_engine_fault(fault: BaseException) -> bool:
    """Is it the engine's own trouble (full disk, lost connection, damaged file)? Then nothing else is to blame."""
    return isinstance(fault, DBAPIError) and (fault.connection_invalidated or not isinstance(fault, OURS))


def first_fault(fault: DBAPIError) -> DBAPIError:
    """What went wrong first: after a full disk SQLite also complains of the savepoint that went with the rest."""
    first: BaseException = fault
    while isinstance(first.__context__, DBAPIError):
        first = first.__context__
    assert isinstance(first, DBAPIError)
    return first


def _postgres(url: URL, poolclass: type[Pool] | None, connect_args: Mapping[str, Any]) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    wanted = {**OUR_SIDE, **connect_args}
    ours = {key: value for key, value in wanted.items() if key not in url.query}  # the operator's own wins
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, poolclass=poolclass, connect_args=ours)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(THEIR_SIDE)
        connection.commit()

    return engine


def _sqlite(url: str, durable: bool) -> Engine:
    ours = {"timeout": 15, "check_same_thread": False, "factory": Writer}
    in_file = make_url(url).database not in (None, "", ":memory:")
    last_used = {"pool_use_lifo": True} if in_file else {}  # knows most of the file
    engine, pen = create_engine(url, connect_args=ours, hide_parameters=True, **last_used), Pen()

    @event.listens_for(engine, "connect")
    def prepare(connection: Writer, _: Any) -> None:
        connection.pen = pen
        connection.isolation_level = None  # we write BEGIN ourselves, see below
        for pragma in ("journal_mode=WAL", f"synchronous={'FULL' if durable else 'OFF'}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("read_only", False):
            connection.exec_driver_sql("BEGIN")
        else:
            begin_writing(connection, pen)

    return engine
