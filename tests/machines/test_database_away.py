"""PostgreSQL ends our sessions, and is restarted, under the running program: it goes on, exactly once each."""

import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests import postgres
from tests.channels.botapi import BotApiServer
from tests.machines.street import FETCHING, Street, looking, streets, until
from tests.own_server import OwnServer

pytestmark = [
    pytest.mark.skipif(postgres.which() != "machine", reason="no PostgreSQL on this machine that can be restarted"),
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

END_ALL = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND usename = 'gridbot'
"""


def test_ended_sessions_and_a_restart_cost_nothing(api: BotApiServer, tmp_path: Path) -> None:
    with OwnServer() as server:
        url = server.url.render_as_string(hide_password=False)
        street = Street(api, tmp_path, url)
        with streets(street):
            machine = street.start()
            street.report(1)
            until(lambda: street.numbers() == {1: 1}, 20, lambda: machine.log)
            with looking(url) as engine, engine.connect() as connection:
                assert connection.scalar(text(END_ALL)) >= 1
            street.report(2)
            until(lambda: street.numbers() == {1: 1, 2: 2}, 30, lambda: machine.log)
            server.stop()
            street.report(3)
            server.start()
            until(lambda: street.numbers() == {1: 1, 2: 2, 3: 3}, 30, lambda: machine.log)
            assert machine.log.count(FETCHING) >= 2, "the lock went with the sessions, and was taken anew"
            assert machine.process.poll() is None
