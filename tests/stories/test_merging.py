"""Two tickets of one matter become one (并案), what was put together wrongly comes apart again (拆案)."""

import pytest

from tests.world import OTHER, RESIDENTS, STAFF, STREET, World

LAMP = "3号楼2单元的路灯坏了三天了，没人修"
LEAK = "5号楼1单元水管爆了，楼道都是水"
RUBBISH = "5号楼门口的垃圾堆了三天没人清"


def two(world: World) -> None:
    world.says("王阿姨", LEAK, photo="leak")
    world.says("小李", RUBBISH, photo="flood")
    world.waits(minutes=20)
    assert world.tickets() == 2


def test_what_was_merged_goes_on_as_part_of_the_other(world: World) -> None:
    two(world)
    world.says("张婶", "我家也是", reply=world.card(2))
    lines = world.says("老王", "并案1 2")
    assert lines == ["第2件已并入第1件，一起回话\n小李，进展看第1件"]
    one, other = world.ticket(1), world.ticket(2)
    assert (one.state, other.state, one.households) == ("open", "merged", 3)
    assert [f.ref for f in one.files] == ["leak", "flood"]
    assert [(e.kind, e.data) for e in other.history][-1] == ("merged", {"into": 1})
    assert [(e.kind, e.data) for e in one.history][-1] == ("absorbed", {"from": 2})
    assert world.card(1).text.endswith("\n已有3户")
    assert world.card(2).text == f"第2件，已并入第1件\n5号楼门口 {other.thing}（{other.category}）"
    assert world.card(2).labels == []


def test_the_other_number_stays_answerable(world: World) -> None:
    two(world)
    world.says("老王", "/merge 1 2")
    told = world.says("小李", "进度2")[0]
    assert told.startswith("第2件已并入第1件\n第1件 5号楼1单元")
    assert world.says("老王", "/done 2") == ["第2件已并入第1件。"]
    assert world.says("小李", "/reopen 2 还没好") == ["第2件已并入第1件。"]
    assert "第2件" not in world.says("小李", "我的")[0]
    assert "第1件" in world.lines()[-1]


def test_a_word_in_reply_to_the_other_card_is_about_the_one(world: World) -> None:
    two(world)
    world.says("老王", "/merge 1 2")
    world.says("老王", "收到", reply=world.card(2))
    assert world.ticket(1).state == "taken"
    world.says("老王", "修好了", reply=world.card(2))
    assert (world.ticket(1).state, world.ticket(2).state) == ("settled", "merged")
    world.says("小李", "我家还没好", reply=world.channel.shown[-1])
    assert world.ticket(1).state == "open", "who reported the other has a say in the one"


def test_by_reply_one_number_is_enough(world: World) -> None:
    two(world)
    world.says("老王", "/merge 1", reply=world.card(2))
    assert (world.ticket(1).state, world.ticket(2).state) == ("open", "merged")


def test_who_reported_the_other_is_told_privately_where_possible(world: World) -> None:
    two(world)
    world.starts("小李")
    assert world.says("老王", "/merge 1 2") == ["第2件已并入第1件，一起回话"]
    assert world.private("小李")[-1] == f"第2件 5号楼门口 {world.ticket(2).thing}\n与第1件是一件事，并到第1件一起回话"
    world.says("老王", "/done 1 已修好")
    assert "办结：已修好" in world.private("小李")[-1]


def test_the_same_door_behind_both_is_counted_once(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("王叔", RUBBISH)
    for who, number in (("王阿姨", 2), ("王叔", 1), ("小李", 1), ("小李", 2)):
        world.says(who, f"5-1-{301 if who != '小李' else 302}，我家也是", reply=world.card(number))
    world.says("老王", "/merge 1 2")
    assert len(world.ticket(1).followers) == 2
    assert world.ticket(1).households == 3, "nobody knows yet that the first reporter lives where the second does"


def test_the_earlier_promise_holds(world: World) -> None:
    world.says("小李", RUBBISH)
    world.waits(days=1)
    world.says("王阿姨", LEAK)
    promised = world.ticket(1).due_at
    world.says("老王", "/merge 2 1")
    assert world.ticket(2).due_at == promised


@pytest.mark.parametrize(
    ("who", "command", "answer"),
    [
        ("老王", "/merge 1 1", "第1件就是它自己。"),
        ("老王", "/merge 1", "要并哪两件？请写号，如 并案12 15"),
        ("老王", "/merge 1 9", "本群没有第9件，请看卡片上的号。"),
        ("小李", "/merge 1 2", "这一步要由本网格负责的人来做。"),
        ("老王", "/merge 1 3", "单独联系的事不能和别的并案。"),
        ("老王", "/merge 3 1", "单独联系的事不能和别的并案。"),
        ("老王", "/merge 1 4", "第4件是急事，请并到急事里：并案4 1"),
    ],
)
def test_what_cannot_be_merged_is_refused_in_words(world: World, who: str, command: str, answer: str) -> None:
    two(world)
    world.says("赵姐", "3号楼2单元602天天半夜吵架摔东西，说了也不听，邻里闹矛盾")
    world.says("钱姐", "6号楼楼道里着火了，快来人")
    assert world.says(who, command) == [answer]
    assert {world.ticket(n).state for n in (1, 2, 3, 4)} == {"open"}


def test_what_is_settled_or_late_is_not_merged_away(world: World) -> None:
    two(world)
    world.says("老王", "/done 2 已清")
    assert world.says("老王", "/merge 1 2")[0].startswith("第2件今天09:20已办结")
    world.waits(days=4)
    world.says("孙姐", LAMP)
    assert world.says("老王", "/merge 3 1") == ["第1件超时或重办过，要上一级才能并案。"]
    assert world.says("李书记", "/merge 3 1")[0].startswith("第1件已并入第3件")


def test_matters_of_two_grids_are_merged_by_the_level_above_both(world: World) -> None:
    world.says("王阿姨", LEAK)
    world.says("小李", RUBBISH, group=OTHER)
    assert world.says("老王", "/merge 1 2") == ["本群没有第2件，请看卡片上的号。"]
    world.starts("老王", "赵主任")
    world.says("赵主任", "/merge 1 2", group=STREET)
    assert world.ticket(2).state == "merged"
    assert world.lines(OTHER)[-1] == "第2件已并入第1件，一起回话\n小李，进展看第1件"
    world.says("老王", "/done 1 已修好")
    assert world.lines(OTHER)[-1].startswith("✅ 第1件办结：已修好（老王）\n5号楼1单元")
    world.says("小李", "我家还没好", group=OTHER, reply=world.channel.shown[-1])
    assert world.ticket(1).state == "open"


def test_no_call_goes_out_for_what_was_merged_at_night(world: World) -> None:
    world.starts("老王")
    world.waits(hours=13)
    world.says("王阿姨", LAMP)
    world.says("小李", RUBBISH)
    world.says("老王", "/merge 1 2")
    world.waits(hours=12)
    assert [line[:7] for line in world.private("老王") if line.startswith("🔔")] == ["🔔 第1件 等"]


def test_merging_is_undone_by_splitting(world: World) -> None:
    two(world)
    world.starts("小李")
    world.says("张婶", "我家也是", reply=world.card(2))
    world.says("老王", "/merge 1 2")
    world.waits(days=1)
    assert world.says("老王", "拆案2") == ["第2件又单独办，最迟3月6日（周五）18:00回话"]
    assert (
        world.private("小李")[-1] == f"第2件 5号楼门口 {world.ticket(2).thing}\n又单独办了，最迟3月6日（周五）18:00回话"
    )
    one, other = world.ticket(1), world.ticket(2)
    assert (one.households, other.households) == (1, 2)
    assert ([f.ref for f in one.files], [f.ref for f in other.files]) == (["leak"], ["flood"])
    assert world.card(2).text.startswith("📌 第2件，记下了")
    world.says("老王", "修好了", reply=world.card(2))
    assert (world.ticket(1).state, world.ticket(2).state) == ("open", "settled")


def test_new_words_about_either_join_the_one(world: World) -> None:
    two(world)
    world.says("老王", "/merge 1 2")
    assert world.says("孙姐", "5号楼门口垃圾还是一大堆没人清") == []
    assert world.tickets() == 2


def test_a_message_kept_with_the_wrong_matter_becomes_a_ticket_of_its_writer(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LAMP)
    world.says("小李", "我家也是，电梯按钮也坏了", reply=world.card(), photo="lift")
    wrong = world.last_message
    assert world.ticket(1).households == 2
    lines = world.says("老王", "/split 1", reply=wrong)
    assert len(lines) == 1 and lines[0].startswith("📌 第2件，记下了")
    old, new = world.ticket(1), world.ticket(2)
    assert (new.reporter.name, [f.ref for f in new.files]) == ("小李", ["lift"])
    assert (old.households, len(old.followers)) == (1, 0)
    assert [e.data["from"] for e in new.history if e.kind == "split"] == [1]
    assert world.private("老王")[-1].startswith("🔔 第2件")
    world.says("小李", "补一句：是2单元的", reply=wrong)
    assert [e.kind for e in world.ticket(2).history][-1] == "added"


def test_who_joined_by_more_than_that_message_still_waits(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.presses("小李", "我家也是")
    world.says("小李", "楼道垃圾也堆了三天没人清", reply=world.card())
    wrong = world.last_message
    world.says("老王", "/split 1", reply=wrong)
    assert (world.tickets(), world.ticket(1).households) == (2, 2)


def test_words_of_the_report_itself_may_be_taken_out(world: World) -> None:
    world.says("王阿姨", LAMP)
    assert len(world.says("老王", "拆案1 3号楼2单元楼道垃圾没人清")) == 1
    new = world.ticket(2)
    assert (new.reporter.name, new.text) == ("王阿姨", "3号楼2单元楼道垃圾没人清")
    assert world.says("老王", "/split 1") == ["要拆出哪句话？请回复那条消息，或写出来，如 拆案1 路灯也不亮"]
    assert world.says("小李", "/split 1 路灯也不亮") == ["这一步要由本网格负责的人来做。"]


def test_private_matters_are_not_split_in_the_group(world: World) -> None:
    world.says("赵姐", "3号楼2单元602天天半夜吵架摔东西，说了也不听，邻里闹矛盾")
    assert world.says("老王", "/split 1 楼道垃圾没人清", group=STAFF) == ["单独联系的事不能拆案。"]
    assert world.tickets() == 1


def test_the_week_counts_what_was_merged_by_itself(world: World) -> None:
    two(world)
    world.says("老王", "/merge 1 2")
    week = next(line for line in world.waits(days=6, chat=RESIDENTS) if line.startswith("📋"))
    assert "收到2件，办结0件，在办1件，不立单0件，并案1件" in week


# with helpers, and with clocks that stand still


def helpers(world: World, number: int) -> list[str]:
    with world.session() as session:
        return [p.person.name for p in session.merge(world.ticket(number)).parties if p.person]


def test_helpers_of_the_other_help_with_the_one_until_they_come_apart(world: World) -> None:
    two(world)
    world.starts("周物业", "陈副")
    world.says("老王", "联办1 陈副")
    world.says("老王", "联办2 物业 陈副")
    world.says("老王", "/merge 1 2")
    assert helpers(world, 1) == ["陈副", "周物业"]
    assert "并到第1件一起办" in world.private("周物业")[-1]
    world.says("老王", "拆案2")
    assert helpers(world, 1) == ["陈副"]
    assert sorted(helpers(world, 2)) == ["周物业", "陈副"]


def test_a_running_matter_is_merged_into_a_suspended_one_from_above_only(world: World) -> None:
    two(world)
    world.says("李书记", "挂账1 到3月10日 等配件")
    assert world.ticket(1).state == "suspended"
    assert world.says("老王", "/merge 1 2") == ["第1件在暂停计时，要上一级才能并进去。"]
    world.says("李书记", "/merge 1 2")
    assert (world.ticket(1).state, world.ticket(2).state) == ("suspended", "merged")


def test_a_suspended_matter_goes_on_as_part_of_a_running_one(world: World) -> None:
    two(world)
    due = world.ticket(1).due_at
    world.says("李书记", "挂账2 到3月10日 等配件")
    world.says("老王", "/merge 1 2")
    assert (world.ticket(1).state, world.ticket(1).due_at) == ("open", due)
    world.waits(days=1)
    world.says("老王", "拆案2")
    assert (world.ticket(2).state, world.ticket(2).due_at.day) == ("open", 6), "its own clock, from now"


def test_the_earlier_promise_comes_with_its_own_pauses(world: World) -> None:
    world.says("小李", RUBBISH)
    world.says("李书记", "挂账1 到3月3日 等配件")
    world.waits(days=1, hours=1)
    world.says("李书记", "恢复1")
    promised = world.ticket(1).due_at
    world.waits(days=1)
    world.says("王阿姨", LEAK)
    assert world.ticket(2).due_at > promised
    world.says("老王", "/merge 2 1")
    assert world.ticket(2).due_at == promised


def test_what_is_split_off_a_suspended_matter_runs(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("李书记", "挂账1 到3月10日 等配件")
    world.says("老王", "拆案1 3号楼2单元楼道垃圾没人清")
    assert (world.ticket(1).state, world.ticket(2).state) == ("suspended", "open")
