"""The grid member settles, takes on, sets aside; the reporter has the last word."""

import pytest

from models.messages import Attachment
from tests.world import OTHER, RESIDENTS, STAFF, Shown, World

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
RUBBISH = "5号楼门口的垃圾堆了三天没人清"
ASKED = "✅ 第1件办结：已清运（老王）\n王阿姨，您看行吗？选什么群里不显示"


def last_shown(world: World, chat: str = RESIDENTS) -> Shown:
    return next(s for s in reversed(world.channel.shown) if s.chat_id == chat)


@pytest.mark.parametrize(
    "line", ["/done 1 已清运", "办结 1 已清运", "办结1 已清运", "/办结 1 已清运", "办结　第１件　已清运"]
)
def test_settling_by_number_tells_the_group_in_one_line(world: World, line: str) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", line) == [ASKED]
    assert last_shown(world).mentions == [world.id_of("王阿姨")]
    assert last_shown(world).labels == ["满意", "基本满意", "不满意", "还没解决"]
    ticket = world.ticket(1)
    assert (ticket.state, ticket.note) == ("settled", "已清运")
    assert world.card().text == "✅ 第1件，已办结\n3号楼2单元 路灯坏了三天（民生诉求）"
    assert world.card().labels == []


def test_settling_by_reply_to_the_card(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "/done 已清运", reply=world.card()) == [ASKED]


def test_settling_by_reply_to_the_residents_own_message(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "/done 已清运", reply=world.last_message) == [ASKED]


def test_settling_by_the_cards_button_asks_what_was_done_and_answers_the_presser_too(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.presses("老王", "办结") == ["第1件怎么办的？发“办结1 已清运”，或发张照片，就办结"]
    assert (world.ticket(1).state, len(world.lines())) == ("open", 1)
    assert world.presses("老王", "办结") == ["第1件已办结，已告诉王阿姨。"]
    assert world.lines()[-1] == "✅ 第1件办结（老王）\n王阿姨，您看行吗？选什么群里不显示"
    assert world.ticket(1).state == "settled"


@pytest.mark.parametrize("words", ["已修好", "修好了", "已清运"])
def test_plain_words_in_reply_settle(world: World, words: str) -> None:
    world.says("王阿姨", LEAK)
    asked = "王阿姨，您看行吗？选什么群里不显示"
    assert world.says("老王", words, reply=world.card()) == [f"✅ 第1件办结：{words}（老王）\n{asked}"]


@pytest.mark.parametrize("words", ["还没处理", "处理好了吗", "明天才能修好", "什么时候修好了说一声"])
def test_negated_or_asked_words_settle_nothing(world: World, words: str) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", words, reply=world.card())
    assert world.ticket(1).is_open


def test_plain_words_without_a_reply_settle_nothing(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "已处理") == []
    assert world.ticket(1).state == "open"


@pytest.mark.parametrize("words", ["收到", "马上去"])
def test_a_word_in_reply_takes_it_on_without_a_line_in_the_group(world: World, words: str) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("陈副", words, reply=world.card()) == []
    ticket = world.ticket(1)
    assert (ticket.state, ticket.assignee.name) == ("taken", "陈副")
    assert world.card().text.startswith("📌 第1件，已接手\n3号楼2单元")
    assert "陈副 在办" in world.card().text


def test_taking_on_by_command_says_who_and_by_when(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "我来办1") == ["第1件，老王已接手，最迟3月5日（周四）18:00回话"]
    assert world.says("陈副", "/take 1") == ["第1件已有人接手。"]
    assert world.ticket(1).assignee.name == "老王"


def test_a_neighbours_word_settles_nothing(world: World) -> None:
    world.says("王阿姨", LEAK)
    for words in ("已处理", "收到", "好了"):
        assert world.says("小李", words, reply=world.card()) == []
    assert world.ticket(1).state == "open"


def test_a_photo_with_the_reply_is_kept_and_shown(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/done 已清运", reply=world.card(), photo="after")
    [photo] = world.ticket(1).files
    assert (photo.kind, photo.ref, photo.closing) == ("photo", "after", True)
    assert last_shown(world).post.attachments == (("photo", "after"),)


def test_the_note_is_masked_and_a_long_one_does_not_burst_the_line(world: World) -> None:
    world.says("王阿姨", LEAK)
    [line] = world.says("老王", "/done 1 师傅电话13812345678，" + "换了灯" * 1300)
    assert "138****5678" in line
    assert len(line) < 300
    assert len(world.ticket(1).note) > 3000


def test_settling_twice_is_refused(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/done 1 已清运")
    assert world.says("陈副", "/done 1 再办") == ["第1件今天09:00已办结。没好？回“没好”。"]
    assert world.press_action("老王", "done:1") == ["第1件今天09:00已办结。没好？回“没好”。"]
    assert world.ticket(1).note == "已清运"
    assert [e.kind for e in world.ticket(1).history] == ["opened", "settle"]


def test_another_groups_number_reads_like_a_missing_one(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("钱网格", "/done 1", group=OTHER) == ["本群没有第1件，请看卡片上的号。"]
    assert world.says("钱网格", "/done 9", group=OTHER) == ["本群没有第9件，请看卡片上的号。"]
    assert world.tells("钱网格", "/done 1") == ["您这里没有第1件，请看卡片上的号。"]
    assert world.ticket(1).state == "open"


def test_in_private_a_member_acts_on_every_ticket_of_all_their_grids(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("小赵", RUBBISH, group=OTHER)
    assert world.tells("老王", "/done 1 已修") == ["第1件已办结，已告诉王阿姨。"]
    assert world.tells("老王", "/done 2 已修") == ["您这里没有第2件，请看卡片上的号。"]
    assert world.tells("李书记", "我来办2") == ["第2件，李书记已接手，最迟3月5日（周四）18:00回话"]
    assert world.tells("李书记", "/done 2 已清") == ["第2件已办结，已告诉小赵。"]
    assert world.lines(OTHER)[-1] == "✅ 第2件办结：已清（李书记）\n小赵，您看行吗？选什么群里不显示"


def test_the_private_ping_can_be_answered_in_plain_words(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    assert world.tells("老王", "收到", reply=last_shown(world, "11")) == [
        "第1件，老王已接手，最迟3月5日（周四）18:00回话"
    ]
    assert world.tells("老王", "修好了", reply=last_shown(world, "11")) == ["第1件已办结，已告诉王阿姨。"]
    assert world.lines()[-1] == "✅ 第1件办结：修好了（老王）\n王阿姨，您看行吗？选什么群里不显示"


def test_in_the_staff_group_too(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "/done 1 已修", group=STAFF) == ["第1件已办结，已告诉王阿姨。"]
    assert world.lines()[-1].startswith("✅ 第1件办结：已修（老王）")


@pytest.mark.parametrize("words", ["好了", "修好了，谢谢", "谢谢修好了"])
def test_the_reporter_closes_their_own(world: World, words: str) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("王阿姨", words, reply=world.card()) == ["✅ 第1件，王阿姨说好了，办结。"]
    assert world.ticket(1).state == "confirmed"
    assert "居民已确认" in world.card().text


def test_the_reporters_word_without_a_reply_means_their_only_matter(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/done 1 已修")
    assert world.says("王阿姨", "好了") == []
    assert world.ticket(1).state == "confirmed"
    assert world.lines()[-1] == "✅ 第1件办结：已修（老王）\n居民已确认"


def test_with_two_matters_a_bare_word_closes_neither(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("王阿姨", RUBBISH)
    assert world.says("王阿姨", "好了") == ["您说的是哪件？"]
    assert [world.ticket(n).state for n in (1, 2)] == ["open", "open"]


@pytest.mark.parametrize("words", ["没好", "又坏了", "没人来"])
def test_not_good_takes_it_up_again(world: World, words: str) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/done 1 已修")
    lines = world.says("王阿姨", words, reply=last_shown(world))
    assert lines == ["第1件重办：居民说还没好\n老王 负责，最迟3月5日（周四）18:00回话"]
    assert last_shown(world).mentions == ["11"]
    ticket = world.ticket(1)
    assert (ticket.state, ticket.reopened) == ("open", 1)
    assert "✅ 第1件办结过：已修（老王）\n居民说还没好，已重办" in world.lines()


def test_the_buttons_under_the_closing_line_are_for_the_reporter(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/done 1 已修")
    assert world.presses("小李", "满意") == ["这一步要反映的人自己点。"]
    assert world.presses("小李", "还没解决") == ["这一步要反映的人自己点。"]
    assert world.ticket(1).state == "settled"
    assert world.presses("王阿姨", "还没解决") == ["好的，第1件重新办。"]
    assert world.ticket(1).state == "open"


def test_void_tells_the_reporter_who_may_insist(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "/void 1 已报路灯所") == [
        "第1件不立单：已报路灯所（老王）\n王阿姨，觉得不对就点“仍要登记”"
    ]
    assert last_shown(world).mentions == [world.id_of("王阿姨")]
    assert world.presses("小李", "仍要登记") == ["这一步要反映的人自己点。"]
    assert world.presses("王阿姨", "仍要登记") == ["好的，第1件重新办。"]
    assert world.ticket(1).state == "open"
    assert world.presses("王阿姨", "仍要登记") == ["这个按钮过时了，请看最新的卡片。"]


def test_void_needs_a_reason_and_an_open_matter(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "/void 1") == ["请写理由，如 不立单1 同一件事"]
    world.says("老王", "/void 1 同一件事")
    assert world.says("老王", "/done 1") == ["第1件今天09:00已定为不立单。要重办请发“重办1 理由”。"]
    assert world.says("王阿姨", "好了", reply=world.card()) == []
    assert world.ticket(1).state == "void"


def test_void_by_button_asks_why(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    world.presses("老王", "不立单", chat="11")
    assert last_shown(world, "11").labels == ["同一件事已经登记", "不在本网格", "只是聊天", "问题已经没有了"]
    assert world.presses("老王", "不在本网格", chat="11") == ["第1件已定为不立单。"]
    assert world.lines()[-1].startswith("第1件不立单：不在本网格（老王）")


def test_another_class(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("老王", "改类1 环境卫生") == ["第1件已改为环境卫生。"]
    assert "（环境卫生）" in world.card().text
    [refusal] = world.says("老王", "/class 1 随便")
    assert refusal == "类别只有：安全隐患、环境卫生、私搭乱建、矛盾纠纷、民生诉求、乱堆乱放、治安稳定"
    assert world.ticket(1).category == "环境卫生"


def test_reopening_by_hand_needs_a_closed_matter_and_a_reason(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("王阿姨", "/reopen 1 又坏了") == ["第1件还在办，不用重办。"]
    world.says("老王", "/done 1 已修")
    assert world.says("王阿姨", "/reopen 1") == ["请写理由，如 重办1 又漏了"]
    assert world.says("王阿姨", "重办1 又坏了") == ["第1件重办：又坏了\n老王 负责，最迟3月5日（周四）18:00回话"]
    assert world.says("老王", "/done 1 换新灯") == ["✅ 第1件办结：换新灯（老王）\n王阿姨，您看行吗？选什么群里不显示"]


def test_a_reply_to_any_line_of_the_bot_finds_its_ticket(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("小李", RUBBISH)
    world.says("老王", "我来办1")
    world.says("老王", "/done 已修", reply=last_shown(world))
    assert world.ticket(1).state == "settled"
    world.says("老王", "/todo")
    world.says("老王", "/done 已清", reply=last_shown(world))
    assert world.ticket(2).state == "settled", "the list names one ticket only"


def test_a_voice_in_reply_to_the_card_is_kept(world: World) -> None:
    world.says("王阿姨", LEAK)
    for kind in ("voice", "video"):
        files = (Attachment(kind, kind),)  # type: ignore[arg-type]
        assert world.says("小李", "", reply=world.card(), attachments=files) == []
    sticker = (Attachment("sticker", "s"),)
    assert world.says("小李", "", reply=world.card(), attachments=sticker) == []
    assert [f.kind for f in world.ticket(1).files] == ["voice", "video"]
