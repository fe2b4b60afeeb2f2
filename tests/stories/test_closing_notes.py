"""The closing note is looked at once: it says what was done, or comes with a photo, or the member is asked for it."""

import pytest

from tests.world import STAFF, World

LAMP = "3号楼2单元的路灯坏了三天了，没人修"
ASKS = "第1件怎么办的？发“办结1 已清运”，或发张照片，就办结"


@pytest.mark.parametrize(
    "note",
    [
        "修好了",
        "清完了",
        "换了新灯泡",
        "3号楼那边弄完了",
        "路灯亮了",
        "已联系师傅更换",
        "下水道疏通了",
        "两家和解了",
        "灯罩装好了",
    ],
)
def test_a_note_that_says_what_was_done_or_where_settles(world: World, note: str) -> None:
    world.says("王阿姨", LAMP)
    assert world.says("老王", f"/done 1 {note}")[0].startswith(f"✅ 第1件办结：{note}（老王）")


@pytest.mark.parametrize("note", ["", "已处理", "办好了", "已解决，谢谢", "ok", "好了", "已完成", "已反馈物业"])
def test_a_note_that_fits_everything_is_asked_about_once(world: World, note: str) -> None:
    world.says("王阿姨", LAMP)
    assert world.says("老王", f"/done 1 {note}") == [ASKS]
    assert (world.ticket(1).state, world.channel.shown[-1].post.silent) == ("open", True)
    assert world.says("老王", f"/done 1 {note}")[0].startswith("✅ 第1件办结")


def test_words_in_reply_are_looked_at_too(world: World) -> None:
    world.says("王阿姨", LAMP)
    assert world.says("老王", "已处理", reply=world.card()) == [ASKS]
    assert world.says("老王", "已处理", reply=world.card())[0].startswith("✅ 第1件办结：已处理（老王）")


def test_a_line_in_reply_to_the_question_settles_whatever_it_says(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("老王", "已处理", reply=world.card())
    question = world.channel.shown[-1]
    assert world.says("老王", "跟电工班交代过了", reply=question)[0].startswith(
        "✅ 第1件办结：跟电工班交代过了（老王）"
    )


def test_a_photo_in_reply_to_the_question_settles(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("老王", "已处理", reply=world.card())
    [line] = world.says("老王", "", reply=world.channel.shown[-1], photo="after")
    assert line.startswith("✅ 第1件办结（老王）")
    assert [(f.ref, f.closing) for f in world.ticket(1).files] == [("after", True)]


@pytest.mark.parametrize("words", ["还没弄完，明天才能修", "马上去", "点错了，不是这件"])
def test_that_it_is_not_done_is_no_answer_to_the_question(world: World, words: str) -> None:
    world.says("王阿姨", LAMP)
    world.says("老王", "已处理", reply=world.card())
    world.says("老王", words, reply=world.channel.shown[-1])
    assert world.ticket(1).is_open


def test_a_photo_says_it_at_once(world: World) -> None:
    world.says("王阿姨", LAMP)
    assert world.says("老王", "/done 1", photo="after")[0].startswith("✅ 第1件办结（老王）")


def test_a_member_who_can_be_written_to_is_asked_there(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LAMP)
    assert world.says("老王", "/done 1 已处理") == []
    assert world.private("老王")[-1] == ASKS
    assert world.tells("老王", "灯座也一起换了", reply=world.channel.shown[-1]) == ["第1件已办结，已告诉王阿姨。"]
    assert world.lines()[-1].startswith("✅ 第1件办结：灯座也一起换了（老王）")


def test_in_the_staff_group_the_question_stays_there(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LAMP)
    assert world.says("老王", "/done 1 已处理", group=STAFF) == [ASKS]


def test_the_urgent_are_asked_shortly(world: World) -> None:
    world.says("王阿姨", "3号楼2单元楼道里着火了，快来人")
    assert world.says("老王", "/done 1 已处理") == ["第1件怎么处理的？回一句就办结"]
    assert world.says("老王", "/done 1 火已扑灭")[0].startswith("✅ 第1件办结：火已扑灭")


def test_the_same_words_for_everything_all_week_say_nothing(world: World) -> None:
    for number in (1, 2, 3, 4):
        world.says("王阿姨", f"{number}号楼的路灯坏了三天了，没人修")
    for number in (1, 2):
        assert world.says("老王", f"/done {number} 已维修。")[0].startswith("✅")
    assert world.says("老王", "/done 3 已维修")[0].startswith("第3件怎么办的？")
    assert world.says("老王", "/done 3 已维修")[0].startswith("✅")
    world.waits(days=8)
    assert world.says("老王", "/done 4 已维修")[0].startswith("✅"), "that was last week"


def test_another_members_words_are_their_own(world: World) -> None:
    for number in (1, 2, 3):
        world.says("王阿姨", f"{number}号楼的路灯坏了三天了，没人修")
    for number in (1, 2):
        world.says("老王", f"/done {number} 已维修")
    assert world.says("陈副", "/done 3 已维修")[0].startswith("✅")


def test_taken_up_again_the_next_note_is_looked_at_afresh(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("老王", "/done 1 已处理")
    world.says("老王", "/done 1 已处理")
    world.presses("王阿姨", "还没解决")
    assert world.says("老王", "/done 1 已处理") == [ASKS]


def test_the_reporters_own_word_needs_no_note(world: World) -> None:
    world.says("王阿姨", LAMP)
    assert world.says("王阿姨", "好了", reply=world.card()) == ["✅ 第1件，王阿姨说好了，办结。"]


# who truly settled it, and how


@pytest.mark.parametrize(
    ("who", "unit", "way"),
    [("老王", "幸福里第3网格", "on_spot"), ("李书记", "幸福里社区", "community"), ("赵主任", "和平街道", "street")],
)
def test_the_level_that_settled_it_is_stamped(world: World, who: str, unit: str, way: str) -> None:
    world.says("王阿姨", LAMP)
    world.tells(who, "/done 1 已换灯泡")
    ticket = world.ticket(1)
    with world.session() as session:
        assert session.merge(ticket).settled_unit.name == unit
    assert (ticket.way, ticket.responded_at) == (way, ticket.settled_at)


def test_taken_up_again_stamp_and_guess_are_made_anew(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("老王", "/done 1 已换灯泡")
    world.presses("王阿姨", "还没解决")
    assert (world.ticket(1).settled_unit_id, world.ticket(1).way) == (None, "")
    world.tells("李书记", "/done 1 请电工换了灯座")
    assert world.ticket(1).way == "community"


def test_what_the_reporter_closes_before_anybody_came_was_settled_by_no_level(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("王阿姨", "好了", reply=world.card())
    ticket = world.ticket(1)
    assert (ticket.settled_unit_id, ticket.way, ticket.responded_at) == (None, "", None)
