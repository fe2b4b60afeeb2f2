"""Files that are no files of ours: too large, without end, too deep, or made to unfold. One clear line, and soon."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.bounds import LINE_MOST
from bot.cli import main
from bot.config.faults import ConfigFaults
from bot.config.load import Config, load
from bot.reading.faults import RuleFault
from bot.reading.judge import Judge
from bot.reading.tables import read_table
from bot.replay.formats import open_recording
from bot.replay.recorded import Recording, Unreadable
from bot.replay.run import FAILED, replay

FIVE_GB = 5 << 30
DEEP = 100_000
ROW = json.dumps({"conv": "a", "id": "1", "sender": "u", "text": "3号楼水管漏水"}, ensure_ascii=False)
HEADS = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 9}'>" for n in range(9)) + "]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def holes(path: Path) -> Path:
    """Five gigabytes that take no room on the disk."""
    with path.open("wb") as file:
        file.truncate(FIVE_GB)
    return path


def all_of(path: Path) -> Recording:
    recording = open_recording(path)
    list(recording)
    return recording


def test_a_recording_of_five_gigabytes_is_refused_with_its_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replay(holes(tmp_path / "r.jsonl"), as_json=False, out=io.StringIO()) == FAILED
    assert capsys.readouterr().err.endswith("太大，超过1024 MB。请按群、按时间分开导出。\n")


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes((ROW + "\n").encode() + b"a" * (LINE_MOST + 1))
    with pytest.raises(Unreadable) as refused:
        all_of(path)
    assert refused.value.key == "replay_long_line"


@pytest.mark.parametrize(
    "line",
    ["[" * DEEP, '{"text":' * DEEP, '{"text":"a","id":' + "9" * 10_000 + "}", '{"text":"a","date":NaN}', "\x00" * 99],
)
def test_a_hostile_line_is_named_and_the_others_are_read(tmp_path: Path, line: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(f"{ROW}\n{line}\n{ROW}\n", encoding="utf-8")
    recording = all_of(path)
    assert [broken.line for broken in recording.findings.broken] == [2]


@pytest.mark.parametrize(
    "bomb", [LAUGHS + "<msg><appmsg><title>&a8;</title></appmsg></msg>", OUTSIDE + "<msg>&e;</msg>"]
)
def test_nothing_unfolds_in_the_xml_of_a_wechat_record(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "r.csv"
    cell = bomb.replace('"', '""')
    path.write_text(f'{HEADS}\n1,2,49,57,0,1772413200,,"{cell}",t,王,王,w\n', encoding="utf-8")
    recording = all_of(path)
    assert len(recording.findings.broken) == 1


def test_a_quote_in_a_quote_in_a_quote_is_not_followed(tmp_path: Path) -> None:
    nested = "<appmsg><title>底</title></appmsg>"
    for _ in range(12):
        escaped = nested.replace("&", "&amp;").replace("<", "&lt;")
        nested = f"<appmsg><title>层</title><refermsg><content>{escaped}</content></refermsg></appmsg>"
    path = tmp_path / "r.csv"
    cell = nested.replace('"', '""')
    path.write_text(f'{HEADS}\n1,2,49,57,0,1772413200,,"{cell}",t,王,王,w\n', encoding="utf-8")
    (message,) = list(open_recording(path))
    assert (message.text, message.quoted) == ("层", "层")


def test_a_document_that_is_too_deep_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text('{"messages": ' + "[" * DEEP, encoding="utf-8")
    with pytest.raises(Unreadable):
        all_of(path)


@pytest.mark.parametrize(
    "wrong", ["a = " + "[" * DEEP, "a = " + "9" * 10_000, "a." * 5_000 + "b = 1", "[" + "a." * 3_000 + "b]"]
)
def test_a_configuration_out_of_all_measure_is_refused_in_words(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(ConfigFaults) as refused:
        load(path, {})
    assert all(len(str(fault)) < 500 for fault in refused.value.faults)


@pytest.mark.parametrize("read", [lambda path: load(path, {}), read_table])
def test_a_huge_file_of_settings_or_rules_is_not_read(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises((ConfigFaults, RuleFault)):
        read(holes(tmp_path / "config.toml"))


@pytest.mark.parametrize("command", ["classify", "evaluate", "replay"])
def test_every_command_says_in_one_line_that_a_file_is_too_large(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([command, str(holes(tmp_path / "big"))]) != 0
    said = capsys.readouterr().err.strip()
    assert said and "\n" not in said and "Traceback" not in said


def test_a_sound_configuration_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('language = "zh"\n', encoding="utf-8")
    assert isinstance(load(path, {}), Config)
    assert Judge.load()
