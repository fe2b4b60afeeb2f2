"""Words that fit two tickets alike: their speaker is asked once, with buttons, and the answer is remembered."""

import pytest

from tests.world import RESIDENTS, Shown, World

LAMP = "3号楼2单元的路灯坏了三天了，没人修"
PIPE = "5号楼1单元水管漏了，楼道都是水"
QUESTION = "您说的是哪件？"
NEITHER = "都不是"


def two_matters(world: World, who: str = "王阿姨") -> None:
    world.says(who, LAMP)
    world.says(who, PIPE)


def question(world: World, chat: str = RESIDENTS) -> Shown:
    return next(s for s in reversed(world.channel.shown) if s.chat_id == chat and s.labels)


def label(world: World, number: int) -> str:
    ticket = world.ticket(number)
    return f"{ticket.place} {ticket.thing} · 第{number}件"


def kinds(world: World, number: int) -> list[str]:
    return [e.kind for e in world.ticket(number).history]


def test_a_short_word_that_fits_two_is_asked_about_once(world: World) -> None:
    two_matters(world)
    assert world.says("王阿姨", "还没人来") == [QUESTION]
    asked = question(world)
    assert asked.labels == [label(world, 1), label(world, 2), NEITHER]
    assert asked.post.reply_to == world.last_message.message_id
    assert asked.post.silent
    assert kinds(world, 1) == kinds(world, 2) == ["opened"]
    assert world.says("王阿姨", "还没人来") == [], "one question an hour"


def test_the_press_does_what_a_reply_would_have_done(world: World) -> None:
    world.starts("老王")
    two_matters(world)
    world.says("王阿姨", "还没人来")
    said = world.last_message
    assert world.presses("王阿姨", label(world, 2)) == ["好的，第2件。"]
    assert world.lines()[-1] == "第2件已再叫一次老王，最迟3月5日（周四）18:00回话"
    assert next(r for r in reversed(world.channel.shown) if r.chat_id == RESIDENTS).post.reply_to == said.message_id
    assert world.private("老王")[-1].startswith("第2件 居民在问：“还没人来”")
    assert (kinds(world, 1), kinds(world, 2)) == (["opened"], ["opened", "chased"])


def test_the_question_gives_way_to_a_few_words(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    asked = question(world)
    world.presses("王阿姨", label(world, 1), on=asked)
    assert (asked.text, asked.labels) == ("好的，第1件。", [])


def test_only_who_was_asked_may_press(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    for who in ("小李", "老王", "李书记"):
        assert world.presses(who, label(world, 1)) == ["这句问的是别人，请他自己点。"]
    assert len(question(world).labels) == 3
    assert kinds(world, 1) == ["opened"]


def test_a_second_press_does_nothing(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    action = question(world).post.buttons[0][0].action or ""
    world.press_action("王阿姨", action)
    assert world.press_action("王阿姨", action) == ["这个按钮过时了，请看最新的卡片。"]
    assert kinds(world, 1) == ["opened", "chased"]


@pytest.mark.parametrize("action", ["which:1:9", "which:1:x", "which:1:", "which:7:1", "which:1:３"])
def test_a_bent_press_does_no_harm(world: World, action: str) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    assert world.press_action("王阿姨", action) == ["这个按钮过时了，请看最新的卡片。"]
    assert len(question(world).labels) == 3


def test_the_answer_is_remembered_for_the_next_short_word(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    world.presses("王阿姨", label(world, 2))
    world.waits(hours=2)
    assert world.says("王阿姨", "还没人来") == ["第2件已再叫一次老王，最迟3月5日（周四）18:00回话"]
    assert kinds(world, 1) == ["opened"]


def test_it_is_forgotten_when_the_ticket_is_closed(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    world.presses("王阿姨", label(world, 2))
    world.says("老王", "/void 2 不归本网格")
    world.waits(hours=2)
    assert world.says("王阿姨", "还没人来") == ["第1件已再叫一次老王，最迟3月5日（周四）18:00回话"]


def test_it_is_forgotten_after_a_day(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    world.presses("王阿姨", label(world, 2))
    world.waits(hours=25)
    assert world.says("王阿姨", "还没人来") == [QUESTION]


def test_a_reply_to_the_other_card_ends_the_memory(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    world.presses("王阿姨", label(world, 2))
    world.waits(hours=2)
    world.says("王阿姨", "还没人来", reply=world.card(1))
    world.waits(hours=2)
    assert world.says("王阿姨", "还没人来") == [QUESTION]


def test_neither_does_nothing(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    asked = question(world)
    assert world.presses("王阿姨", NEITHER) == ["好的。"]
    assert (asked.text, asked.labels) == ("好的。", [])
    assert kinds(world, 1) == kinds(world, 2) == ["opened"]


def test_unanswered_it_is_over_after_an_hour_without_a_line(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    asked = question(world)
    assert world.waits(minutes=61) == []
    assert (asked.text, asked.labels) == ("没选，先不记。", [])
    assert world.press_action("王阿姨", "which:1:1") == ["这个按钮过时了，请看最新的卡片。"]
    assert world.stored("还没人来") == []


def test_who_can_be_written_to_is_asked_privately(world: World) -> None:
    world.starts("王阿姨")
    two_matters(world)
    assert world.says("王阿姨", "还没人来") == []
    mine = world.id_of("王阿姨")
    asked = question(world, mine)
    assert asked.text == "您在群里说“还没人来”，是哪件？"
    assert world.presses("王阿姨", label(world, 1), chat=mine) == ["好的，第1件。"]
    assert world.lines()[-1] == "第1件已再叫一次老王，最迟3月5日（周四）18:00回话"
    assert "choices" not in world.stored("还没人来"), "its words are gone with the answer"


def test_a_private_question_keeps_no_words_once_it_is_over(world: World) -> None:
    world.starts("王阿姨")
    two_matters(world)
    world.says("王阿姨", "还没人来")
    world.waits(minutes=61)
    assert world.stored("还没人来") == []


def test_good_now_closes_the_one_that_is_chosen(world: World) -> None:
    two_matters(world)
    for number in (1, 2):
        world.says("老王", f"/done {number} 已修")
    assert world.says("王阿姨", "好了") == [QUESTION]
    world.presses("王阿姨", label(world, 1))
    assert [world.ticket(n).state for n in (1, 2)] == ["confirmed", "settled"]


def test_the_same_here_counts_with_the_one_that_is_chosen(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("小李", PIPE)
    assert world.says("张婶", "我家也是") == [QUESTION]
    world.presses("张婶", label(world, 2))
    assert [len(world.ticket(n).followers) for n in (1, 2)] == [0, 1]
    assert world.card(2).text.endswith("已有2户")


def test_a_reply_to_a_message_with_two_problems_is_asked_about(world: World) -> None:
    world.says("王阿姨", "3号楼2单元的路灯坏了没人修。另外5号楼门口的垃圾堆了三天没人清")
    assert world.says("小李", "还没人来", reply=world.last_message) == [QUESTION]
    world.presses("小李", question(world).labels[1])
    assert (kinds(world, 1), kinds(world, 2)) == (["opened"], ["opened", "chased"])


def test_the_group_sees_few_questions(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("小李", PIPE)
    asked = [world.says(f"邻居{n}", "我家也是") for n in range(5)]
    assert asked == [[QUESTION]] * 3 + [[]] * 2


def test_plain_remarks_and_other_peoples_plus_ones_never_ask(world: World) -> None:
    two_matters(world)
    for words in ("草莓49一箱，要的接龙", "+1", "1", "算我一个", "周六去爬山吗", "我也是，哈哈", "又来了又来了"):
        assert world.says("小李", words) == [], words


def test_staff_are_not_asked(world: World) -> None:
    two_matters(world)
    assert world.says("周物业", "还没人来") == []
    assert world.says("老王", "已处理") == []


QUARREL = "我和楼上为漏水赔钱的事吵了好几回，请社区帮忙调解"


def test_a_private_matter_is_never_offered_in_the_group(world: World) -> None:
    world.says("王阿姨", QUARREL)
    world.says("王阿姨", LAMP)
    world.says("老王", "/done 1 谈过了")
    world.says("老王", "/done 2 已修")
    before = len(world.lines())
    assert world.says("王阿姨", "好了") == []
    assert len(world.lines()) == before
    assert [world.ticket(n).state for n in (1, 2)] == ["settled", "settled"]


def test_in_private_it_may_be_offered(world: World) -> None:
    world.starts("王阿姨")
    world.says("王阿姨", QUARREL)
    world.says("王阿姨", LAMP)
    world.says("老王", "/done 1 谈过了")
    world.says("老王", "/done 2 已修")
    assert world.says("王阿姨", "好了") == []
    assert len(question(world, world.id_of("王阿姨")).labels) == 3


def test_danger_is_never_held_back_by_a_question(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "楼道里着火了，快来人")
    assert world.tickets() == 3
    assert world.ticket(3).urgent


def test_to_be_forgotten_takes_the_question_along(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "还没人来")
    world.says("王阿姨", "/forget")
    world.presses("王阿姨", "确定删除")
    assert world.stored("还没人来") == []


def test_who_is_known_for_nothing_else_may_take_it_back_too(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("小李", PIPE)
    world.says("张婶", "我家也一样")
    world.says("张婶", "/forget")
    assert world.stored("我家也一样") == []


LIFT = "那个电梯还是坏的，老人天天爬楼，没人管"


def two_lifts(world: World) -> None:
    world.says("王阿姨", "3号楼电梯坏了，老人下不了楼")
    world.says("小李", "5号楼电梯坏了，老人下不了楼")
    for chatter in ("今天菜场的鱼很新鲜", "晚上跳舞吗", "跳，七点老地方", "好嘞"):
        world.says("老孙", chatter)


def test_a_report_in_other_words_that_fits_two_joins_the_one_that_is_chosen(world: World) -> None:
    two_lifts(world)
    assert world.says("小吴", LIFT) == [QUESTION]
    assert world.tickets() == 2
    world.presses("小吴", label(world, 2))
    assert world.tickets() == 2
    assert [len(world.ticket(n).followers) for n in (1, 2)] == [0, 1]
    assert world.ticket(2).history[-1].note == LIFT


def test_a_word_that_names_the_thing_leaves_nothing_to_ask(world: World) -> None:
    two_matters(world)
    world.says("王阿姨", "水管不漏了，谢谢")
    assert [world.ticket(n).state for n in (1, 2)] == ["open", "confirmed"]


def test_a_report_that_is_neither_opens_with_its_photo(world: World) -> None:
    two_lifts(world)
    world.says("小吴", LIFT, photo="dark")
    asked = question(world)
    world.presses("小吴", NEITHER)
    assert world.tickets() == 3
    assert [f.ref for f in world.ticket(3).files] == ["dark"]
    assert asked.text == "第3件，记下了。"
    assert world.lines()[-1].startswith("📌 第3件，记下了")


def test_a_report_is_not_lost_when_nobody_answers(world: World) -> None:
    two_lifts(world)
    world.says("小吴", LIFT)
    [card] = world.waits(minutes=61)
    assert card.startswith("📌 第3件，记下了")
    assert world.ticket(3).reporter.name == "小吴"


def test_a_door_in_the_report_leaves_nothing_to_ask(world: World) -> None:
    two_lifts(world)
    assert QUESTION not in world.says("小吴", "5号楼那个电梯还是坏的，老人天天爬楼，没人管")
