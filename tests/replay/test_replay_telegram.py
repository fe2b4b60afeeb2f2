"""Telegram Desktop's result.json, as people export it."""

import json
from datetime import UTC, datetime

import pytest

from bot.replay.formats import open_recording
from bot.replay.recorded import Unreadable
from bot.replay.telegram_export import mend


def spoken(number, text="早", **more):
    return {
        "id": number,
        "type": "message",
        "date": "2026-10-01T09:00:00",
        "date_unixtime": str(1790816400 + number),
        "from": "李阿姨",
        "from_id": "user99",
        "text": text,
        **more,
    }


def opened(tmp_path, *messages, **chat):
    document = {"name": "春风里群", "type": "private_supergroup", "id": 1234567890, "messages": list(messages), **chat}
    path = tmp_path / "whatever.bin"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    recording = open_recording(path)
    return list(recording), recording.findings


def test_a_message_keeps_its_number_speaker_time_and_the_chat_gets_the_bots_id_for_it(tmp_path):
    [message], _ = opened(tmp_path, spoken(6, "三号楼门禁坏了"))
    assert (message.conv, message.id) == ("-1001234567890", 6)
    assert (message.sender_id, message.sender_name) == ("99", "李阿姨")
    assert message.sent_at == datetime(2026, 10, 1, 1, 0, 6, tzinfo=UTC)


def test_a_small_group_has_the_plain_negative_id(tmp_path):
    [message], _ = opened(tmp_path, spoken(1), type="private_group", id=77)
    assert message.conv == "-77"


def test_text_may_come_in_pieces_and_a_named_person_is_a_mention(tmp_path):
    pieces = [
        "麻烦 ",
        {"type": "mention_name", "text": "王师傅", "user_id": 4242},
        " 看看 ",
        {"type": "bold", "text": "路灯"},
    ]
    [message], _ = opened(tmp_path, spoken(1, pieces))
    assert message.text == "麻烦 王师傅 看看 路灯"
    [mention] = message.mentions
    assert mention.id == "4242" and message.text[mention.start : mention.end] == "王师傅"


def test_an_old_export_without_unix_time_is_read_as_chinese_wall_time(tmp_path):
    row = spoken(1)
    del row["date_unixtime"]
    [message], _ = opened(tmp_path, row)
    assert message.sent_at == datetime(2026, 10, 1, 1, 0, tzinfo=UTC)


def test_a_deleted_account_has_no_name(tmp_path):
    row = spoken(1, **{"from": None})
    nameless = spoken(2)
    del nameless["from"], nameless["from_id"]
    messages, findings = opened(tmp_path, row, nameless)
    assert [(m.sender_id, m.sender_name) for m in messages] == [("99", ""), (None, "")]
    assert not findings.broken


def test_the_topic_follows_the_replies_and_pointing_at_its_opening_is_no_reply(tmp_path):
    messages, findings = opened(
        tmp_path,
        {
            "id": 5,
            "type": "service",
            "date_unixtime": "1790816400",
            "action": "topic_created",
            "title": "报修",
            "text": "",
        },
        spoken(6, "楼上滴水", reply_to_message_id=5),
        spoken(7, "我也听见了", reply_to_message_id=6),
        spoken(8, "无关的话"),
        spoken(9, "答别的群", reply_to_message_id=6, reply_to_peer_id="channel1"),
    )
    assert [(m.thread, m.reply_to) for m in messages] == [("5", None), ("5", "6"), (None, None), (None, None)]
    assert findings.skipped == 1


def test_a_migration_is_noted_and_other_service_messages_are_passed_over(tmp_path):
    messages, findings = opened(
        tmp_path,
        {"id": 1, "type": "service", "action": "migrate_to_supergroup", "text": ""},
        {"id": 2, "type": "service", "action": "invite_members", "members": [None], "text": ""},
        {"id": 3, "type": "unsupported"},
    )
    assert messages == []
    assert findings.notes == ["replay_migrated"] and findings.skipped == 3


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ({"photo": "(File not included. Change data exporting settings to download.)"}, ("photo",)),
        ({"file": "voice.ogg", "media_type": "voice_message"}, ("voice",)),
        ({"file": "a.mp4", "media_type": "video_file"}, ("video",)),
        ({"file": "a.pdf"}, ("document",)),
        ({"location_information": {"latitude": 31.2, "longitude": 121.4}}, ("location",)),
    ],
)
def test_files_are_known_by_kind_even_when_the_export_left_them_out(tmp_path, more, kinds):
    [message], _ = opened(tmp_path, spoken(1, "", **more))
    assert message.attachments == kinds


def test_a_shared_place_is_latitude_then_longitude(tmp_path):
    [message], _ = opened(tmp_path, spoken(1, "", location_information={"latitude": 31.2, "longitude": 121.4}))
    assert message.location == (31.2, 121.4)


def test_who_speaks_as_the_group_is_an_anonymous_admin_and_another_channel_is_a_channel(tmp_path):
    messages, _ = opened(tmp_path, spoken(1, from_id="channel1234567890"), spoken(2, from_id="channel42"))
    assert [m.kind for m in messages] == ["anonymous_admin", "channel"]


def test_invalid_control_escapes_are_mended_but_a_written_backslash_is_left_alone(tmp_path):
    assert json.loads(mend(r'"a\x0bb"')) == "a\x0bb"
    assert json.loads(mend(r'"a\\x41b"')) == r"a\x41b"
    assert json.loads(mend(r'"a\\\x1fb"')) == "a\\\x1fb"
    path = tmp_path / "result.json"
    row = json.dumps(spoken(1, "§"), ensure_ascii=False).replace("§", r"铃\x07响 \\x41")
    path.write_text(f'{{"name":"群","type":"private_group","id":1,"messages":[{row}]}}', encoding="utf-8")
    [message] = open_recording(path)
    assert message.text == "铃\x07响 \\x41"


def test_a_full_export_gives_the_groups_each_on_its_own_and_leaves_private_chats_out(tmp_path):
    group = {"name": "甲", "type": "private_group", "id": 1, "messages": [spoken(1)]}
    left = {"name": "乙", "type": "public_supergroup", "id": 2, "messages": [spoken(1)]}
    private = {"name": "丙", "type": "personal_chat", "id": 3, "messages": [spoken(1)]}
    path = tmp_path / "result.json"
    document = {"about": "…", "chats": {"list": [group, private]}, "left_chats": {"list": [left]}}
    path.write_text(json.dumps(document), encoding="utf-8")
    recording = open_recording(path)
    assert [m.conv for m in recording] == ["-1", "-1000000000002"]
    assert recording.findings.notes == ["replay_only_groups"]


def test_broken_messages_are_named_and_the_others_go_on(tmp_path):
    messages, findings = opened(
        tmp_path,
        "not a message",
        spoken(2, date_unixtime="soon"),
        spoken(3, 17),
        {**spoken(4), "id": "four"},
        spoken(5, "", location_information={"latitude": "north"}),
        spoken(6, "好的"),
    )
    assert [m.id for m in messages] == [6]
    assert [(b.line, b.why) for b in findings.broken] == [
        (1, "replay_not_an_object"),
        (2, "replay_bad_time"),
        (3, "replay_no_text"),
        (4, "replay_no_id"),
        (5, "replay_bad_location"),
    ]


def test_an_edited_message_says_when(tmp_path):
    [message], _ = opened(tmp_path, spoken(1, edited_unixtime="1790816999"))
    assert message.edited_at == datetime.fromtimestamp(1790816999, UTC)


def test_an_export_that_broke_off_is_refused_as_a_whole(tmp_path):
    path = tmp_path / "result.json"
    path.write_text('{"name": "群",\n "messages": [\n  {"id": 1, "text": "早"}\n', encoding="utf-8")
    with pytest.raises(Unreadable) as refused:
        open_recording(path)
    assert refused.value.key == "replay_bad_document"
    assert refused.value.values["file"] == str(path)


@pytest.mark.parametrize("part", ['"messages": 5', '"chats": []', '"chats": {"list": [3]}', '"messages": {}'])
def test_documents_of_an_odd_shape_hold_no_message_and_do_no_harm(tmp_path, part):
    path = tmp_path / "result.json"
    path.write_text("{\n" + part + "}", encoding="utf-8")
    try:
        assert list(open_recording(path)) == []
    except Unreadable as refused:
        assert refused.key == "replay_unknown_format"
