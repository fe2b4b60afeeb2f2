"""Told to stop, the program is gone within five seconds, with status 0, whatever is under way."""

import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.channels.botapi import BotApiServer, Hang, Refusal, person
from tests.observing.program import Watched, free_port
from tests.program.program import GROUP

AUNT = person(7001, "王阿姨")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program writes into the database and does not come to an end."""
    with closing(sqlite3.connect(folder / "gridbot.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def listens_to_signals(program: Watched) -> None:
    """Wait until it has taken them into its own hands, which is the first that it does."""
    ends, bit = time.monotonic() + 20, 1 << (signal.SIGTERM - 1)
    while True:
        told = Path(f"/proc/{program.process.pid}/status").read_text(encoding="ascii", errors="replace")
        blocked = next(line for line in told.splitlines() if line.startswith("SigBlk:"))
        if int(blocked.split()[1], 16) & bit:
            return
        assert time.monotonic() < ends
        time.sleep(0.02)


def taken(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "gridbot.db")) as database:
        return int(database.execute("SELECT count(DISTINCT event_id) FROM taken_updates").fetchone()[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_with_a_long_poll_open(api: BotApiServer, tmp_path: Path, number: signal.Signals) -> None:
    with Watched(api, tmp_path).started() as program:
        program.until("/readyz", 200)
        api.wait(lambda: api.called("getUpdates"))
        program.stops(number)


def test_with_a_hundred_messages_in_hand_none_is_lost_or_doubled(api: BotApiServer, tmp_path: Path) -> None:
    program = Watched(api, tmp_path)
    with program.started():
        program.until("/readyz", 200)
        polls = len(api.called("getUpdates"))
        for number in range(100):
            api.say(GROUP, AUNT, f"{number}号楼的路灯坏了三天了，没人修")
        api.wait(lambda: len(api.called("getUpdates")) > polls or api.calls, 20)
        program.stops()
    with program.started():
        api.wait(lambda: not api.pending, 40)
        program.stops()
    assert taken(tmp_path) == 100


def test_with_a_letter_on_the_wire_to_a_server_that_hangs(api: BotApiServer, tmp_path: Path) -> None:
    with Watched(api, tmp_path).started() as program:
        program.until("/readyz", 200)
        api.answer("sendMessage", *[Hang()] * 9)
        api.say(GROUP, AUNT, "3号楼2单元的路灯坏了三天了，没人修")
        api.wait(lambda: api.called("sendMessage"), 20)
        program.stops()


def test_with_the_database_locked_by_another(api: BotApiServer, tmp_path: Path) -> None:
    with Watched(api, tmp_path).started() as program:
        program.until("/readyz", 200)
        with locked(tmp_path):
            api.say(GROUP, AUNT, "3号楼2单元的路灯坏了三天了，没人修")
            program.until("/readyz", 503)
            program.stops()
        assert taken(tmp_path) == 0


def test_while_it_still_opens_a_locked_database(api: BotApiServer, tmp_path: Path) -> None:
    program = Watched(api, tmp_path)
    with program.started():
        program.until("/readyz", 200)
        program.stops()
    with locked(tmp_path), program.started():
        listens_to_signals(program)
        program.stops()


@pytest.mark.parametrize("answers", [[Hang()], [Refusal(502, "Bad Gateway")] * 3])
def test_while_telegram_does_not_answer_the_first_call(
    api: BotApiServer, tmp_path: Path, answers: list[object]
) -> None:
    api.answer("getMe", *answers)  # type: ignore[arg-type]
    with Watched(api, tmp_path).started() as program:
        api.wait(lambda: api.called("getMe"), 20)
        program.stops()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel what the process listens to")
def test_before_anything_is_loaded(api: BotApiServer, tmp_path: Path) -> None:
    with Watched(api, tmp_path).started() as program:
        listens_to_signals(program)
        program.stops()


def test_a_second_signal_changes_nothing(api: BotApiServer, tmp_path: Path) -> None:
    with Watched(api, tmp_path).started() as program:
        program.until("/readyz", 200)
        api.answer("sendMessage", *[Hang()] * 9)
        api.say(GROUP, AUNT, "3号楼2单元的路灯坏了三天了，没人修")
        api.wait(lambda: api.called("sendMessage"), 20)
        threading.Timer(0.5, lambda: program.process.send_signal(signal.SIGTERM)).start()
        program.stops()


def test_with_a_call_to_the_webhook_under_way(api: BotApiServer, tmp_path: Path) -> None:
    port, calls = free_port(), list[int]()
    hook = f'webhook_url = "https://bot.example/hook"\nwebhook_port = {port}\nwebhook_secret = "abc"\n'
    program = Watched(api, tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("[telegram]\n", f"[telegram]\n{hook}"), encoding="utf-8"
    )
    update = {"update_id": 7, "message": {"message_id": 7, "date": int(time.time()), "text": "路灯坏了"}}
    update["message"] |= {"chat": {"id": GROUP, "type": "supergroup", "title": "群"}, "from": AUNT}  # type: ignore[operator]

    def call() -> None:
        header = {"X-Telegram-Bot-Api-Secret-Token": "abc"}
        with httpx.Client(trust_env=False, timeout=10) as client:
            try:
                calls.append(client.post(f"http://127.0.0.1:{port}/hook", json=update, headers=header).status_code)
            except httpx.TransportError:
                calls.append(0)

    with program.started():
        program.until("/readyz", 200)
        api.wait(lambda: api.webhook, 20)
        with locked(tmp_path):
            caller = threading.Thread(target=call)
            caller.start()
            time.sleep(0.5)
            program.stops()
            caller.join(5)
    assert calls != [200] and taken(tmp_path) == 0
