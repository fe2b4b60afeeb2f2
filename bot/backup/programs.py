"""PostgreSQL's own programs: pg_dump and pg_restore, with the password where nobody sees it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import URL, Engine

from bot.asked import Unusable
from bot.sentences import say

COPY = re.compile(r"COPY (?:\S+\.)?\"?(\w+)\"? \(.*\) FROM stdin;")
END = "\\.\n"


def dump(engine: Engine, tables: Iterable[str], target: Path, language: str) -> None:
    """These tables as they are at one instant, in pg_dump's custom format."""
    wanted = [f"--table={name}" for name in tables]
    _run(language, "pg_dump", engine.url, [*_plain(), "--format=custom", f"--file={target}", *wanted])


def load(engine: Engine, source: Path, language: str) -> None:
    """All of it or nothing."""
    _run(language, "pg_restore", engine.url, [*_plain(), "--single-transaction", "--exit-on-error", str(source)])


def rows_in(source: Path, language: str) -> dict[str, int]:
    """Rows by table, counted by reading the whole copy once."""
    counts: dict[str, int] = {}
    command = [_program("pg_restore", language), "--data-only", "--file=-", str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as reading:
        assert reading.stdout is not None and reading.stderr is not None
        table = ""
        for line in reading.stdout:
            if not table and (begins := COPY.fullmatch(line.strip())):
                table = begins[1]
                counts[table] = 0
            elif line == END:
                table = ""
            elif table:
                counts[table] += 1
        why = reading.stderr.read()
    if reading.returncode != 0:
        raise Unusable(say(language, "backup_program_failed", program="pg_restore", why=_last(why)))
    return counts


def _plain() -> list[str]:
    return ["--no-owner", "--no-privileges", "--no-password"]


def _run(language: str, name: str, url: URL, arguments: list[str]) -> None:
    where, environment = _address(url)
    command = [_program(name, language), f"--dbname={where}", *arguments]
    ran = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if ran.returncode != 0:
        raise Unusable(say(language, "backup_program_failed", program=name, why=_last(ran.stderr)))


def _address(url: URL) -> tuple[str, dict[str, str]]:
    """The address without its password, and an environment that has it: other users see command lines."""
    from psycopg.conninfo import make_conninfo

    known = url.translate_connect_args(username="user", database="dbname", password="password")
    known |= {key: value for key, value in url.query.items() if isinstance(value, str)}
    password = known.pop("password", None)
    secret = {"PGPASSWORD": str(password)} if password else {}
    return make_conninfo("", **known), {**os.environ, **secret}


def _program(name: str, language: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unusable(say(language, "backup_no_program", program=name))
    return found


def _last(complaint: str) -> str:
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    return lines[-1] if lines else "?"
