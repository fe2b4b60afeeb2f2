"""ChatLab 0.0.2, as a document and as lines."""

import json
from datetime import UTC, datetime

from bot.replay.formats import open_recording

HEADER = {
    "chatlab": {"version": "0.0.2", "exportedAt": 1790816400},
    "meta": {"name": "梧桐苑", "groupId": "9@chatroom"},
}
MEMBER = {"platformId": "w1", "accountName": "小陈", "groupNickname": "2-301小陈", "roles": [{"id": "owner"}]}


def said(content, kind=0, **more):
    return {"sender": "w1", "accountName": "小陈", "timestamp": 1790816400, "type": kind, "content": content, **more}


def document(tmp_path, *messages, indent=None):
    path = tmp_path / "record"
    path.write_text(json.dumps({**HEADER, "members": [MEMBER, None], "messages": messages}, indent=indent), "utf-8")
    recording = open_recording(path)
    return list(recording), recording


def lines(tmp_path, *rows):
    path = tmp_path / "record"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows) + "\n", encoding="utf-8")
    recording = open_recording(path)
    return list(recording), recording


def test_a_document_on_one_line_or_on_many_reads_the_same(tmp_path):
    one, recording = document(tmp_path, said("电梯里太脏", platformMessageId="m1"))
    many, _ = document(tmp_path, said("电梯里太脏", platformMessageId="m1"), indent=2)
    assert one == many and recording.format == "chatlab"
    [message] = one
    assert (message.conv, message.id, message.sender_id) == ("9@chatroom", "m1", "w1")
    assert message.sender_name == "2-301小陈"
    assert message.sent_at == datetime.fromtimestamp(1790816400, UTC)


def test_lines_with_comments_members_and_replies(tmp_path):
    messages, recording = lines(
        tmp_path,
        "# exported at home",
        {"_type": "header", **HEADER},
        {"_type": "member", **MEMBER},
        "",
        {"_type": "message", **said("单元门关不上", platformMessageId="m1")},
        {"_type": "message", **said("俺家也是", 25, platformMessageId="m2", replyToMessageId="m1")},
    )
    assert recording.format == "chatlab_lines"
    assert [(m.conv, m.text, m.reply_to) for m in messages] == [
        ("9@chatroom", "单元门关不上", None),
        ("9@chatroom", "俺家也是", "m1"),
    ]


def test_pictures_and_voices_count_as_files_and_system_lines_do_not_count(tmp_path):
    messages, recording = document(tmp_path, said("[图片]", 1), said(None, 2), said("小陈 进群", 80), said("撤回", 81))
    assert [(m.text, m.attachments) for m in messages] == [("", ("photo",)), ("", ("voice",))]
    assert recording.findings.skipped == 2


def test_broken_lines_are_named_by_their_number(tmp_path):
    messages, recording = lines(
        tmp_path,
        {"_type": "header", **HEADER},
        '{"_type": "message", "sender": "w1", ',
        {"_type": "message", **said({"no": "text"})},
        {"_type": "message", **said("没有时间", timestamp=None)},
        {"_type": "message", **said("好")},
    )
    assert [m.text for m in messages] == ["好"]
    assert [(b.line, b.why) for b in recording.findings.broken] == [
        (2, "replay_not_json"),
        (3, "replay_no_text"),
        (4, "replay_bad_time"),
    ]
