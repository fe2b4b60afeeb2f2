"""The command line: what it prints, where, and with which exit status."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from sqlalchemy.orm import Session

from bot import __version__
from bot.cli import main
from bot.commands import COMMANDS
from bot.sentences import sentences
from models.codes import use_code
from models.database import open_engine

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


PROGRAM = [sys.executable, "-m", "bot"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


def program(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """The same as a process of its own."""
    command = [*PROGRAM, *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, timeout=60, check=False, **settings)


@contextmanager
def running(*arguments: str, **settings: Any) -> Iterator[Any]:
    """A process with open pipes; ended at the latest when the test is."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([*PROGRAM, *arguments], env=ENVIRONMENT, **pipes, **settings)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


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


BAD_PORTS = [["demo", "--port", "high"], ["demo", "--port", "70000"]]


@pytest.mark.parametrize(
    "wrong", [["dance"], ["check", "--fast"], ["check", "--config"], ["check", "--off"], *BAD_PORTS]
)
def test_a_wrong_call_says_so_and_exits_with_2(gridbot, wrong):
    status, said, complaint = gridbot(*wrong)
    assert (status, said) == (2, "")
    assert complaint.startswith("用法")
    assert "--help" in complaint.splitlines()[-1]
    assert len(complaint) < 1000


def test_check_asks_the_example_for_the_local_gas_number_and_nothing_else(gridbot, in_folder):
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    (in_folder / "config.toml").write_text(example, encoding="utf-8")
    status, said, complaint = gridbot("check")
    faults, rest = said.split("\n", 2)[1:]
    assert (status, complaint) == (2, "")
    assert faults.startswith("hotlines.gas: ")
    assert 'gas = "本地号码"' in faults
    assert "hotlines.gas" not in rest
    (in_folder / "config.toml").write_text(example.replace('gas = ""', 'gas = "96777"'), encoding="utf-8")
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


NEIGHBOURHOOD = """
[[units]]
name = "幸福里第3网格"
[[people]]
name = "张利萍"
telegram = 4242
posts = [{ unit = "幸福里第3网格", role = "grid_member" }]
"""


@pytest.fixture
def neighbourhood(in_folder: Path) -> Path:
    (in_folder / "config.toml").write_text(NEIGHBOURHOOD, encoding="utf-8")
    return in_folder


def opened_by(folder: Path, code: str) -> str | None:
    """The unit that a code opens in the folder's database; using it up."""
    engine = open_engine(f"sqlite:///{folder / 'gridbot.db'}")
    with Session(engine) as session:
        unit = use_code(session, code, datetime.now(UTC))
        session.commit()
        name = unit.name if unit else None
    engine.dispose()
    return name


def test_run_refuses_to_start_on_the_faults_that_check_names(gridbot, in_folder):
    (in_folder / "config.toml").write_text("[weekly]\nat = 'x'\n[telegram]\nbas_url = ''")
    status, said, complaint = gridbot("run")
    assert (status, said) == (2, "")
    assert complaint.strip() in gridbot("check")[1]
    assert [line.split(": ")[0] for line in complaint.splitlines()] == ["weekly.at", "telegram.bas_url"]


def test_run_needs_a_token(gridbot, neighbourhood):
    status, said, complaint = gridbot("run")
    assert (status, said) == (2, "")
    assert complaint.splitlines()[-1].startswith("telegram.token: ")


def test_migrate_makes_the_database_and_then_has_nothing_to_do(gridbot, neighbourhood):
    assert gridbot("migrate") == (0, sentences("zh")["cli_migrated_empty"] + "\n", "")
    assert (neighbourhood / "gridbot.db").exists()
    assert gridbot("migrate") == (0, sentences("zh")["cli_migrated_current"] + "\n", "")


@pytest.mark.parametrize("command", [["run"], ["migrate"], ["setup-code", "幸福里第3网格"]])
def test_a_database_from_the_future_is_left_alone(gridbot, neighbourhood, command):
    gridbot("migrate")
    with closing(sqlite3.connect(neighbourhood / "gridbot.db", isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = 'from the future'")
    status, said, complaint = gridbot(*command)
    assert (status, said) == (2, "")
    assert complaint.splitlines()[-1].startswith("database.url: ")


@pytest.mark.parametrize("command", [["run"], ["migrate"], ["setup-code", "幸福里第3网格"]])
def test_a_file_that_is_no_database_is_named(gridbot, neighbourhood, command):
    (neighbourhood / "gridbot.db").write_bytes(b"not a database at all " * 100)
    status, said, complaint = gridbot(*command)
    assert (status, said) == (2, "")
    assert complaint.splitlines()[-1].startswith("database.url: 打不开数据库")


def test_a_setup_code_opens_its_unit_before_the_first_run(gridbot, neighbourhood):
    status, said, hint = gridbot("setup-code", "幸福里第3网格")
    code = said.strip()
    assert status == 0
    assert f"/setup {code}" in hint
    assert opened_by(neighbourhood, code) == "幸福里第3网格"
    assert opened_by(neighbourhood, code) is None


def test_without_any_unit_the_code_makes_its_own(gridbot, in_folder):
    (in_folder / "config.toml").touch()
    status, said, hint = gridbot("setup-code", "幸福里第3网格")
    assert status == 0
    assert "新建" in hint
    assert opened_by(in_folder, said.strip()) == "幸福里第3网格"


def test_a_name_like_a_known_one_is_taken_for_a_slip(gridbot, neighbourhood):
    status, said, complaint = gridbot("setup-code", "幸福里3网格")
    assert (status, said) == (2, "")
    assert "幸福里第3网格" in complaint
    assert "--new" in complaint
    assert gridbot("setup-code", "幸福里3网格", "--new")[0] == 0


def test_a_unit_without_a_name_gets_no_code(gridbot, neighbourhood):
    status, said, complaint = gridbot("setup-code", " ")
    assert (status, said) == (2, "")
    assert complaint.startswith("UNIT: ")


@pytest.mark.parametrize("command", [["migrate"], ["setup-code", "x"]])
def test_what_touches_the_database_needs_a_sound_configuration(gridbot, in_folder, command):
    assert gridbot(*command)[0] == 2
    (in_folder / "config.toml").write_text("zoon = 1")
    assert gridbot(*command)[2].startswith("zoon: ")
    assert not (in_folder / "gridbot.db").exists()


def rows(output: bytes) -> list[Any]:
    return [json.loads(line) for line in output.decode().splitlines()]


def test_classify_answers_every_line_in_order(tmp_path):
    """JSON or bare, with Windows' line ends and byte order mark, half a character, bytes that are no text."""
    lines = ['\ufeff{"text": "水管漏了"}\r', "谢谢", r'{"text": "\ud83d"}', "a\r\u2028b"]
    given = "\n".join(lines).encode() + b"\n\xff\xfe\n"
    done = program("classify", input=given, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [row["text"] for row in rows(done.stdout)] == ["水管漏了", "谢谢", "\ud83d", "a\r\u2028b", r"\xff\xfe"]


def test_classify_answers_before_the_next_line_comes(tmp_path):
    with running("classify", "-", cwd=tmp_path) as pipe:
        for text in ("水管漏了", "谢谢"):
            pipe.stdin.write(f"{text}\n".encode())
            pipe.stdin.flush()
            assert json.loads(pipe.stdout.readline())["text"] == text


def test_classify_reads_a_file(gridbot, in_folder):
    (in_folder / "lines.txt").write_text("水管漏了\n谢谢\n", encoding="utf-8")
    status, said, _ = gridbot("classify", "lines.txt")
    assert (status, len(said.splitlines())) == (0, 2)


@pytest.mark.parametrize("command", ["classify", "evaluate"])
def test_a_file_that_cannot_be_read_is_named(gridbot, in_folder, command):
    (in_folder / "gbk.txt").write_bytes("水管漏了\n".encode("gbk"))
    for name, cure in (("gbk.txt", "UTF-8"), ("nowhere.txt", "路径")):
        status, said, complaint = gridbot(command, name)
        assert (status, said) == (2, "")
        assert complaint.startswith(f"{name}: ")
        assert cure in complaint


def test_a_broken_configuration_stops_classify_too(gridbot, in_folder):
    (in_folder / "config.toml").write_text("zoon = 1")
    (in_folder / "lines.txt").write_text("x")
    status, said, complaint = gridbot("classify", "lines.txt")
    assert (status, said) == (2, "")
    assert complaint.startswith("zoon: ")


def test_a_configuration_that_is_named_must_be_there(gridbot, in_folder):
    (in_folder / "lines.txt").write_text("x")
    assert gridbot("classify", "lines.txt")[0] == 0
    assert gridbot("classify", "lines.txt", "--config", "nowhere.toml")[0] == 2


def test_the_settings_say_from_where_a_line_opens(gridbot, in_folder):
    (in_folder / "config.toml").write_text("[reading]\nopen = 50.0\nask = 40.0")
    (in_folder / "lines.txt").write_text("3号楼2单元的路灯坏了三天了，没人修")
    assert [row["decision"] for row in rows(gridbot("classify", "lines.txt")[1].encode())] == ["ignore"]
    (in_folder / "config.toml").write_text("")
    assert [row["decision"] for row in rows(gridbot("classify", "lines.txt")[1].encode())] == ["open"]


def test_a_broken_rule_file_is_named(gridbot, in_folder):
    (in_folder / "config.toml").write_text("[reading]\nrules = 'mine.toml'")
    (in_folder / "mine.toml").write_text("[[rule]]\nname = 'x'\n")
    (in_folder / "lines.txt").write_text("x")
    status, _, complaint = gridbot("classify", "lines.txt")
    assert status == 2
    assert "mine.toml" in complaint


def test_replay_gives_a_line_for_every_message(gridbot, in_folder):
    said = ["3号楼2单元水管漏水，楼道都是水", "谢谢"]
    lines = [json.dumps({"conv": "c", "seq": n, "sender": "王阿姨", "text": text}) for n, text in enumerate(said)]
    (in_folder / "chat.jsonl").write_text("\n".join(lines))
    status, out, complaint = gridbot("replay", "chat.jsonl", "--json")
    assert (status, complaint) == (0, "")
    assert [row["outcome"] for row in rows(out.encode())] == ["opened", "ignored"]
    status, out, _ = gridbot("replay", "chat.jsonl")
    assert status == 0
    assert said[0] in out


def test_a_recording_that_is_not_there_is_named(gridbot):
    status, out, complaint = gridbot("replay", "nowhere.json")
    assert (status != 0, out) == (True, "")
    assert complaint.startswith(sentences("zh")["replay_missing"].partition("{")[0])


def test_a_reader_who_has_had_enough_is_no_error(tmp_path):
    with running("classify", cwd=tmp_path) as pipe:
        pipe.stdout.close()
        pipe.stdin.write("水管漏了\n".encode() * 100)
        pipe.stdin.close()
        assert (pipe.wait(timeout=60), pipe.stderr.read()) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to consoles, not to processes")
def test_ctrl_c_ends_quietly(tmp_path):
    with running("classify", cwd=tmp_path) as pipe:
        pipe.stdin.write("水管漏了\n".encode())
        pipe.stdin.flush()
        pipe.stdout.readline()
        pipe.send_signal(signal.SIGINT)
        assert (pipe.wait(timeout=60), pipe.stderr.read()) == (130, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to consoles, not to processes")
def test_demo_prints_its_address_serves_there_and_ends_quietly(tmp_path):
    with running("demo", "--no-open", "--port", "0", cwd=tmp_path) as pipe:
        address = pipe.stdout.readline().decode().strip()
        assert address.startswith("http://127.0.0.1:")
        with urlopen(address, timeout=30) as page:
            assert page.status == 200
        pipe.send_signal(signal.SIGINT)
        assert pipe.wait(timeout=60) == 130
        assert pipe.stderr.read().decode().splitlines() == [sentences("zh")["cli_demo_stop"]]
    assert list(tmp_path.iterdir()) == []


def test_demo_names_a_port_that_is_taken(gridbot):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said, complaint = gridbot("demo", "--no-open", "--port", str(port))
    assert (status, said) == (2, "")
    assert str(port) in complaint


def test_nothing_heavy_is_loaded_before_it_is_needed():
    heavy = "{'telegram', 'sqlalchemy', 'pydantic', 'jieba', 'rjieba', 'starlette', 'apscheduler'}"
    look = f"import sys, bot.cli; sys.exit(str({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, check=False)
    assert done.stderr.decode() == ""
