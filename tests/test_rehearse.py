"""`gridbot rehearse`: the ladder of one line, on a copy of the database or on the configuration alone."""

import json
import sqlite3
from pathlib import Path

import pytest

from bot.cli import main
from bot.config.load import load
from bot.open_database import open_ready
from bot.reading.judge import Judge
from bot.seed import seed
from models.database import open_sessions
from tests.world import TOWN

GRID, AT = "幸福里第3网格", "2026-10-02 23:00"
LEAK = "3号楼2单元水管漏水，楼道都是水"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(f'[database]\nurl = "sqlite:///{tmp_path}/gridbot.db"\n{TOWN}', encoding="utf-8")
    return file


def rehearse(config: Path, *more: str, group: str = GRID, at: str = AT) -> int:
    return main(["rehearse", LEAK, "--group", group, "--at", at, "--config", str(config), *more])


def test_the_file_alone_is_enough(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rehearse(config) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[1] == f"{GRID} 10月2日 23:00：“{LEAK}”"
    assert any(line.startswith("10月3日 7:30 私聊 老王：🔔 第1件") for line in lines)
    assert "调休上班：10月10日照常计时" in lines
    assert "还没有数据库" in said.err
    assert not (config.parent / "gridbot.db").exists()


def test_a_database_is_copied_and_not_touched(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load(config)
    engine = open_ready(settings)
    with open_sessions(engine).begin() as session:
        seed(session, settings, Judge.load())
    engine.dispose()
    with sqlite3.connect(config.parent / "gridbot.db") as connection:
        before = list(connection.iterdump())
    assert rehearse(config) == 0
    said = capsys.readouterr()
    assert said.err == "" and "私聊 老王" not in said.out  # nobody has pressed Start there
    with sqlite3.connect(config.parent / "gridbot.db") as connection:
        assert list(connection.iterdump()) == before


def test_json_is_for_machines(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rehearse(config, "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["outcome"], row["at"], row["repeats"]) == ("opened", "2026-10-02T23:00:00+08:00", True)
    assert [s["to"] for s in row["steps"] if s["step"] == "moved"] == ["李书记", "赵主任"]
    first = row["steps"][0]
    assert (first["where"], first["silent"], first["at"]) == ("residents", True, "2026-10-02T23:00:00+08:00")


@pytest.mark.parametrize(
    ("group", "at", "said"), [("不存在的网格", AT, "没有这个单位或群"), (GRID, "国庆节", "看不懂时间")]
)
def test_what_cannot_be_read_is_named(
    config: Path, capsys: pytest.CaptureFixture[str], group: str, at: str, said: str
) -> None:
    assert rehearse(config, group=group, at=at) == 2
    assert said in capsys.readouterr().err
