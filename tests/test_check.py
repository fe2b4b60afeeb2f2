"""gridbot check: the file, the database beside it, and Telegram on the other end."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.check import check
from bot.check.report import Report
from bot.clock import MovableClock
from models.chats import Chat
from models.database import open_engine
from models.people import Identity, Person, Post
from models.schema import migrate
from models.units import Unit

FILE = """
language = "en"
[hotlines]
gas = "96777"
lift = "88990011"
[[units]]
name = "幸福里第3网格"
[[people]]
name = "张利萍"
telegram = 4242
posts = [{ unit = "幸福里第3网格", role = "grid_member" }]
[[groups]]
unit = "幸福里第3网格"
telegram = -100
"""


MARCH = datetime(2026, 3, 2, tzinfo=UTC)


class BotApi(ThreadingHTTPServer):
    """Answers getMe as Telegram does; also when asked through a proxy, by its full address."""

    reads_all = True
    token = "123:right"

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        if not path.endswith(f"/bot{self.token}/getMe"):
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        me = {"id": 123, "is_bot": True, "first_name": "网格小助手", "username": "grid_bot"}
        return 200, {"ok": True, "result": {**me, "can_read_all_group_messages": self.reads_all}}


class Answer(BaseHTTPRequestHandler):
    server: BotApi

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = self.server.answer(self.path)
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def checked(tmp_path: Path) -> Any:
    """Writes the file, with its database in the test's own folder, and checks it."""

    def checked(text: str = FILE, *, telegram: str = "", offline: bool = False, today: datetime = MARCH) -> Report:
        database = f"[database]\nurl = 'sqlite:///{tmp_path / 'gridbot.db'}'\n"
        path = tmp_path / "config.toml"
        path.write_text(f"{text}\n{database}[telegram]\n{telegram}", encoding="utf-8")
        return check(path, offline=offline, clock=MovableClock(today))

    return checked


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Session]:
    """The tables as the file above seeds them, with the grid member's private chat started."""
    engine = open_engine(f"sqlite:///{tmp_path / 'gridbot.db'}", durable=False)
    migrate(engine)
    with Session(engine) as session:
        grid = Unit(name="幸福里第3网格")
        member = Person(name="张利萍")
        account = Identity(person=member, channel="telegram", external_id="4242", started_at=datetime.now(UTC))
        chat = Chat(channel="telegram", account="123", external_id="-100", unit=grid)
        session.add_all([grid, member, account, chat, Post(person=member, unit=grid, role="grid_member", scope=[])])
        session.commit()
        yield session
    engine.dispose()


def reach(api: BotApi, token: str = BotApi.token) -> str:
    host, port = api.server_address[:2]
    return f"token = '{token}'\nbase_url = 'http://{host!s}:{port}/bot'\n"


def keys(report: Report) -> list[str]:
    return [found.key for found in report.warnings]


def test_a_sound_file_has_no_faults(checked):
    report = checked(offline=True)
    assert report.faults == ()
    assert list(report.lines("en"))[-1] == "The configuration can be used."


def test_a_coming_year_without_its_holidays_warns(checked):
    report = checked(offline=True, today=datetime(2034, 12, 1, tzinfo=UTC))
    assert keys(report).count("work") == 2
    assert "2035" in report.warnings[-1].fault or "2035" in report.warnings[-2].fault


def test_without_the_local_gas_number_it_fails_and_still_looks_further(checked, database):
    database.query(Identity).one().started_at = None
    database.commit()
    report = checked(FILE.replace("96777", ""), offline=True)
    assert [found.key for found in report.faults] == ["hotlines.gas"]
    assert "people" in keys(report)


def test_a_broken_file_is_reported_line_by_line(checked):
    report = checked("language = 'en'\nzoon = ''\n[weekly]\nat = 'x'")
    assert [found.key for found in report.faults] == ["weekly.at", "zoon"]
    lines = list(report.lines("en"))
    assert lines[1].startswith("weekly.at: This weekly time cannot be read. ")
    assert "The configuration can be used." not in lines


def test_without_a_token_nothing_is_asked_online(checked):
    assert keys(checked()) == ["telegram.token"]


def test_telegram_is_asked_who_we_are(checked, api):
    report = checked(telegram=reach(api))
    assert any("@grid_bot" in note for note in report.notes)
    assert (report.faults, report.warnings) == ((), ())


def test_privacy_mode_is_explained(checked, api):
    api.reads_all = False
    (privacy,) = checked(telegram=reach(api)).warnings
    assert "/setprivacy" in privacy.cure
    assert "Disable" in privacy.cure
    assert "add it again" in privacy.cure


def test_a_refused_token_is_a_fault(checked, api):
    (refused,) = checked(telegram=reach(api, token="123:wrong")).faults
    assert refused.key == "telegram.token"
    assert "123:wrong" not in str(refused)


def test_offline_asks_nobody(checked, api):
    assert checked(telegram=reach(api, token="123:wrong"), offline=True).faults == ()


def test_a_server_that_is_not_there_is_a_fault(checked):
    (silent,) = checked(telegram=f"token = '123:right'\nbase_url = 'http://127.0.0.1:{closed_port()}/bot'").faults
    assert silent.key == "telegram.base_url"


def test_a_proxy_that_is_not_there_is_a_fault_and_its_password_stays_secret(checked):
    proxy = f"token = '123:right'\nproxy = 'socks5://wang:PASSWORD@127.0.0.1:{closed_port()}'"
    (silent,) = checked(telegram=proxy).faults
    assert silent.key == "telegram.proxy"
    assert "socks5://127.0.0.1" in silent.fault
    assert "PASSWORD" not in str(silent)


def test_a_proxy_that_works_is_named_without_its_password(checked, api):
    proxy = f"token = '123:right'\nbase_url = 'http://bot.example/bot'\nproxy = 'http://wang:PASSWORD@127.0.0.1:{api.server_port}'"
    report = checked(telegram=proxy)
    assert report.faults == ()
    assert "http://127.0.0.1" in report.notes[-1]
    assert "PASSWORD" not in "".join(report.lines("en"))


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_database_that_is_not_there_yet_is_not_made_by_looking(checked, tmp_path):
    assert any("no database yet" in note for note in checked(offline=True).notes)
    assert not (tmp_path / "gridbot.db").exists()


def test_a_database_that_agrees_says_nothing(checked, database):
    assert keys(checked(offline=True)) == ["telegram.token"]


def test_who_never_pressed_start_is_named(checked, database):
    database.query(Identity).one().started_at = None
    database.commit()
    assert any("张利萍" in found.fault and "Start" in found.fault for found in checked(offline=True).warnings)


def test_changes_made_in_the_chat_are_shown_beside_the_file(checked, database):
    street = Unit(name="会战道街道")
    database.query(Unit).one().parent = street
    database.query(Post).one().role = "deputy"
    chat = database.query(Chat).one()
    chat.unit = street
    database.commit()
    differing = [found for found in checked(offline=True).warnings if found.key != "telegram.token"]
    assert [found.key for found in differing] == [
        "units[1 幸福里第3网格].parent",
        "people[张利萍].posts",
        "people[张利萍].posts",
        "groups[1].unit",
    ]
    assert "会战道街道" in differing[0].fault
    assert "grid_member" in differing[1].fault
    assert "deputy" in differing[2].fault


def test_a_group_that_became_a_staff_group_is_shown(checked, database):
    database.query(Chat).one().kind = "staff"
    database.commit()
    assert "groups[1].kind" in keys(checked(offline=True))


def test_what_the_database_does_not_know_yet_is_shown(checked, database):
    more = FILE + "[[units]]\nname = '第4网格'\n[[groups]]\nunit = '幸福里第3网格'\ntelegram = -200\n"
    assert {"units[2 第4网格]", "groups[2]"} <= set(keys(checked(more, offline=True)))


def test_a_file_that_is_no_database_is_a_fault(checked, tmp_path):
    (tmp_path / "gridbot.db").write_bytes(b"not a database at all " * 100)
    (broken,) = checked(offline=True).faults
    assert broken.key == "database.url"


def test_an_empty_database_is_as_good_as_none(checked, tmp_path):
    (tmp_path / "gridbot.db").touch()
    report = checked(offline=True)
    assert report.faults == ()
    assert any("no database yet" in note for note in report.notes)


@pytest.mark.parametrize(
    ("spoilt", "cure"),
    [
        ("DROP TABLE alembic_version", "another file"),
        ("UPDATE alembic_version SET version_num = 'from the future'", "gridbot migrate"),
    ],
)
def test_a_database_of_another_shape_is_a_fault(checked, database, spoilt, cure):
    database.execute(text(spoilt))
    database.commit()
    (found,) = checked(offline=True).faults
    assert found.key == "database.url"
    assert cure in found.cure
