"""What an operator's monitor reads at the door of the running program."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.channels.botapi import BotApiServer, Refusal, person
from tests.observing.program import Watched
from tests.program.program import GROUP

AUNT = person(7001, "王阿姨")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


def test_a_monitor_sees_it_work(api: BotApiServer, tmp_path: Path) -> None:
    with Watched(api, tmp_path).started() as program:
        ready = program.until("/readyz", 200).json()
        assert ready == {
            "ready": True,
            "database": "current",
            "telegram": "connected",
            "inbox": ready["inbox"],
            "stopping": False,
        }
        api.say(GROUP, AUNT, "3号楼2单元的路灯坏了三天了，没人修")
        api.wait(lambda: any("第1件" in m.text for m in api.sent), 20)
        program.until("/readyz", 200)
        figures = program.figures()
        assert figures['gridbot_updates_total{outcome="opened"}'] == 1
        assert sum(v for k, v in figures.items() if k.startswith("gridbot_tickets_opened_total")) == 1
        assert figures["gridbot_message_to_letter_seconds_count"] == 1
        assert sum(v for k, v in figures.items() if 'outcome="sent"' in k) >= 1
        assert figures["gridbot_inbox_held"] == figures["gridbot_database_up"] == 1
        assert {k for k in figures if "last_turn_age" in k} == {
            f'gridbot_loop_last_turn_age_seconds{{loop="{loop}"}}' for loop in ("heartbeat", "hold", "inbox", "postman")
        }
        healthy = program.get("/healthz")
        assert healthy.status_code == 200 and all(loop["lives"] for loop in healthy.json()["loops"].values())
        program.stops()
    assert {"started", "fetching"} <= {row["event"] for row in program.events()}


def test_only_reading_is_allowed(api: BotApiServer, tmp_path: Path) -> None:
    with Watched(api, tmp_path).started() as program:
        program.until("/readyz", 200)
        for path in ("/healthz", "/readyz", "/metrics"):
            assert program.get(path, "HEAD").status_code == 200 and program.get(path, "HEAD").content == b""
            assert program.get(path, "POST").status_code == 405
        assert program.get("/").status_code == program.get("/health").status_code == 404


def test_a_locked_database_is_not_ready_and_nobody_waits_for_it(api: BotApiServer, tmp_path: Path) -> None:
    with Watched(api, tmp_path).started() as program:
        program.until("/readyz", 200)
        with closing(sqlite3.connect(tmp_path / "gridbot.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            told = program.until("/readyz", 503, 10)
            assert told.json()["database"] == "busy" and told.elapsed.total_seconds() < 2.5
            assert program.get("/metrics").elapsed.total_seconds() < 2.5
            assert program.get("/healthz").status_code == 200
            other.execute("ROLLBACK")
        program.until("/readyz", 200, 20)


def test_it_is_not_ready_before_telegram_knows_it(api: BotApiServer, tmp_path: Path) -> None:
    api.answer("getMe", *[Refusal(502, "Bad Gateway")] * 2)
    with Watched(api, tmp_path).started() as program:
        told = program.until("/readyz", 503).json()
        assert told["telegram"] == "unreachable" and told["database"] == "current"
        program.until("/readyz", 200)


def test_a_taken_port_is_a_fault_with_its_cure(api: BotApiServer, tmp_path: Path) -> None:
    with Watched(api, tmp_path).started() as program:
        program.until("/readyz", 200)
        again = program.command("run")
    assert again.returncode == 2 and "observe.port" in again.stderr
