"""Every test may ask for a world; tests/world.py says what that is.

Stories marked `both_databases` are told on SQLite and PostgreSQL; all of them are when a database is given.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.world import World, small_town


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: told on SQLite and, where there is one, on PostgreSQL")


def pytest_report_header() -> str:
    return postgres.told()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    wanted = metafunc.definition.get_closest_marker("both_databases") or postgres.which() == "given"
    if wanted and "world" in metafunc.fixturenames and postgres.which() != "none":
        metafunc.parametrize("world", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with postgres.serving(worker) as url:
        yield url


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    url = None
    if getattr(request, "param", "sqlite") == "postgresql":
        url = request.getfixturevalue("postgres_url")
    world = World(tmp_path, small_town(), url=url)
    yield world
    world.close()
    if url is not None:
        postgres.sweep(url)
