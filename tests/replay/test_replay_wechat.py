"""WeChat's exports: two kinds of CSV, two styles of TXT."""

import time
from datetime import UTC, datetime

import pytest

from bot.replay.formats import open_recording
from bot.replay.recorded import Fault
from bot.replay.wechat_xml import read_card

OLD = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n"
NEW = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\n"
QUOTE = (
    "<msg><appmsg><title>这个我知道</title><type>57</type>"
    "<refermsg><svrid>77001</svrid><content>东门的灯谁管</content></refermsg></appmsg></msg>"
)


def opened(tmp_path, text, encoding="utf-8-sig"):
    path = tmp_path / "record"
    path.write_bytes(text.encode(encoding))
    recording = open_recording(path)
    return list(recording), recording.findings


def old(number, content, kind="1", sub="0", *, mine="0", at="1790816400"):
    quoted = content.replace('"', '""')
    return f'{number},12,{kind},{sub},{mine},{at},,"{quoted}",2026-10-01 09:00:00,,何姐,wxid_he\n'


def test_an_old_row_gives_words_speaker_and_time(tmp_path):
    [message], _ = opened(tmp_path, OLD + old(1, "楼道灯坏了,\n谁管?"))
    assert (message.conv, message.id, message.text) == ("12", "1", "楼道灯坏了,\n谁管?")
    assert (message.sender_id, message.sender_name) == ("wxid_he", "何姐")
    assert message.sent_at == datetime(2026, 10, 1, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_the_encoding_is_found_by_looking(tmp_path, encoding):
    [message], findings = opened(tmp_path, OLD + old(1, "水表井盖翘起来了"), encoding)
    assert message.text == "水表井盖翘起来了" and not findings.broken


def test_files_are_files_and_system_rows_and_calls_are_passed_over(tmp_path):
    rows = [old(1, "<msg/>", "3"), old(2, "x", "34"), old(3, "何姐撤回了一条消息", "10000"), old(4, "", "50")]
    messages, findings = opened(tmp_path, OLD + "".join(rows))
    assert [m.attachments for m in messages] == [("photo",), ("voice",)]
    assert findings.skipped == 2


def test_a_quote_gives_the_answer_and_what_it_answers(tmp_path):
    [message], _ = opened(tmp_path, OLD + old(1, QUOTE, "49", "57"))
    assert (message.text, message.quoted, message.reply_to) == ("这个我知道", "东门的灯谁管", "77001")


def test_a_place_has_its_label_as_words(tmp_path):
    [message], _ = opened(tmp_path, OLD + old(1, '<msg><location x="31.2" y="121.4" label="幸福路口"/></msg>', "48"))
    assert (message.location, message.text, message.attachments) == ((31.2, 121.4), "幸福路口", ("location",))


def test_a_private_chats_row_of_nine_columns_is_enough(tmp_path):
    rows = "5,30,1,0,0,1790816400,,您好,2026-10-01 09:00:00\n6,30,1,0,1,1790816460,,请讲,2026-10-01 09:01:00\n"
    messages, findings = opened(tmp_path, OLD + rows)
    assert [m.sender_id for m in messages] == ["30", "me"] and not findings.broken


def test_an_entity_bomb_in_a_message_is_refused_unopened(tmp_path):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<!DOCTYPE m [<!ENTITY e0 "boom">{levels}]><msg><appmsg><title>&e29;</title></appmsg></msg>'
    started = time.monotonic()
    messages, findings = opened(tmp_path, OLD + old(1, bomb, "49", "57") + old(2, "在吗"))
    assert time.monotonic() - started < 5
    assert [m.text for m in messages] == ["在吗"]
    assert [(b.line, b.why) for b in findings.broken] == [(2, "replay_xml_doctype")]


def test_an_outside_entity_is_never_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    with pytest.raises(Fault):
        read_card(f'<!DOCTYPE m [<!ENTITY x SYSTEM "{secret.as_uri()}">]><appmsg><title>&x;</title></appmsg>')


def test_a_quote_mark_left_open_costs_one_row_not_the_rest_of_the_file(tmp_path):
    torn = '2,12,1,0,0,1790816460,,"没写完,2026-10-01 09:01:00,,何姐,wxid_he\n'
    messages, findings = opened(tmp_path, OLD + old(1, "早") + torn + old(3, "第三句") + old(4, "第\n四句"))
    assert [m.text for m in messages] == ["早", "第三句", "第\n四句"]
    assert [(b.line, b.why) for b in findings.broken] == [(3, "replay_bad_row")]


def test_rows_with_odd_cells_and_broken_bytes_are_named(tmp_path):
    path = tmp_path / "record"
    good = [old(n, f"这是第{n}句平常的话，没有什么可说的") for n in range(1, 30)]
    broken = old(30, "断").encode().replace("断".encode(), b"\xe6\x96")
    rows = [OLD, *good, "???\n", old(31, "早", at="never")]
    path.write_bytes("".join(rows).encode() + broken)
    recording = open_recording(path)
    assert len(list(recording)) == 29
    whys = [b.why for b in recording.findings.broken]
    assert whys == ["replay_bad_row", "replay_bad_time", "replay_bad_bytes"]


def test_a_new_row_gives_words_speaker_and_time(tmp_path):
    rows = (
        '901,文本,wxid_he,2026-10-01 09:00:00,"北门口\n堵死了",,何姐,\n'
        "902,图片,wxid_he,2026-10-01 09:00:30,[图片],,何姐,\n"
        "903,系统消息,,2026-10-01 09:01:00,某人加入群聊,,,\n"
        "904,引用,wxid_wu,2026/10/1 9:02,确实,,老吴,\n"
    )
    messages, findings = opened(tmp_path, NEW + rows, "gbk")
    assert [(m.id, m.text, m.attachments) for m in messages] == [
        ("901", "北门口\n堵死了", ()),
        ("902", "", ("photo",)),
        ("904", "确实", ()),
    ]
    assert messages[2].sent_at == datetime(2026, 10, 1, 1, 2, tzinfo=UTC)
    assert messages[0].sender_name == "何姐" and findings.skipped == 1


@pytest.mark.parametrize("head", ["2026-10-05 21:40:12 {name}", "{name} 2026-10-05 21:40:12"])
def test_both_styles_of_txt(tmp_path, head):
    text = f"{head.format(name='老 王')}\n锅炉房冒黑烟\n味道很大\n\n{head.format(name='何姐')}\n[图片]\n\n"
    messages, findings = opened(tmp_path, text)
    assert [(m.sender_name, m.text, m.attachments) for m in messages] == [
        ("老 王", "锅炉房冒黑烟\n味道很大", ()),
        ("何姐", "", ("photo",)),
    ]
    assert messages[0].sent_at == datetime(2026, 10, 5, 13, 40, 12, tzinfo=UTC)
    assert not findings.broken


def test_a_forwarded_record_inside_a_message_stays_one_message(tmp_path):
    text = "2026-10-05 21:40:12 老王\n转：\n2026-10-04 08:00:00 物业\n明天停梯\n\n2026-10-05 21:41:00 何姐\n收到\n"
    messages, _ = opened(tmp_path, text)
    assert [m.text for m in messages] == ["转：\n2026-10-04 08:00:00 物业\n明天停梯", "收到"]


def test_recalled_lines_are_passed_over_and_odd_ones_named(tmp_path):
    text = (
        "群聊记录\n\n2026-10-05 21:40:12 老王\n老王撤回了一条消息\n\n2026-13-45 21:41:00 何姐\n在\n\n"
        "2026-10-05 21:42:00 何姐\n在的\n"
    )
    messages, findings = opened(tmp_path, text)
    assert [m.text for m in messages] == ["在的"]
    assert findings.skipped == 1
    assert [(b.line, b.why) for b in findings.broken] == [(1, "replay_before_first_head"), (6, "replay_bad_time")]
