"""Four buttons under the closing line: what a resident thinks of the answer is kept, and nobody ever reads it."""

import pytest

from models.marks import Mark
from tests.world import RESIDENTS, STAFF, Shown, World

LAMP = "3号楼2单元的路灯坏了三天了，没人修"
GRADES = {"满意": "good", "基本满意": "fair", "不满意": "poor"}


def settled(world: World, *joined: str) -> Shown:
    """A lamp that 王阿姨 reported, which others joined and 老王 settled; the line that asks."""
    world.says("王阿姨", LAMP)
    for who in joined:
        world.presses(who, "我家也是")
    world.says("老王", "/done 1 已换灯泡")
    return next(s for s in reversed(world.channel.shown) if s.chat_id == RESIDENTS and "满意" in s.labels)


def marks(world: World) -> list[tuple[str, int]]:
    """(grade, round) of every mark, in the order of giving."""
    with world.session() as session:
        return [(m.grade, m.round) for m in session.query(Mark).order_by(Mark.at, Mark.id)]


def everything_said(world: World) -> str:
    return "\n".join(s.text for s in world.channel.shown)


def test_four_buttons_in_two_rows_that_fit_a_phone(world: World) -> None:
    line = settled(world, "小李")
    assert [[b.label for b in row] for row in line.post.buttons] == [["满意", "基本满意"], ["不满意", "还没解决"]]
    assert line.text == "✅ 第1件办结：已换灯泡（老王）\n王阿姨等2户，您看行吗？选什么群里不显示"


@pytest.mark.parametrize("label", GRADES)
def test_whatever_the_reporter_chooses_the_group_reads_the_same(world: World, label: str) -> None:
    line = settled(world)
    said = world.presses("王阿姨", label)
    assert len(said) == 1
    assert line.text == "✅ 第1件办结：已换灯泡（老王）\n居民已确认"
    assert (line.labels, world.ticket(1).state) == ([], "confirmed")
    assert marks(world) == [(GRADES[label], 0)]
    assert len(world.lines()) == 2, "the card and the closing line"


@pytest.mark.parametrize("label", GRADES)
def test_no_list_letter_or_history_tells_a_grade(world: World, label: str) -> None:
    world.starts("老王", "李书记", "赵主任")
    settled(world, "小李")
    world.presses("小李", label)
    world.presses("王阿姨", label)
    for who in ("老王", "李书记", "小李", "王阿姨"):
        for line in ("/status 1", "/why 1", "/todo", "/my"):
            assert "满意" not in "".join(world.tells(who, line))
    world.says("老王", "/todo", group=STAFF)
    told = everything_said(world)
    assert "满意" not in told.replace("您看行吗", "")
    rows = [(e.kind, e.note, e.data) for e in world.ticket(1).history]
    assert [kind for kind, _, _ in rows] == ["opened", "joined", "settle", "confirm"]
    assert not any(word in str(rows) for word in ("good", "fair", "poor", "满意"))


def test_a_neighbours_mark_changes_nothing_that_anybody_sees(world: World) -> None:
    line = settled(world, "小李")
    before = everything_said(world), world.channel.edits
    assert world.presses("小李", "不满意", on=line) == ["记下了。第1件哪里没办好？回复那条办结的话说一句，就重新办。"]
    assert world.presses("小李", "基本满意", on=line) == ["谢谢，第1件记下了。"]
    assert (everything_said(world), world.channel.edits) == before
    assert (world.ticket(1).state, marks(world)) == ("settled", [("fair", 0)])


def test_the_last_word_of_each_counts(world: World) -> None:
    line = settled(world)
    for label in ("不满意", "基本满意"):
        world.presses("王阿姨", label, on=line) if label in line.labels else world.press_action("王阿姨", "fair:1")
    assert marks(world) == [("fair", 0)]
    assert len([e for e in world.ticket(1).history if e.kind == "confirm"]) == 1


def test_those_who_joined_may_still_answer_after_the_reporter(world: World) -> None:
    line = settled(world, "小李")
    world.presses("王阿姨", "满意")
    assert line.text.endswith("居民已确认。还有1户，您家行吗？")
    assert world.presses("小李", "满意", on=line) == ["谢谢，第1件记下了。"]
    assert marks(world) == [("good", 0), ("good", 0)]


def test_who_has_it_in_hand_gives_no_marks_to_the_work(world: World) -> None:
    line = settled(world, "老王", "小李")
    world.presses("老王", "满意", on=line)
    assert marks(world) == []


def test_who_joined_is_asked_privately_with_the_same_four(world: World) -> None:
    world.starts("小李")
    settled(world, "小李")
    own = world.channel.shown[-1]
    assert (own.chat_id, own.labels) == (world.id_of("小李"), ["满意", "基本满意", "不满意", "还没解决"])
    assert world.presses("小李", "满意", on=own) == ["谢谢，第1件记下了。"]


@pytest.mark.parametrize(
    ("words", "grade"), [("满意", "good"), ("基本满意", "fair"), ("不满意", "poor"), ("好了", "good")]
)
def test_the_same_words_in_reply_count_as_the_buttons(world: World, words: str, grade: str) -> None:
    line = settled(world)
    world.says("王阿姨", words, reply=line)
    assert (world.ticket(1).state, marks(world)) == ("confirmed", [(grade, 0)])
    assert line.text.endswith("\n居民已确认")


def test_the_words_need_no_reply_while_one_matter_waits_for_them(world: World) -> None:
    settled(world)
    world.says("王阿姨", "基本满意")
    assert (world.ticket(1).state, marks(world)) == ("confirmed", [("fair", 0)])


def test_displeasure_about_something_else_is_no_mark(world: World) -> None:
    settled(world)
    world.says("王阿姨", "大家对物业费都很不满意")
    assert (world.ticket(1).state, marks(world)) == ("settled", [])


def test_not_solved_yet_shows_and_is_done_again(world: World) -> None:
    settled(world)
    world.presses("王阿姨", "还没解决")
    ticket = world.ticket(1)
    assert (ticket.state, ticket.reopened, ticket.rework, marks(world)) == ("open", 1, 1, [("bad", 0)])
    assert world.lines()[-1] == "第1件重办：居民说还没好\n老王 负责，最迟3月5日（周四）18:00回话"


def test_each_round_has_its_own_marks(world: World) -> None:
    settled(world)
    world.presses("王阿姨", "还没解决")
    world.says("老王", "/done 1 换了新灯座")
    world.presses("王阿姨", "满意")
    assert marks(world) == [("bad", 0), ("good", 1)]


def test_a_button_of_a_round_that_is_over_says_so(world: World) -> None:
    world.starts("小李")
    settled(world, "小李")
    old = world.channel.shown[-1]
    world.presses("王阿姨", "还没解决")
    assert world.presses("小李", "满意", on=old) == ["这个按钮过时了，请看最新的卡片。"]


# 不满意: without a reason a mark, with one it is done again


def test_a_low_mark_asks_its_giver_alone_what_is_wrong(world: World) -> None:
    world.starts("王阿姨", "老王")
    settled(world)
    before = len(world.private("老王")), len(world.lines())
    assert world.presses("王阿姨", "不满意") == ["记下了。第1件哪里没办好？私聊里回我一句，就重新办。"]
    assert world.private("王阿姨")[-1] == "第1件哪里没办好？回一句就重新办，不说是谁说的；不回也记下了。"
    assert (len(world.private("老王")), len(world.lines())) == before
    assert world.ticket(1).state == "confirmed"


@pytest.mark.parametrize("by_reply", [True, False])
def test_its_reason_in_private_has_it_done_again(world: World, by_reply: bool) -> None:
    world.starts("王阿姨", "老王")
    settled(world)
    world.presses("王阿姨", "不满意")
    question = world.channel.shown[-1]
    answered = world.tells("王阿姨", "灯是亮了，罩子还掉在地上", **({"reply": question} if by_reply else {}))
    assert answered == ["好的，第1件重新办。"]
    ticket = world.ticket(1)
    assert (ticket.state, ticket.rework, marks(world)) == ("open", 1, [("poor", 0)])
    assert world.private("老王")[-1].startswith(
        "🔔 第1件 要返工（幸福里第3网格）\n3号楼2单元 路灯坏了三天\n居民说：“灯是亮了，"
    )
    assert world.lines()[-1].startswith("第1件重办：居民说还没好\n")
    assert not any("罩子" in line for line in world.lines()), "the group does not read it"
    assert world.stored("罩子") == ["letters", "marks"], "and the history does not either"


def test_its_reason_in_reply_in_the_group_too(world: World) -> None:
    line = settled(world)
    world.presses("王阿姨", "不满意")
    assert world.says("王阿姨", "灯罩还掉在地上", reply=line) == [
        "第1件重办：居民说还没好\n老王 负责，最迟3月5日（周四）18:00回话"
    ]
    assert world.ticket(1).rework == 1


def test_one_line_may_hold_mark_and_reason(world: World) -> None:
    line = settled(world)
    world.says("王阿姨", "不满意，灯罩掉在地上了", reply=line)
    assert (world.ticket(1).state, marks(world)) == ("open", [("poor", 0)])


@pytest.mark.parametrize("words", ["好了，谢谢", "灯亮了，谢谢师傅，辛苦了", "点错了"])
def test_thanks_and_slips_are_no_reason(world: World, words: str) -> None:
    world.starts("王阿姨")
    settled(world)
    world.presses("王阿姨", "不满意")
    world.tells("王阿姨", words, reply=world.channel.shown[-1])
    assert world.ticket(1).state == "confirmed"


def test_a_day_later_words_in_private_are_no_reason(world: World) -> None:
    world.starts("王阿姨")
    settled(world)
    world.presses("王阿姨", "不满意")
    world.waits(hours=25)
    world.tells("王阿姨", "明天在家吗")
    assert world.ticket(1).state == "confirmed"


def test_a_neighbours_reason_has_it_done_again_until_the_reporter_confirms(world: World) -> None:
    line = settled(world, "小李")
    world.presses("小李", "不满意", on=line)
    world.says("小李", "我家门口还是黑的", reply=line)
    assert (world.ticket(1).state, world.ticket(1).rework) == ("open", 1)


# the second time the level above has it


def test_the_second_time_it_goes_to_the_level_above(world: World) -> None:
    world.starts("老王", "李书记")
    settled(world)
    world.presses("王阿姨", "还没解决")
    world.says("老王", "/done 1 又换了灯泡")
    world.presses("王阿姨", "还没解决")
    ticket = world.ticket(1)
    assert (ticket.number, ticket.rework, ticket.rung, ticket.assignee.name, ticket.state) == (
        1,
        2,
        1,
        "李书记",
        "open",
    )
    assert world.lines()[-1] == "第1件重办：居民说还没好\n已交社区李书记，最迟3月5日（周四）18:00回话。让您久等了"
    assert world.private("李书记")[-1].startswith("🔔 第1件 等您接手")
    assert world.private("老王")[-1].startswith("⏰ 第1件 居民两次说没好（幸福里第3网格）")
    assert "李书记 负责" in world.card().text


def test_reopening_by_a_member_is_no_rework(world: World) -> None:
    for _ in range(3):
        world.says("王阿姨", LAMP) if not world.tickets() else None
        world.says("老王", "/done 1 已换灯泡")
        world.says("老王", "/reopen 1 灯座也要换")
    ticket = world.ticket(1)
    assert (ticket.reopened, ticket.rework, ticket.rung) == (3, 0, 0)


def test_who_is_forgotten_leaves_the_grade_and_nothing_else(world: World) -> None:
    line = settled(world, "小李")
    world.presses("小李", "不满意", on=line)
    world.says("小李", "灯罩还掉在地上", reply=line)
    world.tells("小李", "/forget")
    world.presses("小李", "确定删除", chat=world.id_of("小李"))
    assert marks(world) == [("poor", 0)]
    assert world.stored("灯罩") == []
    with world.session() as session:
        assert [m.person_id for m in session.query(Mark)] == [None]
