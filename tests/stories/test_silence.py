"""Nobody answers the closing line: one reminder, then 沉默, which still is not confirmed."""

from pathlib import Path

import pytest

from tests.world import RESIDENTS, Shown, World, china, small_town

pytestmark = pytest.mark.both_databases

LAMP = "3号楼2单元的路灯坏了三天了，没人修"
ASKED = "王阿姨，第1件您看行吗？\n3月9日（周一）09:00还没回话就结束，没好随时说"
REMINDS, ENDS = china(3, 4), china(3, 9)  # two and five working days after Monday, 2 March, 9:00


def settled(world: World, *joined: str) -> Shown:
    world.says("王阿姨", LAMP)
    for who in joined:
        world.presses(who, "我家也是")
    world.says("老王", "/done 1 已换灯泡")
    return next(s for s in reversed(world.channel.shown) if s.chat_id == RESIDENTS and "满意" in s.labels)


def test_a_reporter_whom_we_cannot_write_to_is_asked_once_in_the_group(world: World) -> None:
    line = settled(world)
    assert world.waits_until(china(3, 4, 8, 59)) == []
    assert world.waits_until(REMINDS) == [ASKED]
    reminder = world.channel.shown[-1]
    assert reminder.mentions == [world.id_of("王阿姨")]
    assert (reminder.labels, reminder.post.reply_to, reminder.post.silent) == ([], line.message_id, True)
    assert [line for line in world.waits_until(china(3, 20)) if not line.startswith(("📋", "🗣"))] == []


def test_who_can_be_written_to_is_asked_there_and_the_group_reads_nothing(world: World) -> None:
    world.starts("王阿姨", "小李")
    settled(world, "小李", "张婶")
    assert world.waits_until(REMINDS) == []
    own = world.private("王阿姨")[-1]
    assert own.startswith("第1件 3号楼2单元 路灯坏了三天\n办结：已换灯泡（老王）\n您看行吗？3月9日（周一）09:00")
    assert world.channel.shown[-1].labels == ["满意", "基本满意", "不满意", "还没解决"]
    assert sum(line.startswith("第1件 3号楼2单元") for line in world.private("小李")) == 1
    assert world.presses("王阿姨", "满意", chat=world.id_of("王阿姨")) == ["谢谢，第1件已确认。"]
    assert world.ticket(1).state == "confirmed"


def test_who_has_answered_is_not_asked_again(world: World) -> None:
    world.starts("小李", "张婶")
    settled(world, "小李", "张婶")
    world.presses("小李", "满意", chat=world.id_of("小李"))
    before = len(world.private("小李"))
    world.waits_until(REMINDS)
    assert len(world.private("小李")) == before
    assert world.private("张婶")[-1].endswith("还没回话就结束，没好随时说")


def test_what_is_confirmed_waits_for_nothing(world: World) -> None:
    settled(world)
    world.presses("王阿姨", "满意")
    assert world.ticket(1).next_at is None
    assert world.waits_until(REMINDS) == []


def test_without_an_answer_it_ends_as_silence_without_a_line(world: World) -> None:
    line = settled(world)
    world.waits_until(REMINDS)
    assert [line for line in world.waits_until(ENDS) if "第1件" in line] == []
    ticket = world.ticket(1)
    assert (ticket.state, ticket.next_at) == ("silent", None)
    assert (ticket.history[-1].kind, ticket.history[-1].by_id) == ("silence", None)
    assert line.text == "✅ 第1件办结：已换灯泡（老王）\n居民没回话，已结束。没好？回“没好”"
    assert line.labels == []
    assert world.card().text == "✅ 第1件，已办结，居民没回话\n3号楼2单元 路灯坏了三天（民生诉求）"


def test_a_bot_that_slept_through_both_asks_nobody_for_an_answer_that_is_over(world: World) -> None:
    settled(world)
    world.sleeps_until(china(3, 10))
    world.restart()
    assert world.ticket(1).state == "silent"
    assert not any("您看行吗？\n" in line for line in world.lines())


def test_not_good_takes_it_up_again_for_some_days_after_the_silence(world: World) -> None:
    line = settled(world)
    world.waits_until(china(3, 12))
    assert world.says("王阿姨", "又不亮了", reply=line)[0].startswith("第1件重办：居民说还没好\n")
    assert (world.ticket(1).state, world.ticket(1).rework, world.tickets()) == ("open", 1, 1)


def test_not_good_without_a_reply_finds_what_ended_in_silence(world: World) -> None:
    settled(world)
    world.waits_until(china(3, 12))
    assert world.says("王阿姨", "还是不亮")[0].startswith("第1件重办：居民说还没好\n")


def test_later_than_that_it_is_a_matter_of_its_own(world: World) -> None:
    line = settled(world)
    world.waits_until(china(3, 17))
    assert world.says("王阿姨", "又不亮了", reply=line)[0].startswith("📌 第2件，记下了")
    assert (world.ticket(1).state, world.ticket(2).reporter.name) == ("silent", "王阿姨")


def test_a_button_pressed_after_the_end_says_what_to_do(world: World) -> None:
    world.starts("小李")
    settled(world, "小李")
    old = world.channel.shown[-1]
    world.waits_until(ENDS)
    assert world.presses("小李", "满意", on=old) == ["第1件已经结束了。没好？回“没好”。"]


def test_taken_up_and_settled_again_it_is_asked_again(world: World) -> None:
    settled(world)
    world.waits_until(REMINDS)
    world.presses("王阿姨", "还没解决")
    world.says("老王", "/done 1 换了灯座")
    assert any("第1件您看行吗？\n" in line for line in world.waits_until(china(3, 6)))


def test_a_private_matter_shows_nothing_but_its_number(world: World) -> None:
    world.says("王阿姨", "楼上漏水赔钱的事吵了好几回，请社区帮忙调解")
    world.says("老王", "/done 1 已上门调解", group="-1002")
    lines = [line for line in world.waits_until(china(3, 10)) if "第1件" in line]
    assert lines == [ASKED]
    assert world.ticket(1).state == "silent"
    assert "调解" not in "".join(world.lines())


def test_how_long_is_a_setting(tmp_path: Path) -> None:
    world = World(tmp_path, small_town(closing={"remind_after": "1h", "silent_after": "1d"}))
    settled(world)
    assert len(world.waits_until(china(3, 2, 10))) == 1
    world.waits_until(china(3, 3))
    assert world.ticket(1).state == "silent"
    world.close()
