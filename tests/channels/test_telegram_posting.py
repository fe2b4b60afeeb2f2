"""What the bot says, as people in Telegram see it."""

from dataclasses import replace

import pytest

from bot.channels import Sent
from models.posts import Button, MentionOut, Post, Text
from tests.channels.botapi import BotApiServer, Refusal, person
from tests.channels.botapi_town import Toast
from tests.channels.conftest import deliver

GROUP = -1001234567891
AUNT, WORKER = person(7, "王阿姨"), person(4242, "张利萍")
CARD = Post(
    kind="send",
    chat_id=str(GROUP),
    segments=(Text("📌 第12件，记下了", bold=True), Text("\n"), MentionOut("张利萍", "4242"), Text(" 负责")),
    buttons=((Button("我家也是", "t:12:metoo"), Button("私下说", start="t12")),),
)


def say(*segments: Text | MentionOut, **changed: object) -> Post:
    return replace(CARD, segments=segments, buttons=(), **changed)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def group(api: BotApiServer) -> None:
    api.chat(GROUP)


def test_a_card_is_bold_calls_by_name_and_has_buttons(api: BotApiServer) -> None:
    sent = deliver(api, CARD)
    (card,) = api.sent
    assert sent == Sent(str(card.message_id))
    assert card.text == "📌 第12件，记下了\n张利萍 负责"
    assert (card.written.bold, card.mentions) == (["📌 第12件，记下了"], [("4242", "张利萍")])
    assert card.buttons == [
        [
            {"text": "我家也是", "callback_data": "t:12:metoo"},
            {"text": "私下说", "url": "https://t.me/grid_test_bot?start=t12"},
        ]
    ]
    assert (card.reply_to, card.thread_id, card.silent) == (None, None, False)


def test_words_that_look_like_html_are_words(api: BotApiServer) -> None:
    deliver(api, say(Text('<b>x</b> & "y" &amp; </a>'), MentionOut("<李&", "5"), Text("'); DROP TABLE--", bold=True)))
    (message,) = api.sent
    assert message.text == '<b>x</b> & "y" &amp; </a><李&\'); DROP TABLE--'
    assert message.mentions == [("5", "<李&")]


def test_who_has_no_number_is_named_without_a_ring(api: BotApiServer) -> None:
    sent = deliver(api, say(MentionOut("老王"), MentionOut("外人", '1" x="'), MentionOut("", "5"), Text("", bold=True)))
    assert (api.sent[0].text, api.sent[0].mentions, sent.degraded) == ("老王外人", [], ("mention",))


def test_what_telegram_cannot_carry_is_left_out(api: BotApiServer) -> None:
    deliver(api, say(Text("水\0管\ud83d"), MentionOut("王\0", "7")))
    assert api.sent[0].text == "水管\ufffd王"


def test_an_answer_stays_in_its_topic_and_at_its_message(api: BotApiServer) -> None:
    number = api.say(GROUP, AUNT, "水管漏水", thread=900)
    deliver(api, say(Text("收到"), reply_to=str(number), thread_id="900", silent=True))
    assert (api.sent[0].reply_to, api.sent[0].thread_id, api.sent[0].silent) == (number, 900, True)


def test_an_answer_to_a_deleted_message_is_sent_all_the_same(api: BotApiServer) -> None:
    deliver(api, say(Text("收到"), reply_to="99999"))
    assert api.sent[0].reply_to is None


@pytest.mark.parametrize("why", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"])
def test_a_topic_that_is_gone_swallows_nothing(api: BotApiServer, why: str) -> None:
    api.topics.add((GROUP, 900))
    api.answer("sendMessage", Refusal(400, f"Bad Request: {why}"))
    deliver(api, say(Text("收到"), thread_id="900"))
    assert [(m.text, m.thread_id) for m in api.sent] == [("收到", None)]


def test_links_that_neighbours_wrote_show_no_preview(api: BotApiServer) -> None:
    deliver(api, say(Text("见 example.com/x")))
    deliver(api, say(Text("见楼下")))
    assert [m.preview for m in api.sent] == [False, True]
    assert "link_preview_options" not in api.called("sendMessage")[1]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_4096_units_fit_and_one_more_is_cut_at_a_line_end(api: BotApiServer) -> None:
    exact = "😀" * 2048
    assert deliver(api, say(Text(exact))).degraded == ()
    lines = "\n".join(f"第{n}件 3号楼😀水管漏水" for n in range(1, 400))
    assert deliver(api, say(Text(lines), MentionOut("张利萍", "4242"))).degraded == ("cut",)
    whole, cut = (message.text for message in api.sent)
    assert whole == exact
    assert units(cut) <= 4096
    assert cut.endswith("水管漏水…")
    assert lines.startswith(cut[:-1] + "\n")


@pytest.mark.parametrize(("start", "pairs"), [("x", 2047), ("xy", 2046)])
def test_a_line_without_end_is_cut_where_it_is_and_no_pair_is_torn(api: BotApiServer, start: str, pairs: int) -> None:
    deliver(api, say(Text(start), Text("😀" * 3000, bold=True)))
    assert api.sent[0].text == start + "😀" * pairs + "…"


def test_a_mention_at_the_cut_is_whole_or_absent(api: BotApiServer) -> None:
    for before in range(4088, 4097):
        deliver(api, say(Text("字" * before), MentionOut("张利萍", "4242"), Text("尾" * 20)))
    for message in api.sent:
        assert message.mentions in ([("4242", "张利萍")], [])
        assert units(message.text) <= 4096
    assert {len(message.mentions) for message in api.sent} == {0, 1}


def test_a_photo_carries_the_words_and_the_buttons(api: BotApiServer) -> None:
    api.picture("PHOTO")
    sent = deliver(api, replace(CARD, attachments=(("photo", "PHOTO"),)))
    (message,) = api.sent
    assert (message.file, message.text, message.mentions) == (("photo", "PHOTO"), CARD.plain, [("4242", "张利萍")])
    assert len(message.buttons[0]) == 2
    assert sent == Sent(str(message.message_id))


def test_further_files_follow_as_replies(api: BotApiServer) -> None:
    api.files |= {"P", "V", "D", "N", "A", "S"}
    files = (("photo", "P"), ("voice", "V"), ("document", "D"), ("video", "video_note:N"), ("audio", "A"))
    files += (("sticker", "S"), ("location", "31.2,121.4"))
    sent = deliver(api, replace(CARD, attachments=files))
    first, *others = api.sent
    assert sent == Sent(str(first.message_id))
    assert [m.file and m.file[0] for m in api.sent] == ["photo", "voice", "document", "video_note", "audio"] + [
        "sticker",
        "location",
    ]
    assert {(m.reply_to, m.text, len(m.buttons)) for m in others} == {(first.message_id, "", 0)}


@pytest.mark.parametrize("ref", ["P", "video_note:P"])
def test_words_too_long_for_a_caption_go_first_and_the_file_below(api: BotApiServer, ref: str) -> None:
    api.files.add("P")
    text = "字" * (1025 if ref == "P" else 5)
    deliver(api, say(Text(text), attachments=(("video", ref),)))
    words, file = api.sent
    assert (words.text, words.file) == (text, None)
    assert (file.reply_to, file.text) == (words.message_id, "")


def test_a_file_that_telegram_will_not_have_does_not_take_the_words_with_it(api: BotApiServer) -> None:
    api.files.add("P")
    sent = deliver(api, replace(CARD, attachments=(("photo", "from-another-bot"), ("photo", "P"))))
    words, file = api.sent
    assert (words.text, words.file, len(words.buttons)) == (CARD.plain, None, 1)
    assert file.file == ("photo", "P")
    assert sent == Sent(str(words.message_id), ("file",))


def test_an_edit_changes_words_and_buttons(api: BotApiServer) -> None:
    number = deliver(api, CARD).message_id
    sent = deliver(api, replace(CARD, kind="edit", message_id=number, segments=(Text("✅ 办结"),), buttons=()))
    (card,) = api.sent
    assert (card.text, card.buttons, sent) == ("✅ 办结", [], Sent())
    assert api.edits == [card]


def test_an_edit_that_changes_nothing_is_a_success(api: BotApiServer) -> None:
    edit = replace(CARD, kind="edit", message_id=deliver(api, CARD).message_id)
    assert deliver(api, edit) == Sent()
    assert api.edits == []


def test_a_card_under_a_photo_can_be_edited_too(api: BotApiServer) -> None:
    api.picture("P")
    number = deliver(api, replace(CARD, attachments=(("photo", "P"),))).message_id
    edit = replace(CARD, kind="edit", message_id=number, segments=(Text("✅ 办结"),))
    assert deliver(api, edit) == deliver(api, edit) == Sent()
    assert [card.text for card in api.edits] == ["✅ 办结"]


def test_a_toast_is_short_and_a_long_one_stays_until_it_is_read(api: BotApiServer) -> None:
    card = deliver(api, CARD).message_id
    short, long, empty = (api.press(GROUP, WORKER, int(card or 0), "t:12:done") for _ in range(3))
    deliver(api, say(Text("已记"), kind="toast", query_id=short))
    deliver(api, say(Text("办结要由本网格的人点。" * 30), kind="toast", query_id=long))
    deliver(api, say(kind="toast", query_id=empty))
    first, second, third = api.toasts
    assert (first, third) == (Toast(short, "已记", False), Toast(empty, "", False))
    assert (second.alert, units(second.text), second.text[-1]) == (True, 200, "…")


def test_a_button_without_a_way_is_left_out(api: BotApiServer) -> None:
    api.username = ""
    try:
        deliver(api, replace(CARD, buttons=((Button("私下说", start="t12"),), (Button("我来办", "t:12:take"),))))
    finally:
        api.username = "grid_test_bot"
    assert api.sent[0].buttons == [[{"text": "我来办", "callback_data": "t:12:take"}]]
