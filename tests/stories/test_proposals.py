"""The property company may say that it is done; the member looks and says so, or not. The group hears one of them."""

import pytest

from models.tickets import Ticket
from tests.world import OTHER, RESIDENTS, STAFF, World

LAMP = "3号楼2单元楼道灯坏了，晚上看不见"


@pytest.fixture
def world(world: World) -> World:
    world.starts("老王", "李书记", "周物业")
    world.says("王阿姨", LAMP)
    return world


def kinds(ticket: Ticket) -> list[str]:
    return [e.kind for e in ticket.history]


def test_the_member_is_asked_privately_and_the_group_hears_nothing(world: World) -> None:
    assert world.says("周物业", "修好了，换了新灯泡", reply=world.card()) == []
    assert (world.ticket(1).state, kinds(world.ticket(1))[-1]) == ("open", "proposed")
    asked = world.private("老王")[-1]
    assert asked.startswith("🔧 第1件 周物业说办好了") and "换了新灯泡" in asked
    assert world.channel.shown[-1].labels == ["办结", "还没好"]


@pytest.mark.parametrize("words", ["办结1 换了新灯泡", "/done 1 换了新灯泡"])
def test_by_number_it_is_a_proposal_too(world: World, words: str) -> None:
    assert world.says("周物业", words) == []
    assert world.ticket(1).state == "open" and "换了新灯泡" in world.private("老王")[-1]
    assert world.private("周物业")[-1] == "第1件：已告诉老王，看过再办结。"
    assert "看过再办结" in world.tells("周物业", words)[-1]


def test_the_button_under_the_card_proposes(world: World) -> None:
    assert world.presses("周物业", "办结") == ["第1件：已告诉老王，看过再办结。"]
    assert world.ticket(1).state == "open" and kinds(world.ticket(1))[-1] == "proposed"


def test_the_member_settles_with_the_companys_words_and_picture(world: World) -> None:
    world.says("周物业", "修好了，换了新灯泡", reply=world.card(), photo="lamp")
    before = len(world.lines())
    world.presses("老王", "办结", chat=world.id_of("老王"))
    ticket = world.ticket(1)
    assert (ticket.state, ticket.note) == ("settled", "修好了，换了新灯泡")
    said, done = (next(e.by_id for e in ticket.history if e.kind == kind) for kind in ("proposed", "settle"))
    assert said != done == ticket.assignee_id
    closing = next(s for s in world.channel.shown if s.text in world.lines()[before:])
    assert "换了新灯泡（老王）" in closing.text and closing.post.attachments == (("photo", "lamp"),)
    assert [f.closing for f in ticket.files] == [True]


def test_the_members_own_note_goes_before_the_companys(world: World) -> None:
    world.says("周物业", "修好了，换了新灯泡", reply=world.card())
    world.says("老王", "去看过了，灯换好了，亮度也够", reply=world.card())
    assert world.ticket(1).note == "去看过了，灯换好了，亮度也够"


def test_a_members_bare_word_takes_the_companys_note(world: World) -> None:
    world.says("周物业", "修好了，换了新灯泡", reply=world.card())
    world.says("老王", "办结1")
    assert (world.ticket(1).state, world.ticket(1).note) == ("settled", "修好了，换了新灯泡")


def test_not_yet_is_told_to_the_company_alone(world: World) -> None:
    world.says("周物业", "修好了", reply=world.card())
    before = len(world.lines())
    assert world.presses("老王", "还没好", chat=world.id_of("老王")) == ["第1件：已告诉物业还没好。"]
    assert world.ticket(1).state == "open" and kinds(world.ticket(1))[-1] == "declined"
    assert world.private("周物业")[-1] == "第1件：老王看了，还没好，请再去一趟。"
    assert world.lines()[before:] == []
    assert world.presses("老王", "办结", chat=world.id_of("老王"))  # the old button of a proposal that was declined
    assert world.ticket(1).state == "open"


def test_said_twice_it_calls_the_member_once(world: World) -> None:
    world.says("周物业", "修好了", reply=world.card())
    told = len(world.private("老王"))
    world.says("周物业", "修好了", reply=world.card())
    assert len(world.private("老王")) == told


def test_the_company_cannot_press_the_members_buttons(world: World) -> None:
    world.says("周物业", "修好了，换了新灯泡", reply=world.card())
    world.press_action("周物业", "approve:1", chat=world.id_of("周物业"))
    world.press_action("周物业", "notyet:1")
    assert (world.ticket(1).state, kinds(world.ticket(1))[-1]) == ("open", "proposed")


@pytest.mark.parametrize(
    "words", ["我来办1", "不立单1 没这事", "改类1 环境卫生", "重办1 再来", "拆案1 别的", "上报1 不归我们"]
)
def test_the_company_may_do_nothing_else(world: World, words: str) -> None:
    before = (world.ticket(1).state, world.ticket(1).category, kinds(world.ticket(1)))
    world.tells("周物业", words)
    world.says("周物业", words)
    assert (world.ticket(1).state, world.ticket(1).category, kinds(world.ticket(1))) == before


def test_received_from_the_company_takes_nothing(world: World) -> None:
    world.says("周物业", "收到，马上去", reply=world.card())
    assert world.ticket(1).state == "open" and world.ticket(1).responded_at is None


def test_of_another_grid_or_of_what_is_private_it_may_not_propose(world: World) -> None:
    world.says("李阿姨", LAMP, group=OTHER)
    world.says("王阿姨", "楼上半夜拖椅子，说了不听，还骂人")
    for number in (2, 3):
        world.tells("周物业", f"办结{number} 修好了")
        assert kinds(world.ticket(number)) == ["opened"]


def test_its_own_matter_the_company_confirms_like_anybody(world: World) -> None:
    world.says("周物业", "登记 7号楼门口路灯不亮")
    world.tells("老王", "办结2 换了灯头")
    assert world.ticket(2).state == "settled"
    world.says("周物业", "好了", reply=world.card(2))
    assert world.ticket(2).state == "confirmed"


def test_who_has_it_now_is_asked_after_it_went_up(world: World) -> None:
    world.waits(hours=8)
    assert world.ticket(1).assignee.name == "李书记"  # type: ignore[union-attr]
    told = len(world.private("李书记"))
    world.says("周物业", "修好了，换了新灯泡", reply=world.card())
    assert "周物业说办好了" in world.private("李书记")[told:][0]


def test_where_nobody_can_be_written_to_the_staff_group_is_asked(world: World) -> None:
    world.channel.gone |= {world.id_of("老王"), world.id_of("李书记")}
    world.says("周物业", "修好了，换了新灯泡", reply=world.card())
    world.says("周物业", "修好了，灯罩也换了", reply=world.card())
    assert world.lines(RESIDENTS)[-1].startswith("📌") and any("周物业说办好了" in s for s in world.lines(STAFF))
