"""The command line: what it prints, where, and with which exit status."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import __version__
from bot.cli import main
from bot.commands import COMMANDS
from bot.sentences import sentences

ROOT = Path(__file__).parent.parent


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, without secrets from outside."""
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith("GRIDBOT_")]:
        monkeypatch.delenv(variable)
    return tmp_path


@pytest.fixture
def gridbot(in_folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs one command; gives (exit status, standard output, standard error)."""

    def gridbot(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(arguments)
        except SystemExit as end:  # argparse leaves this way
            status = int(end.code or 0)
        return status, *capsys.readouterr()

    return gridbot


def program(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """The same as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False, **settings)


def test_the_version_is_said(gridbot):
    assert gridbot("--version") == (0, f"gridbot {__version__}\n", "")


def test_called_with_nothing_it_shows_the_help(gridbot):
    status, said, _ = gridbot()
    assert status == 0
    assert [command.name for command in COMMANDS if command.name not in said] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself_in_both_languages(gridbot, in_folder, language, command):
    (in_folder / "config.toml").write_text(f'language = "{language}"')
    status, said, _ = gridbot(command, "--help")
    words = sentences(language)
    assert status == 0
    assert said.startswith(words["cli_usage"])
    assert said.count(words["cli_usage"]) == 1
    assert "".join(words[f"cli_{command.replace('-', '_')}"].split()) in "".join(said.split())
    assert "--config PATH" in said


def test_the_configuration_named_decides_the_language(gridbot, in_folder):
    (in_folder / "other.toml").write_text("language = 'en'")
    assert gridbot("check", "--help")[1].startswith("用法")
    assert gridbot("check", "--config", "other.toml", "--help")[1].startswith("usage")
    assert gridbot("check", "--config=other.toml", "--help")[1].startswith("usage")


@pytest.mark.parametrize("wrong", [["dance"], ["check", "--fast"], ["check", "--config"], ["check", "--off"]])
def test_a_wrong_call_says_so_and_exits_with_2(gridbot, wrong):
    status, said, complaint = gridbot(*wrong)
    assert (status, said) == (2, "")
    assert complaint.startswith("用法")
    assert "--help" in complaint.splitlines()[-1]


def test_check_passes_on_the_example(gridbot, in_folder):
    (in_folder / "config.toml").write_bytes((ROOT / "config.example.toml").read_bytes())
    status, said, complaint = gridbot("check")
    assert (status, complaint) == (0, "")
    assert said.endswith("配置可用。\n")


def test_check_exits_with_2_on_a_fault(gridbot, in_folder):
    (in_folder / "config.toml").write_text("[telegram]\nbas_url = ''")
    status, said, _ = gridbot("check", "--offline")
    assert status == 2
    assert "telegram.bas_url: 没有这个设置项。是不是想写“base_url”？" in said


def test_check_without_a_file_says_what_to_copy(gridbot):
    status, said, _ = gridbot("check")
    assert status == 2
    assert "config.example.toml" in said


def test_output_is_utf8_whatever_the_locale(tmp_path):
    done = program("check", "--offline", cwd=tmp_path)
    assert "找不到配置文件" in done.stdout.decode("utf-8")


def test_nothing_heavy_is_loaded_before_it_is_needed():
    heavy = "{'telegram', 'sqlalchemy', 'pydantic', 'jieba', 'rjieba', 'starlette', 'apscheduler'}"
    look = f"import sys, bot.cli; sys.exit(str({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, check=False)
    assert done.stderr.decode() == ""
