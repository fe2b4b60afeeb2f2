"""People correct themselves: what an edited message changes, and what it does not."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.world import RESIDENTS, World, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
MOVED = "5号楼1单元的路灯坏了三天了，没人修"


def test_an_edit_updates_the_open_ticket_and_its_card(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.edits(world.last_message, MOVED) == []
    assert world.ticket(1).text == MOVED
    assert "5号楼1单元" in world.card().text
    assert world.tickets() == 1
    assert [e.kind for e in world.ticket(1).history] == ["opened", "edited"]


def test_an_edit_may_change_the_class(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.edits(world.last_message, "3号楼2单元的下水道反味，臭得很")
    assert world.ticket(1).category == "环境卫生"
    assert "（环境卫生）" in world.card().text


def test_the_class_that_a_member_gave_outlives_an_edit(world: World) -> None:
    world.says("王阿姨", LEAK)
    report = world.last_message
    world.says("老王", "改类1 安全隐患")
    world.edits(report, MOVED)
    assert world.ticket(1).category == "安全隐患"


def test_after_closing_an_edit_is_an_addition_and_reopens_nothing(world: World) -> None:
    world.says("王阿姨", LEAK)
    report = world.last_message
    world.says("老王", "/done 1 已修")
    assert world.edits(report, LEAK + "，又坏了") == []
    ticket = world.ticket(1)
    assert (ticket.state, ticket.text) == ("settled", LEAK)
    assert (ticket.history[-1].kind, ticket.history[-1].note) == ("added", LEAK + "，又坏了")


def test_an_ignored_line_edited_into_an_issue_opens(world: World) -> None:
    assert world.says("王阿姨", "大家早上好") == []
    chatter = world.last_message
    world.waits(hours=1)
    assert len(world.edits(chatter, LEAK)) == 1
    assert world.ticket(1).reporter.name == "王阿姨"
    assert world.edits(chatter, MOVED) == []
    assert world.tickets() == 1


def test_chatter_edited_into_chatter_stays_chatter(world: World) -> None:
    world.says("王阿姨", "大家早上好")
    assert world.edits(world.last_message, "大家早上好呀") == []
    assert world.tickets() == 0


def test_the_edit_of_a_message_never_seen_is_new_intake(world: World) -> None:
    unseen = world.incoming("王阿姨", "", RESIDENTS)
    world.waits(hours=47)
    assert len(world.edits(unseen, LEAK)) == 1
    assert world.tickets() == 1


def test_the_edit_of_an_old_message_is_not(world: World) -> None:
    unseen = world.incoming("王阿姨", "", RESIDENTS)
    world.waits(hours=49)
    assert world.edits(unseen, LEAK) == []
    assert world.tickets() == 0


def test_a_moving_live_location_is_not(world: World) -> None:
    unseen = world.incoming("王阿姨", LEAK, RESIDENTS, location=(31.2, 121.4))
    moving = replace(unseen, edited=True, live=True, event_id="L1")
    assert world.receive(moving)[0].kind == "ignored"
    assert world.tickets() == 0


def test_the_edit_of_a_command_does_nothing_again(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/take 1")
    taken = world.last_message
    for wait in (timedelta(minutes=1), timedelta(hours=3)):
        world.waits_until(world.clock.now() + wait)
        assert world.edits(taken, "/take 1 好") == []
        assert world.edits(taken, "/done 1 好") == []
    assert world.ticket(1).state == "taken"


def test_the_edit_of_a_done_note_does_nothing_again(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/done 1 已修")
    done = world.last_message
    history = len(world.ticket(1).history)
    assert world.edits(done, "/done 1 已修好") == []
    assert len(world.ticket(1).history) == history


def test_the_edit_of_an_unseen_command_is_a_command(world: World) -> None:
    world.says("王阿姨", LEAK)
    unseen = world.incoming("老王", "", RESIDENTS)
    assert world.edits(unseen, "/done 1 已修") == ["✅ 第1件办结：已修（老王）\n王阿姨，您看行吗？选什么群里不显示"]


def test_what_was_registered_by_hand_follows_its_edit_without_the_command(world: World) -> None:
    world.says("王阿姨", "登记 " + LEAK)
    world.edits(world.last_message, "登记 " + MOVED)
    assert world.ticket(1).text == MOVED
    assert world.tickets() == 1


def test_the_edit_of_a_short_word_closes_no_other_matter(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("老王", "/done 1 已修")
    world.says("王阿姨", "好了")
    thanks = world.last_message
    world.waits(hours=1)
    world.says("王阿姨", "5号楼门口的垃圾堆了三天没人清")
    assert world.edits(thanks, "好了，谢谢") == []
    assert [world.ticket(n).state for n in (1, 2)] == ["confirmed", "open"]


def test_the_edit_of_a_line_that_was_asked_about_asks_once_more_and_only_that_counts(tmp_path: Path) -> None:
    world = World(tmp_path, small_town(reading={"open": 99.0, "ask": 0.6}))
    world.starts("老王")
    world.receive(asked := world.incoming("王阿姨", LEAK, RESIDENTS))
    first = world.channel.shown[-1].post.buttons[0][0].action
    world.edits(asked, MOVED)
    assert world.press_action("老王", first, "11") == ["这句已经有人答过了。"]
    assert world.presses("老王", "登记", chat="11") == ["已登记，第1件。"]
    assert world.ticket(1).text == MOVED
    assert world.tickets() == 1
    world.close()
