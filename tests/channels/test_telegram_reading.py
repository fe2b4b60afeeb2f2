"""What people do in Telegram, as the rest of the program hears it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.messages import Attachment, Incoming, Mention, Sender
from tests.channels.botapi import BotApiServer, person
from tests.channels.conftest import heard

GROUP, CHANNEL = -1001234567891, -1009
AUNT, WORKER = person(7, "王阿姨"), person(4242, "张利萍", username="zhanglp")
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
AS_CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
OURS = {"id": 4711, "is_bot": True, "first_name": "网格小助手", "username": "grid_test_bot"}


def one(api: BotApiServer) -> Any:
    return heard(api)[0]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def entity(kind: str, text: str, part: str, **more: Any) -> dict[str, Any]:
    """Where `part` stands in `text`, counted as Telegram counts."""
    return {"type": kind, "offset": units(text[: text.index(part)]), "length": units(part), **more}


def test_a_sentence_in_the_group(api: BotApiServer) -> None:
    number = api.say(GROUP, WORKER, "3号楼水管漏水", date=1_790_816_400)
    assert one(api) == Incoming(
        channel="telegram",
        account="4711",
        event_id=str(api.next_update - 1),
        chat_id=str(GROUP),
        chat_kind="group",
        chat_title="幸福里第3网格居民群",
        message_id=str(number),
        sender=Sender("4242", "张利萍", username="zhanglp"),
        sent_at=datetime(2026, 10, 1, 1, 0, tzinfo=UTC),
        text="3号楼水管漏水",
    )


def test_a_private_message_and_a_plain_group(api: BotApiServer) -> None:
    api.chats[-55] = {"id": -55, "type": "group", "title": "老群"}
    api.say(7, AUNT, "/start card_12")
    api.say(-55, AUNT, "灯不亮")
    private, group = heard(api, 2)
    assert (private.chat_kind, private.chat_title, private.text) == ("private", None, "/start card_12")
    assert (group.chat_kind, group.chat_title) == ("group", "老群")


def test_people_without_a_name_and_strange_characters(api: BotApiServer) -> None:
    api.say(
        GROUP,
        {"id": 8, "is_bot": False},
        "水\0管\ud83d漏水",
    )
    api.say(GROUP, person(9, " \0 "), "\u200f\u202e" + "👨‍👩‍👧" * 3)
    first, second = heard(api, 2)
    assert (first.sender.name, first.text) == ("?", "水管\ufffd漏水")
    assert (second.sender.name, second.text) == ("?", "\u200f\u202e" + "👨‍👩‍👧" * 3)


@pytest.mark.parametrize(
    ("root", "mark"), [(900, {}), (899, {"forum_topic_created": {"name": "报修", "icon_color": 1}})]
)
def test_answers_in_a_forum_topic_stay_there(api: BotApiServer, root: int, mark: dict[str, Any]) -> None:
    api.messages[GROUP, root] = {"message_id": root, "date": 1, "chat": api.chat(GROUP), "from": WORKER} | mark
    first = api.say(GROUP, AUNT, "水管漏水", thread=900, reply_to=root)
    api.say(GROUP, WORKER, "收到", thread=900, reply_to=first)
    said, answer = heard(api, 2)
    assert (said.thread_id, said.reply_to) == ("900", None)
    assert (answer.thread_id, answer.reply_to.message_id) == ("900", str(first))


def test_a_reply_chain_in_a_plain_supergroup_is_no_topic(api: BotApiServer) -> None:
    first = api.say(GROUP, AUNT, "水管漏水")
    api.say(GROUP, WORKER, "收到", reply_to=first, message_thread_id=first)
    _, answer = heard(api, 2)
    assert answer.thread_id is None
    quoted = answer.reply_to
    assert (quoted.message_id, quoted.text, quoted.sender) == (str(first), "水管漏水", Sender("7", "王阿姨"))
    assert quoted.sent_at.tzinfo is UTC


def test_a_reply_to_a_photo_brings_the_photo_and_to_a_place_the_place(api: BotApiServer) -> None:
    photo = api.say(GROUP, AUNT, "看", photo="PHOTO")
    place = api.say(GROUP, AUNT, location={"latitude": 31.25, "longitude": 121.5})
    api.say(GROUP, WORKER, "登记", reply_to=photo)
    api.say(GROUP, WORKER, "登记", reply_to=place)
    *_, to_photo, to_place = heard(api, 4)
    assert to_photo.reply_to.attachments == (Attachment("photo", "PHOTO", "image/jpeg"),)
    assert to_place.reply_to.attachments == (Attachment("location", "31.25,121.5"),)


def test_a_quote_from_another_chat_has_words_only(api: BotApiServer) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "某人"}
    elsewhere = {"external_reply": {"origin": origin, "message_id": 3}}
    api.say(GROUP, AUNT, "这个怎么办", quote={"text": "电梯又坏了", "position": 0}, **elsewhere)
    api.say(GROUP, AUNT, "这个呢", **elsewhere)
    quoting, pointing = heard(api, 2)
    assert (quoting.reply_to.message_id, quoting.reply_to.text) == (None, "电梯又坏了")
    assert pointing.reply_to is None


def test_photos_of_an_album_share_its_number_and_come_in_the_largest_size(api: BotApiServer) -> None:
    api.say(GROUP, AUNT, "3号楼门口垃圾", photo="A", media_group_id="77")
    api.say(GROUP, AUNT, photo="B", media_group_id="77")
    first, second = heard(api, 2)
    assert [(m.album_id, m.text, m.attachments[0].ref) for m in (first, second)] == [
        ("77", "3号楼门口垃圾", "A"),
        ("77", "", "B"),
    ]


FILE = {"file_id": "F", "file_unique_id": "u", "file_size": 9}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"voice": FILE | {"duration": 3, "mime_type": "audio/ogg"}}, Attachment("voice", "F", "audio/ogg", 9)),
        (
            {"video": FILE | {"duration": 3, "width": 1, "height": 1, "file_name": "a.mp4"}},
            Attachment("video", "F", None, 9, "a.mp4"),
        ),
        ({"video_note": FILE | {"duration": 3, "length": 1}}, Attachment("video", "video_note:F", "video/mp4", 9)),
        ({"audio": FILE | {"duration": 3, "file_name": "\0"}}, Attachment("audio", "F", None, 9)),
        (
            {"document": FILE | {"mime_type": "application/pdf", "file_name": "通知.pdf"}},
            Attachment("document", "F", "application/pdf", 9, "通知.pdf"),
        ),
        (
            {"sticker": FILE | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}},
            Attachment("sticker", "F", None, 9),
        ),
        (
            {"animation": FILE | {"duration": 3, "width": 1, "height": 1}, "document": FILE},
            Attachment("document", "F", None, 9),
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_files_keep_what_is_needed_to_send_them_on(
    api: BotApiServer, fields: dict[str, Any], expected: Attachment
) -> None:
    api.say(GROUP, AUNT, caption="看看", **fields)
    message = one(api)
    assert (message.text, message.attachments) == ("看看", (expected,))


def test_a_place_and_a_venue(api: BotApiServer) -> None:
    where = {"latitude": 31.25, "longitude": 121.5}
    api.say(GROUP, AUNT, location=where)
    api.say(GROUP, AUNT, location=where, venue={"location": where, "title": "3号楼", "address": "幸福路12号"})
    place, venue = heard(api, 2)
    assert (place.location, place.text, place.live) == ((31.25, 121.5), "", False)
    assert (venue.location, venue.text) == ((31.25, 121.5), "3号楼 幸福路12号")


def test_a_live_location_that_moves_is_marked_as_such(api: BotApiServer) -> None:
    moving = {"latitude": 31.25, "longitude": 121.5, "live_period": 900}
    number = api.say(GROUP, AUNT, location=moving)
    api.edit(GROUP, number, location=moving | {"latitude": 31.5})
    first, moved = heard(api, 2)
    assert (first.live, first.edited) == (False, False)
    assert (moved.live, moved.edited, moved.location) == (True, True, (31.5, 121.5))


def test_an_edit_keeps_its_number_and_the_time_of_the_message(api: BotApiServer) -> None:
    number = api.say(GROUP, AUNT, "水管", date=1_790_816_400)
    api.edit(GROUP, number, "水管漏水")
    before, after = heard(api, 2)
    assert (after.edited, after.live, after.text) == (True, False, "水管漏水")
    assert (after.message_id, after.sent_at) == (before.message_id, before.sent_at)
    assert after.event_id != before.event_id


@pytest.mark.parametrize(
    ("user", "fields", "sender"),
    [
        (
            ANONYMOUS,
            {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "群"}},
            (None, "群", "anonymous_admin"),
        ),
        (
            ANONYMOUS,
            {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "群"}, "author_signature": "楼长"},
            (None, "楼长", "anonymous_admin"),
        ),
        (AS_CHANNEL, {"sender_chat": {"id": CHANNEL, "type": "channel", "title": "社区"}}, (None, "社区", "channel")),
        (
            TELEGRAM,
            {"sender_chat": {"id": CHANNEL, "type": "channel", "title": "社区"}, "is_automatic_forward": True},
            (None, "社区", "channel"),
        ),
        (None, {}, (None, "幸福里第3网格居民群", "channel")),
        ({"id": 55, "is_bot": True, "first_name": "别家"}, {}, ("55", "别家", "bot")),
        (AUNT, {"via_bot": {"id": 56, "is_bot": True, "first_name": "gif"}}, ("7", "王阿姨", "bot")),
    ],
    ids=["admin", "signed admin", "as channel", "forward", "nobody", "bot", "via bot"],
)
def test_who_is_speaking(api: BotApiServer, user: Any, fields: dict[str, Any], sender: tuple[Any, ...]) -> None:
    api.say(GROUP, user, "明天停水", **fields)
    message = one(api)
    assert (message.sender.id, message.sender.name, message.sender.kind) == sender
    assert message.chat_kind == "group"


def test_a_channel_post_and_its_edit(api: BotApiServer) -> None:
    api.chats[CHANNEL] = {"id": CHANNEL, "type": "channel", "title": "社区"}
    number = api.say(CHANNEL, None, "明天停水", sender_chat=api.chats[CHANNEL])
    api.edit(CHANNEL, number, "后天停水")
    api.say(CHANNEL, WORKER, "作者署名", sender_chat=api.chats[CHANNEL])
    for post in heard(api, 3):
        assert (post.chat_kind, post.sender.kind, post.sender.id, post.sender.name) == (
            "channel",
            "channel",
            None,
            "社区",
        )


def test_a_forwarded_message_is_an_ordinary_one(api: BotApiServer) -> None:
    origin = {"type": "user", "date": 1, "sender_user": person(99, "别人")}
    api.say(GROUP, AUNT, "楼道灯坏了", forward_origin=origin)
    message = one(api)
    assert (message.text, message.sender.id) == ("楼道灯坏了", "7")


def test_mentions_are_found_behind_emoji(api: BotApiServer) -> None:
    text = "😀👨‍👩‍👧 @zhanglp 和老王、@Grid_Test_Bot 都来看\0看 @grid_test_bot"
    entities = [
        entity("mention", text, "@zhanglp"),
        entity("text_mention", text, "老王", user=person(12, "王建国")),
        entity("mention", text, "@Grid_Test_Bot"),
        entity("mention", text, "@grid_test_bot"),
        entity("bold", text, "都来"),
        {"type": "mention", "offset": 4000, "length": 5},
        entity("text_mention", text, "看", user=OURS),
    ]
    api.say(GROUP, AUNT, text, entities=entities)
    message = one(api)
    found = [(m.kind, m.id, m.name, message.text[m.start : m.end]) for m in message.mentions]
    assert found == [
        ("username", None, "zhanglp", "@zhanglp"),
        ("user", "12", "老王", "老王"),
        ("bot", "4711", "Grid_Test_Bot", "@Grid_Test_Bot"),
        ("bot", "4711", "grid_test_bot", "@grid_test_bot"),
        ("bot", "4711", "看", "看"),
    ]


def test_mentions_in_a_caption_and_the_bot_named_in_a_command(api: BotApiServer) -> None:
    caption, command, other = "请 @zhanglp 看", "/done@grid_test_bot 12", "/done@other_bot 12"
    api.say(GROUP, AUNT, caption, photo="P", caption_entities=[entity("mention", caption, "@zhanglp")])
    api.say(GROUP, AUNT, command, entities=[entity("bot_command", command, "/done@grid_test_bot")])
    api.say(GROUP, AUNT, other, entities=[entity("bot_command", other, "/done@other_bot")])
    api.say(GROUP, AUNT, "/done", entities=[entity("bot_command", "/done", "/done")])
    assert [message.mentions for message in heard(api, 4)] == [
        (Mention("username", None, "zhanglp", 2, 10),),
        (Mention("bot", "4711", "grid_test_bot", 5, 19),),
        (Mention("username", None, "other_bot", 5, 15),),
        (),
    ]
