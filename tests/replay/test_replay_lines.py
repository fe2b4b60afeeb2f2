"""JSON Lines, and how a file is recognised by what is in it."""

import json
from datetime import UTC, datetime

import pytest

from bot.replay.formats import open_recording
from bot.replay.placeholders import set_apart
from bot.replay.recorded import Unreadable


def opened(tmp_path, *rows):
    path = tmp_path / "record"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), encoding="utf-8")
    recording = open_recording(path)
    return list(recording), recording.findings


def test_a_line_keeps_id_group_speaker_role_and_reply_as_given(tmp_path):
    row = {"id": 7, "conv": "c1", "seq": 1, "sender": "u3", "role": "volunteer", "reply_to": 3, "text": "台阶松了"}
    [message], _ = opened(tmp_path, row)
    assert (message.id, message.conv, message.sender_id) == (7, "c1", "c1/u3")
    assert (message.role, message.reply_to, message.text) == ("volunteer", "3", "台阶松了")
    assert message.sent_at is None


def test_text_alone_is_enough_and_gets_an_id_of_its_own(tmp_path):
    messages, _ = opened(tmp_path, {"text": "一"}, {"text": "二"}, {"text": "三", "conv": "x", "seq": 9})
    assert [m.id for m in messages] == [":1", ":2", "x:9"]


@pytest.mark.parametrize(
    "time",
    [1790816400, 1790816400000, "1790816400", "2026-10-01T01:00:00Z", "2026-10-01 09:00", "2026-10-01T09:00:00+08:00"],
)
def test_a_time_may_be_given_in_any_usual_way(tmp_path, time):
    [message], _ = opened(tmp_path, {"text": "早", "sent_at": time})
    assert message.sent_at == datetime(2026, 10, 1, 1, 0, tzinfo=UTC)


def test_broken_lines_are_counted_and_named_even_in_the_first_line(tmp_path):
    messages, findings = opened(
        tmp_path,
        '{"text": "断',
        "# a comment",
        "",
        {"id": "a"},
        {"text": 5},
        {"text": "谁啊", "role": "emperor"},
        {"text": "早", "time": "yesterday"},
        {"text": "早", "time": 7},
        "[" * 100_000,
        '"only a string"',
        {"text": None},
        {"text": "还在"},
    )
    assert [m.text for m in messages] == ["", "还在"]
    assert [(b.line, b.why) for b in findings.broken] == [
        (1, "replay_not_json"),
        (4, "replay_no_text"),
        (5, "replay_no_text"),
        (6, "replay_bad_role"),
        (7, "replay_bad_time"),
        (8, "replay_bad_time"),
        (9, "replay_not_json"),
        (10, "replay_not_an_object"),
    ]


def test_half_a_surrogate_pair_becomes_something_that_can_be_stored(tmp_path):
    [message], _ = opened(tmp_path, '{"text": "好\\ud83d的 \\ud83d\\ude00"}')
    assert message.text.encode("utf-8") and message.text.endswith("😀")


@pytest.mark.parametrize(
    ("text", "words", "files"),
    [
        ("[图片]", "", ("photo",)),
        ("[图片][图片]刚拍的", "刚拍的", ("photo", "photo")),
        ('[语音 12"]', "", ("voice",)),
        ("[语音]8″", "", ("voice",)),
        ("看[视频: 0:15]", "看", ("video",)),
        ("[捂脸]又来", "[捂脸]又来", ()),
        ("[语音转文字]门坏了", "[语音转文字]门坏了", ()),
        ("[图片上那个人]", "[图片上那个人]", ()),
        ("3[楼]", "3[楼]", ()),
    ],
)
def test_a_placeholder_is_a_file_beside_the_words(text, words, files):
    assert set_apart(text) == (words, files)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "replay_empty"),
        (b"\n \n", "replay_empty"),
        (b"SQLite format 3\x00\x10\x00" + bytes(range(256)) * 20, "replay_unknown_format"),
        (b"\xff" * 50, "replay_encoding"),
        ("只是一段话\n没有别的".encode(), "replay_unknown_format"),
        (b'{"a": 1}\n{"b": 2}', "replay_unknown_format"),
        (b"[1, 2, 3]", "replay_unknown_format"),
        (b"name,age\nx,1\n", "replay_unknown_format"),
    ],
)
def test_a_file_of_no_use_is_refused_with_one_reason(tmp_path, content, key):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        list(open_recording(path))
    assert refused.value.key == key


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path, key in ((tmp_path / "none", "replay_missing"), (tmp_path, "replay_directory")):
        with pytest.raises(Unreadable) as refused:
            open_recording(path)
        assert refused.value.key == key
