"""A line that is likely an issue, not surely: the member is asked in private, and the group sees nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from models.asks import Ask, forget_asks
from tests.world import RESIDENTS, World, china, small_town, the_judge

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
AGAIN = "3号楼2单元路灯还是黑的没人修"
RUBBISH = "5号楼门口的垃圾堆了三天没人清"
FIRE = "着火了！3号楼二楼着火了快救火"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A town in which every issue is asked about first."""
    world = World(tmp_path, small_town(reading={"open": 99.0, "ask": 0.6}))
    yield world
    world.close()


def rows(world: World) -> list[Ask]:
    with world.session() as session:
        return session.query(Ask).order_by(Ask.id).all()


def questions(world: World, who: str) -> list[str]:
    return [line for line in world.private(who) if "要登记吗" in line]


def test_the_group_sees_nothing_and_the_member_is_asked_with_two_buttons(world: World) -> None:
    world.starts("老王", "陈副")
    assert world.says("小李", LEAK) == []
    shown = world.channel.shown[-1]
    assert (shown.chat_id, shown.labels) == (world.id_of("老王"), ["登记", "不是"])
    assert shown.text == f"这句像是在反映问题，要登记吗？（幸福里第3网格）\n小李 今天09:00：“{LEAK}”"
    assert questions(world, "陈副") == []


def test_an_answer_opens_the_ticket_and_leaves_no_words_in_the_letter(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    shown = world.channel.shown[-1]
    assert world.presses("老王", "登记", chat="11") == ["已登记，第1件。"]
    assert world.ticket(1).reporter.name == "小李"
    assert world.ticket(1).history[0].data["asked"] == "yes"
    assert (shown.text, shown.labels) == ("这句已经有人答过了。", [])


def test_a_button_means_its_question_and_not_another_that_has_its_number(world: World) -> None:
    """So after an older backup was put back, or when all before were erased."""
    world.starts("老王")
    world.says("小李", LEAK)
    old = world.channel.shown[-1]
    with world.sessions.begin() as session:
        session.execute(delete(Ask))
    world.waits(minutes=1)
    world.says("小张", RUBBISH)
    assert [(row.id, row.answer) for row in rows(world)] == [(1, None)]
    assert world.presses("老王", "登记", on=old, chat="11") == ["这个按钮过时了，请看最新的卡片。"]
    assert rows(world)[0].answer is None
    assert world.presses("老王", "登记", chat="11") == ["已登记，第1件。"]
    assert world.ticket(1).reporter.name == "小张"


def test_a_no_is_kept_as_a_correction_without_words_and_sender(world: World) -> None:
    world.starts("老王")
    world.says("蓝阿姨", LEAK)
    assert world.presses("老王", "不是", chat="11") == ["好的，不登记。"]
    [kept] = rows(world)
    assert (kept.answer, kept.text, kept.message) == ("no", "", {})
    assert kept.verdict["category"] == "民生诉求"
    assert "坏了" in str(kept.verdict["because"])
    assert "place" not in kept.verdict
    for trace in (LEAK, "路灯坏了三天", "3号楼", "蓝阿姨"):
        assert [t for t in world.stored(trace) if t not in ("heard", "taken_updates")] == [], trace


def test_after_a_day_nobody_knows_who_pressed_and_after_a_year_nothing_is_left(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    world.presses("老王", "不是", chat="11")
    assert rows(world)[0].by_id is not None
    world.waits(days=2)
    assert rows(world)[0].by_id is None
    with world.sessions.begin() as session:
        forget_asks(session, world.clock.now() + timedelta(days=365), timedelta(days=365))
    assert rows(world) == []


def test_silence_for_half_an_hour_goes_to_the_deputy_then_to_the_cadre_then_it_opens(world: World) -> None:
    world.starts("老王", "陈副", "李书记")
    world.says("小李", LEAK)
    world.waits(minutes=29)
    assert questions(world, "陈副") == []
    world.waits(minutes=2)
    assert len(questions(world, "陈副")) == 1
    assert questions(world, "李书记") == []
    world.waits(minutes=30)
    assert len(questions(world, "李书记")) == 1
    assert world.tickets() == 0
    [card] = world.waits(minutes=30)
    assert card.startswith("📌 第1件，记下了")
    assert world.ticket(1).history[0].data["asked"] == "nobody"
    assert (questions(world, "老王"), questions(world, "陈副")) == ([], [])


def test_whoever_was_asked_earlier_may_still_answer(world: World) -> None:
    world.starts("老王", "陈副")
    world.says("小李", LEAK)
    world.waits(minutes=40)
    assert world.presses("老王", "不是", chat="11") == ["好的，不登记。"]
    assert questions(world, "陈副") == []
    world.waits(hours=3)
    assert world.tickets() == 0


def test_who_cannot_be_reached_is_passed_over_at_once(world: World) -> None:
    world.starts("李书记")
    world.says("小李", LEAK)
    assert len(questions(world, "李书记")) == 1


def test_a_member_who_blocked_the_bot_is_passed_over_without_waiting(world: World) -> None:
    world.starts("老王", "陈副")
    world.channel.gone.add(world.id_of("老王"))
    world.says("小李", LEAK)
    world.waits(minutes=1)
    assert len(questions(world, "陈副")) == 1


def test_with_nobody_to_ask_it_opens_at_once(world: World) -> None:
    assert world.says("小李", LEAK)[0].startswith("📌 第1件，记下了")


def test_at_night_the_question_waits_for_the_morning_and_so_does_the_deputy(world: World) -> None:
    world.starts("老王", "陈副")
    world.waits_until(china(3, 2, 23))
    world.says("小李", LEAK)
    world.says("张婶", RUBBISH)
    world.waits_until(china(3, 3, 7, 20))
    assert questions(world, "老王") == []
    world.waits_until(china(3, 3, 7, 40))
    assert len(questions(world, "老王")) == 1
    assert questions(world, "陈副") == []
    world.waits_until(china(3, 3, 8, 10))
    assert len(questions(world, "陈副")) == 1


def test_an_urgent_line_is_never_only_asked(world: World) -> None:
    world.starts("老王")
    assert world.says("小李", FIRE)[0].startswith("🚨")
    assert questions(world, "老王") == []


def test_several_lines_within_minutes_are_one_letter_with_a_pair_of_buttons_each(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    world.waits(minutes=5)
    letters = len(world.private("老王"))
    world.says("张婶", RUBBISH)
    assert len(world.private("老王")) == letters
    shown = world.channel.shown[-1]
    assert shown.labels == ["1 登记", "1 不是", "2 登记", "2 不是"]
    assert shown.text == (
        f"这几句像是在反映问题，要登记吗？（幸福里第3网格）\n1 小李 今天09:00：“{LEAK}”\n2 张婶 今天09:05：“{RUBBISH}”"
    )
    assert world.presses("老王", "1 不是", chat="11") == ["好的，不登记。"]
    assert (LEAK in shown.text, RUBBISH in shown.text, shown.labels) == (False, True, ["登记", "不是"])
    assert world.presses("老王", "登记", chat="11") == ["已登记，第1件。"]
    assert world.ticket(1).text == RUBBISH


def test_a_later_line_is_a_letter_of_its_own(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    world.waits(minutes=11)
    world.says("张婶", RUBBISH)
    assert len(questions(world, "老王")) == 2


def test_a_flood_waits_its_turn(world: World) -> None:
    world.starts("老王")
    for n in range(1, 16):
        world.says(f"邻居{n}", f"{n}号楼2单元的路灯坏了三天了，没人修")
    assert len(questions(world, "老王")) == 2
    assert sum(line.count("路灯") for line in questions(world, "老王")) == 10
    for _ in range(5):
        world.presses("老王", "1 不是", chat="11")
    world.waits(minutes=6)
    assert [a.rung for a in rows(world)] == [1] * 15


def test_who_says_it_again_asks_nobody_twice(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    world.receive(second := world.incoming("小李", AGAIN, RESIDENTS))
    assert len(rows(world)) == 1
    assert f"{LEAK} {AGAIN}" in questions(world, "老王")[0]
    world.presses("老王", "登记", chat="11")
    assert world.ticket(1).text == f"{LEAK}\n{AGAIN}"
    assert world.says("老王", "登记", reply=second) == ["这条已经登记了，是第1件。"]


def test_what_a_neighbour_said_of_it_joins_the_ticket_that_it_became(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    world.waits(minutes=20)
    world.says("张婶", LEAK)
    world.presses("老王", "登记", chat="11")
    assert world.presses("老王", "登记", chat="11") == ["已登记，第1件。"]
    assert (world.tickets(), world.ticket(1).households) == (1, 2)


def test_another_door_is_another_question(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    world.says("小李", "5号楼1单元的路灯也坏了三天了，没人修")
    assert len(rows(world)) == 2


def test_an_edited_line_is_asked_in_its_new_words_only(world: World) -> None:
    world.starts("老王")
    world.receive(asked := world.incoming("小李", LEAK, RESIDENTS))
    world.edits(asked, RUBBISH)
    [question] = questions(world, "老王")
    assert (LEAK in question, RUBBISH in question) == (False, True)
    world.presses("老王", "登记", chat="11")
    assert world.ticket(1).text == RUBBISH


def test_a_line_edited_into_chatter_is_asked_no_more(world: World) -> None:
    world.starts("老王", "陈副")
    world.receive(asked := world.incoming("小李", LEAK, RESIDENTS))
    world.edits(asked, "大家早上好")
    assert questions(world, "老王") == []
    world.waits(hours=3)
    assert (questions(world, "陈副"), world.tickets()) == ([], 0)


def test_the_edit_of_a_repeated_line_leaves_the_first_one_asked(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    world.receive(second := world.incoming("小李", AGAIN, RESIDENTS))
    world.edits(second, "早上好")
    [question] = questions(world, "老王")
    assert (LEAK in question, AGAIN in question) == (True, False)


def test_a_button_pressed_after_the_words_are_gone_says_so(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    shown = world.channel.shown[-1]
    world.sleeps_until(world.clock.now() + timedelta(hours=25))
    with world.sessions.begin() as session:
        forget_asks(session, world.clock.now(), timedelta(days=365))
    action = shown.post.buttons[0][0].action
    assert world.press_action("老王", action, "11") == ["问了一天没人答，原话已删。要登记请本人再说一次。"]
    assert (world.tickets(), rows(world)[0].text) == (0, "")


def test_a_question_that_slept_through_a_day_opens_as_soon_as_the_bot_wakes(world: World) -> None:
    world.starts("老王", "陈副", "李书记")
    world.says("小李", LEAK)
    world.sleeps_until(world.clock.now() + timedelta(hours=25))
    world.restart()
    assert world.ticket(1).text == LEAK


def test_a_stranger_cannot_answer(world: World) -> None:
    world.starts("老王")
    world.says("小李", LEAK)
    assert world.presses("小李", "登记", chat="11") == ["这个按钮过时了，请看最新的卡片。"]
    assert world.tickets() == 0


def test_registered_by_hand_meanwhile_it_is_asked_no_more(world: World) -> None:
    world.starts("老王", "陈副")
    world.receive(asked := world.incoming("小李", LEAK, RESIDENTS))
    world.says("小李", "登记", reply=asked)
    assert questions(world, "老王") == []
    world.waits(hours=1)
    assert (questions(world, "陈副"), world.tickets()) == ([], 1)


def test_who_is_forgotten_leaves_nothing_in_questions_and_letters(world: World) -> None:
    world.starts("老王")
    world.says("蓝阿姨", LEAK)
    assert world.says("蓝阿姨", "删除我的信息") == ["已删除：您的名字、原话和附件。在办的0件已结束，只留数字。"]
    assert questions(world, "老王") == []
    for trace in (LEAK, "路灯坏了三天", "蓝阿姨"):
        assert [t for t in world.stored(trace) if t != "heard"] == [], trace


def test_the_surer_report_of_the_same_person_makes_the_question_needless(tmp_path: Path) -> None:
    vague, sure = "3号楼2单元的路灯不亮了", "3号楼2单元的路灯坏了三天了，没人修，老人都不敢出门"
    judge = the_judge()
    between = (judge.read(vague).score + judge.read(sure).score) / 2
    world = World(tmp_path, small_town(reading={"open": between, "ask": 0.6}))
    world.starts("老王")
    world.says("小李", vague)
    assert len(questions(world, "老王")) == 1
    world.says("小李", sure)
    assert (world.tickets(), questions(world, "老王")) == (1, [])
    world.close()


def test_corrections_are_kept_as_long_as_configured(tmp_path: Path) -> None:
    world = World(tmp_path, small_town(reading={"open": 99.0, "ask": 0.6, "corrections_days": 3}))
    world.starts("老王")
    world.says("小李", LEAK)
    world.presses("老王", "不是", chat="11")
    world.waits(days=3)
    assert len(rows(world)) == 1
    world.waits(days=2)
    assert rows(world) == []
    world.close()
