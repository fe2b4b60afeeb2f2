"""Every kind of failure, with words and secrets that are easily found again: none is found where it must not be."""

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.channels.botapi import BotApiServer, Raw, Refusal, person
from tests.observing.program import Watched
from tests.program.program import GROUP

SECRET = "AAHsecretOfTheBot-notForAnyLog_42"
TOKEN = f"471147114:{SECRET}"
PASSWORD, HOOK = "p4ss/W0rd;geheim", "hookSecret-7734-xyz"
NAME, PHONE, DOOR, WORD = "欧阳翠花", "13900139000", "17号楼3单元902", "Zorblattskaya"
TEXT = f"{DOOR}的{NAME} {PHONE} 说 {WORD} 路灯坏了三天了，没人修"
WORDS = (NAME, PHONE, DOOR, WORD)
ROOM = re.compile(r"(?<![\d.,:])902(?![\d.])")  # not within a figure or a time, where it stands by chance
SECRETS = (SECRET, PASSWORD, "p4ss%2FW0rd", HOOK)
AUNT = person(7001, NAME)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


class Spoilt(Watched):
    def _python(self) -> list[str]:
        return [sys.executable, "-m", "tests.observing.spoilt"]


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer(token=TOKEN) as server:
        yield server


def leaks(text: str) -> set[str]:
    return {mark for mark in (*WORDS, *SECRETS) if mark in text} | set(ROOM.findall(text))


def live_through(api: BotApiServer, folder: Path, **environment: str) -> str:
    """All that the program shows to anybody but the neighbours while everything goes wrong."""
    around = {"GRIDBOT_WORDS": TEXT, "GRIDBOT_TELEGRAM_WEBHOOK_SECRET": HOOK, **environment}
    page = f"<html>no way to /bot{TOKEN}/sendMessage for {TEXT}</html>".encode()
    refused = Refusal(400, f'Bad Request: can\'t parse entities: "{TEXT}"')
    with Spoilt(api, folder, **around).started() as program:
        program.until("/readyz", 200)
        api.answer("sendMessage", refused, Raw(502, page), Refusal(401, "Unauthorized"))
        api.answer("getUpdates", Raw(502, page), Refusal(401, "Unauthorized"), Raw(200, page))
        for number in range(5):
            api.say(GROUP, AUNT, f"{number}{TEXT}")
        for number in range(3):
            api.say(GROUP, AUNT, f"/status {number + 90}")
        api.say(GROUP, AUNT, f"{TEXT} 出错")
        api.say(GROUP, AUNT, f"/report {TEXT} 出错")
        api.wait(lambda: not api.pending, 40)
        api.wait(lambda: len(api.called("sendMessage")) >= 3, 40)
        shown = "".join(program.get(path).text for path in ("/healthz", "/readyz", "/metrics"))
        program.stops()
    return program.log() + shown


@pytest.mark.parametrize("form", ["json", "text"])
def test_nothing_is_said_while_it_runs(
    api: BotApiServer, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watched.__init__, "__kwdefaults__", {"form": form, "more": ""})
    shown = live_through(api, tmp_path)
    assert leaks(shown) == set()
    for told in (
        "IntegrityError",
        "ValueError",
        "KeyError",
        "LookupError",
        "RuntimeError",
        "tests/observing/spoilt.py:",
    ):
        assert told in shown, told
    for file in tmp_path.glob("gridbot.db*"):
        assert not [secret for secret in SECRETS if secret.encode() in file.read_bytes()]
    with closing(sqlite3.connect(tmp_path / "gridbot.db")) as database:
        errors = database.execute("SELECT error FROM failed UNION ALL SELECT error FROM letters").fetchall()
    assert any("IntegrityError at " in error for (error,) in errors)
    assert leaks(str(errors)) == set()


def test_the_story_finds_them_where_python_logs_as_it_likes(api: BotApiServer, tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    assert leaks(live_through(api, tmp_path, GRIDBOT_BARE="1")) >= {NAME, PHONE, DOOR, "902", WORD, SECRET}


HARD = f"user:{PASSWORD.replace('/', '%2F')}"
BROKEN = {
    "no way through the proxy": (f'[telegram]\nproxy = "http://{HARD}@127.0.0.1:9"\n', "run"),
    "no proxy at all": (f'[telegram]\nproxy = "http//{HARD}@[127.0.0.1"\n', "run"),
    "no such server": (f'[database]\nurl = "postgresql://{HARD}@127.0.0.1:1/none"\n', "run"),
    "no such engine": (f'[database]\nurl = "mysql://{HARD}@127.0.0.1/none"\n', "run"),
    "check: no such server": (f'[database]\nurl = "postgresql://{HARD}@127.0.0.1:1/none"\n', "check"),
    "check: proxy": (f'[telegram]\nproxy = "socks5://{HARD}@127.0.0.1:9"\n', "check"),
    "token as section": (f'telegram = "{TOKEN}"\n', "check"),
    "unknown key": (f'[telegram]\ntokn = "{TOKEN}"\n', "check"),
    "token as number": (f'[telegram]\nwebhook_port = "{TOKEN}"\n', "run"),
    "half a line": (f'[telegram]\ntoken = "{TOKEN}\n', "run"),
    "secret with signs": (
        '[telegram]\nwebhook_url = "https://x.example/"\nwebhook_secret = "hookSecret-7734-xyz !"\n',
        "run",
    ),
    "doctor": (f'[database]\nurl = "postgresql://{HARD}@127.0.0.1:1/none"\n', "doctor"),
    "migrate": (f'[database]\nurl = "postgresql://{HARD}@127.0.0.1:1/none"\n', "migrate"),
    "rehearse": (f'[database]\nurl = "postgresql://{HARD}@127.0.0.1:1/none"\n', "rehearse x --group y"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_nothing_is_said_where_it_cannot_begin(api: BotApiServer, tmp_path: Path, case: str) -> None:
    text, command = BROKEN[case]
    program = Watched(api, tmp_path, form="text")
    if "token" in text:
        program.environment["GRIDBOT_TELEGRAM_TOKEN"] = ""
    (tmp_path / "config.toml").write_text(
        text + '[hotlines]\ngas = "96777"\n' if "[" in text else text, encoding="utf-8"
    )
    ended = program.command(*command.split())
    assert ended.returncode == 2 and ended.stdout + ended.stderr
    assert leaks(ended.stdout + ended.stderr) == set()


def test_a_crash_at_the_start_tells_its_place_alone(api: BotApiServer, tmp_path: Path) -> None:
    """An argument that nobody expected, in a process that is ours."""
    spoil = "\n".join(
        (
            "import argparse, sys, types",
            "from bot import cli",
            "def broken(asked):",
            f"    raise KeyError({TEXT!r} + {TOKEN!r})",
            "asked = argparse.Namespace(run=broken)",
            "cli.build_parser = lambda *_: types.SimpleNamespace(parse_args=lambda _: asked)",
            "sys.argv = ['gridbot', 'run']",
            "cli.main()",
        )
    )

    class Crashing(Watched):
        def _python(self) -> list[str]:
            return [sys.executable, "-c", spoil]

    ended = Crashing(api, tmp_path).command()
    assert ended.returncode == 1 and "KeyError" in ended.stderr and "in broken" in ended.stderr
    assert leaks(ended.stdout + ended.stderr) == set()
