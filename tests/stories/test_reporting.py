"""Registering by hand (登记), being asked first, and everything that people type that is no report at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.messages import Attachment, Quoted, Sender
from tests.world import RESIDENTS, World, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
VAGUE = "门口的桌子该换换了"


@pytest.fixture
def unsure(tmp_path: Path) -> Iterator[World]:
    """A town in which every issue is asked about first."""
    world = World(tmp_path, small_town(reading={"open": 99.0, "ask": 0.6}))
    yield world
    world.close()


def test_anyone_registers_their_own_words(world: World) -> None:
    for n, line in enumerate(("/report 想学跳舞没地方", "登记 想学书法没地方", "登记：想学下棋没地方"), start=1):
        assert len(world.says("小李", line)) == 1
        assert world.ticket(n).reporter.name == "小李"
    assert world.ticket(1).text == "想学跳舞没地方"
    assert world.card(1).text.startswith("📌 第1件，记下了")


def test_registering_without_words_asks_for_them(world: World) -> None:
    for line in ("/report", "登记", "登记 ", "/report 12", "登记 👍"):
        assert world.says("小李", line) == ["要登记什么？发“登记”加一句话，或回复那条消息。"]
    assert world.tickets() == 0


def test_a_member_registers_anothers_words_and_the_author_is_the_reporter(world: World) -> None:
    world.says("小李", VAGUE)
    assert len(world.says("老王", "登记", reply=world.last_message)) == 1
    ticket = world.ticket(1)
    assert (ticket.reporter.name, ticket.text) == ("小李", VAGUE)
    assert world.says("小李", "好了", reply=world.card()) == ["✅ 第1件，小李说好了，办结。"]


def test_a_members_own_words_beside_the_reply_are_added(world: World) -> None:
    world.starts("老王")
    world.says("小李", VAGUE)
    world.says("老王", "登记 就在南门", reply=world.last_message)
    ticket = world.ticket(1)
    assert (ticket.reporter.name, ticket.text) == ("小李", f"{VAGUE} 就在南门")


def test_a_reply_to_that_message_finds_the_ticket(world: World) -> None:
    world.starts("老王")
    world.says("小李", VAGUE)
    original = world.last_message
    world.says("老王", "登记", reply=original)
    assert world.says("陈副", "登记", reply=original) == ["这条已经登记了，是第1件。"]
    world.says("老王", "修好了", reply=original)
    assert world.ticket(1).state == "settled"


def test_residents_may_not_register_somebody_elses_words(world: World) -> None:
    world.starts("老王")
    world.says("小李", VAGUE)
    original = world.last_message
    assert world.says("王阿姨", "登记", reply=original) == ["您可以登记自己的话：发“登记”加一句话。"]
    assert world.says("周物业", "登记", reply=original) == ["您可以登记自己的话：发“登记”加一句话。"]
    assert world.tickets() == 0
    assert len(world.says("小李", "登记", reply=original)) == 1


def test_a_photo_goes_along_when_a_message_is_registered(world: World) -> None:
    world.says("小李", VAGUE, photo="old")
    world.says("老王", "登记", reply=world.last_message)
    assert [f.ref for f in world.ticket(1).files] == ["old"]


def test_registering_a_faceless_message_makes_the_member_the_reporter(world: World) -> None:
    faceless = Sender(None, "网格群", "anonymous_admin")
    world.says("群", VAGUE, sender=faceless)
    world.says("老王", "登记", reply=world.last_message)
    assert world.ticket(1).reporter.name == "老王"


def test_a_line_that_is_not_sure_is_asked_privately(unsure: World) -> None:
    unsure.starts("老王")
    asked = unsure.incoming("小李", LEAK, RESIDENTS)
    assert unsure.receive(asked)[0].kind == "asked"
    assert unsure.lines() == []
    assert f"“{LEAK}”" in unsure.private("老王")[-1]
    shown = unsure.channel.shown[-1]
    action = shown.post.buttons[0][1].action
    assert unsure.presses("小李", "登记", chat="11") == ["这个按钮过时了，请看最新的卡片。"]
    assert unsure.presses("老王", "登记", chat="11") == ["已登记，第1件。"]
    assert unsure.ticket(1).reporter.name == "小李"
    assert unsure.press_action("老王", action, "11") == ["这句已经有人答过了。"]


def test_what_was_registered_by_hand_is_asked_about_no_more(unsure: World) -> None:
    unsure.starts("老王")
    unsure.receive(asked := unsure.incoming("小李", LEAK, RESIDENTS))
    unsure.says("小李", "登记", reply=asked)
    assert "这句已经有人答过了。" in unsure.private("老王")
    unsure.waits(days=1)
    assert unsure.tickets() == 1


def test_a_line_that_is_no_issue_leaves_no_words_behind(unsure: World) -> None:
    unsure.starts("老王")
    unsure.receive(unsure.incoming("小李", LEAK, RESIDENTS))
    assert unsure.presses("老王", "不是", chat="11") == ["好的，不登记。"]
    unsure.waits(days=2)
    assert unsure.tickets() == 0
    assert not unsure.stored(LEAK)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n\n",
        "👍👍👍",
        "🙏",
        "\u200b\u200b",
        "\u202eولعلم\u202c",
        "شكرا جزيلا",
        "哈" * 4096,
        "a" * 4096,
        "\x00\x01\x02",
        "\ud83d",
        "<b>大家好</b> & <script>alert(1)</script>",
        "'; DROP TABLE tickets; --",
        "{assignee} %s %(x)s {0}",
        "1",
        "-" * 300,
        "第1件" * 500,
    ],
)
def test_odd_text_is_no_report_and_does_no_harm(world: World, text: str) -> None:
    assert world.receive(world.incoming("小李", text, RESIDENTS))[0].kind == "ignored"
    assert world.tells("小李", text or "　") != []
    assert len(world.says("小李", LEAK)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<b>3号楼</b>2单元的路灯坏了 & 没人修 <i>",
        "'; DROP TABLE tickets; -- 3号楼2单元的路灯坏了没人修",
        "3号楼2单元\x00的路灯坏了三天了，没人修",
        "3号楼2单元的路灯坏了\u200b三天了，没人修\u202e",
        "3号楼2单元的路灯坏了三天了，没人修" + "真的" * 2000,
        "3号楼" * 1300 + "的路灯坏了三天了，没人修",
        "3号楼2单元的路灯坏了三天了，没人修\ud83d",
        "３号楼２单元的路灯坏了三天了，没人修👍👍",
        "{number} {assignee} 3号楼2单元的路灯坏了三天了，没人修",
    ],
)
def test_odd_text_that_reports_is_registered_and_answered(world: World, text: str) -> None:
    world.starts("老王")
    [card] = world.says("小李", text)
    assert card.startswith("📌 第1件，记下了")
    assert len(card) < 200
    assert world.private("老王")[-1].startswith("🔔 第1件")
    for line in ("/status 1", "/why 1", "/my", "/todo"):
        assert len(world.says("老王", line)) == 1
    assert world.says("老王", f"/done 1 {text}")[0].startswith("✅ 第1件办结")


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u202e", "<b>", "名" * 300, "a\nb", "\x00"])
def test_people_with_odd_names_are_served_like_anybody(world: World, name: str) -> None:
    world.starts("老王")
    nameless = Sender("555", name)
    assert len(world.says("?", LEAK, sender=nameless)) == 1
    [line] = world.says("老王", "/done 1 已修")
    assert world.channel.shown[-1].mentions == ["555"]
    assert 1 <= len(line.split("\n")[1].removesuffix("，您看行吗？选什么群里不显示")) <= 24
    assert "\u202e" not in line


@pytest.mark.parametrize("kind", ["bot", "system"])
@pytest.mark.parametrize("text", [LEAK, "/done 1", "办结1", "/help", "好了"])
def test_bots_are_not_listened_to(world: World, kind: str, text: str) -> None:
    world.says("王阿姨", LEAK)
    robot = Sender("777", "别的机器人", kind)  # type: ignore[arg-type]
    assert world.says("bot", text, sender=robot) == []
    assert world.says("bot", text, sender=robot, reply=world.card()) == []
    assert world.ticket(1).state == "open"
    assert world.tickets() == 1


def test_a_quote_without_a_number_still_says_which_ticket(world: World) -> None:
    world.says("王阿姨", LEAK)
    quote = Quoted(None, world.card().text)
    assert world.says("老王", "/done 已修", reply_to=quote)[0].startswith("✅ 第1件办结：已修")


def test_the_same_update_twice_does_nothing_twice(world: World) -> None:
    message = world.incoming("王阿姨", LEAK, RESIDENTS)
    assert [o.kind for o in world.receive(message, message)] == ["opened", "seen"]
    assert world.receive(message)[0].kind == "seen"
    assert world.tickets() == 1


def test_phone_numbers_are_masked_where_they_are_kept(world: World) -> None:
    world.says("王阿姨", LEAK + "，电话13812345678")
    assert "138****5678" in world.ticket(1).text
    assert not world.stored("13812345678")


def test_voice_before_the_words(world: World) -> None:
    world.says("王阿姨", "", attachments=(Attachment("voice", "v"),))
    world.says("王阿姨", LEAK)
    assert [f.kind for f in world.ticket(1).files] == ["voice"]
