"""Whoever joined hears of every step, privately or in their own group, and says whether it is good at their place."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import OTHER, RESIDENTS, TOWN, World, china, small_town

LAMP = "3号楼2单元的路灯坏了三天了，没人修"
SECOND = "-1005"  # another group of grid 3


@pytest.fixture
def two_groups(tmp_path: Path) -> Iterator[World]:
    groups = [*tomllib.loads(TOWN)["groups"], {"unit": "幸福里第3网格", "telegram": int(SECOND)}]
    world = World(tmp_path, small_town(groups=groups))
    yield world
    world.close()


def joined(world: World, *names: str) -> None:
    world.says("王阿姨", LAMP)
    world.starts(*names)
    for name in names:
        world.says(name, "我家也是", reply=world.card())


def news(world: World, who: str) -> list[str]:
    """What the bot wrote to them of its own accord."""
    return [line for line in world.private(who) if not line.startswith("您好")]


def test_who_joined_is_told_of_every_step(world: World) -> None:
    joined(world, "小李")
    assert world.says("老王", "收到", reply=world.card()) == []
    world.waits(minutes=5)
    assert news(world, "小李")[-1] == "第1件 3号楼2单元 路灯坏了三天\n老王已接手，最迟3月5日（周四）18:00回话"
    world.says("老王", "/done 1 已换灯泡")
    ended = "✅ 第1件 3号楼2单元 路灯坏了三天\n办结：已换灯泡（老王）"
    assert news(world, "小李")[-1] == f"{ended}\n您家好了吗？选什么群里不显示"
    world.says("王阿姨", "没好", reply=world.channel.shown[-1])
    world.says("王阿姨", "/reopen 1 又不亮了")
    assert news(world, "小李")[-1].startswith("第1件 3号楼2单元 路灯坏了三天\n重新办了，最迟")
    assert world.says("老王", "/void 1 不归这里管") == ["第1件不立单，已请社区李书记定。"]
    world.says("李书记", "/void 1 不归这里管")
    assert news(world, "小李")[-1] == "第1件 3号楼2单元 路灯坏了三天\n不立单：不归这里管（李书记）"


def test_a_missed_deadline_and_the_next_level_are_told_too(world: World) -> None:
    joined(world, "小李")
    world.waits(hours=4)
    assert news(world, "小李")[-1].endswith("还没人应声，已交社区李书记，最迟3月5日（周四）18:00回话")
    world.says("李书记", "我来办1")
    world.waits(days=4)
    passed_on = "没按时回话，已交街道赵主任，最迟3月10日（周二）18:00回话"
    assert any(line.endswith(passed_on) for line in news(world, "小李"))
    world.waits(days=30)
    assert sum("没按时回话" in line for line in news(world, "小李")) == 2, "the street, and once that it is pressed for"


def test_the_reporter_hears_privately_only_what_the_group_does_not_show(world: World) -> None:
    world.starts("王阿姨")
    world.says("王阿姨", LAMP)
    world.says("老王", "办结1 灯修好了")
    assert news(world, "王阿姨") == []
    world.says("小李", "5号楼门口的垃圾堆了三天没人清")
    world.says("王阿姨", "6号楼电梯坏了，老人下不了楼")
    world.says("老王", "收到", reply=world.card(3))
    world.waits(minutes=5)
    assert [line.splitlines()[-1][:5] for line in news(world, "王阿姨")] == ["老王已接手"]


def test_two_steps_within_minutes_are_one_line(world: World) -> None:
    joined(world, "小李")
    world.says("老王", "收到", reply=world.card())
    world.waits(minutes=1)
    world.says("老王", "/done 1 已换灯泡")
    world.waits(minutes=10)
    assert [line.splitlines()[1] for line in news(world, "小李")] == ["办结：已换灯泡（老王）"]


def test_nothing_is_told_at_night_and_the_morning_brings_one_line(world: World) -> None:
    world.sleeps_until(china(3, 2, 20))
    joined(world, "小李")
    world.waits_until(china(3, 2, 22))
    world.says("老王", "收到", reply=world.card())
    world.waits(hours=1)
    world.says("老王", "/done 1 已换灯泡")
    assert news(world, "小李") == []
    world.waits_until(china(3, 3, 7, 30))
    assert len(news(world, "小李")) == 1
    assert "办结：已换灯泡" in news(world, "小李")[0]


def test_an_urgent_matter_is_told_at_night(world: World) -> None:
    world.waits_until(china(3, 2, 23))
    world.says("王阿姨", "3号楼2单元楼道里着火了，快来人")
    world.starts("小李")
    world.presses("小李", "我家也是")
    world.says("老王", "/done 1 火已扑灭")
    assert "办结：火已扑灭" in news(world, "小李")[-1]


def test_nobody_is_told_of_their_own_step_and_strangers_hear_nothing(world: World) -> None:
    joined(world, "小李")
    world.starts("张婶", "老王")
    world.says("老王", "我家也是", reply=world.card())
    before = len(world.private("老王"))
    world.says("老王", "/done 1 已换灯泡")
    assert len(world.private("老王")) == before
    assert news(world, "张婶") == []


def test_the_group_reads_no_line_for_those_who_joined(world: World) -> None:
    joined(world, "小李", "张婶")
    before = len(world.lines())
    world.says("老王", "收到", reply=world.card())
    world.says("老王", "/done 1 已换灯泡")
    world.waits(minutes=5)
    assert len(world.lines()) == before + 1
    assert world.lines()[-1].endswith("王阿姨等3户，您看行吗？选什么群里不显示")


def test_who_joined_in_another_group_of_the_grid_reads_the_end_there_once(two_groups: World) -> None:
    world = two_groups
    world.says("王阿姨", LAMP)
    for who in ("小李", "张婶"):
        assert world.says(who, "3号楼2单元路灯坏了，晚上黑得很", group=SECOND) == []
    assert world.tickets() == 1
    world.says("老王", "/done 1 已换灯泡")
    assert world.lines(SECOND) == [
        "✅ 第1件办结：已换灯泡（老王）\n3号楼2单元 路灯坏了三天，本群2户在等\n没好？回“没好”"
    ]
    line = world.channel.shown[-1]
    assert world.says("小李", "没好", group=SECOND, reply=line) == ["好的，第1件重新办。"]
    assert world.ticket(1).state == "open"
    assert world.lines(OTHER) == []


def test_who_joined_in_another_group_is_told_privately_that_they_count(two_groups: World) -> None:
    world = two_groups
    world.says("王阿姨", LAMP)
    world.starts("小李")
    world.says("小李", "3号楼2单元路灯坏了，晚上黑得很", group=SECOND)
    assert news(world, "小李") == ["记下了，第1件有进展一并告诉您。"]


def test_a_neighbours_word_counts_as_their_own_and_only_the_reporter_confirms(world: World) -> None:
    joined(world, "小李")
    world.says("老王", "/done 1 已换灯泡")
    closing = world.channel.shown[-1] if world.channel.shown[-1].chat_id == RESIDENTS else world.channel.shown[-2]
    assert world.says("小李", "好了", reply=closing) == []
    assert world.ticket(1).state == "settled"
    assert [e.kind for e in world.ticket(1).history] == ["opened", "joined", "added", "settle"]
    world.says("王阿姨", "好了", reply=closing)
    assert world.ticket(1).state == "confirmed"


def test_a_neighbour_may_answer_by_the_buttons_of_the_private_line(world: World) -> None:
    joined(world, "小李", "张婶")
    world.says("老王", "/done 1 已换灯泡")
    assert world.presses("小李", "满意", chat=world.id_of("小李")) == ["谢谢，第1件记下了。"]
    assert world.ticket(1).state == "settled"
    world.presses("张婶", "还没解决", chat=world.id_of("张婶"))
    assert world.ticket(1).state == "open"


def test_a_stranger_to_the_matter_cannot_answer_by_button(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("老王", "/done 1 已换灯泡")
    assert world.presses("路人", "满意") == ["这一步要反映的人自己点。"]
    assert world.ticket(1).state == "settled"


def test_not_good_at_a_neighbours_takes_up_again_what_nobody_confirmed(world: World) -> None:
    joined(world, "小李")
    world.says("老王", "/done 1 已换灯泡")
    lines = world.says("小李", "我家还没好", reply=world.card())
    assert lines == ["第1件重办：居民说还没好\n老王 负责，最迟3月5日（周四）18:00回话"]
    assert (world.ticket(1).state, world.tickets()) == ("open", 1)


def test_once_the_reporter_confirmed_the_household_gets_a_ticket_of_its_own(world: World) -> None:
    world.starts("老王")
    joined(world, "小李")
    world.says("老王", "/done 1 已换灯泡")
    world.says("王阿姨", "好了", reply=world.card())
    lines = world.says("小李", "我家501还没好，楼道还是黑的", reply=world.card())
    assert len(lines) == 1
    assert lines[0].startswith("📌 第2件，记下了\n3-2-501 路灯坏了三天（民生诉求）\n老王 负责")
    old, new = world.ticket(1), world.ticket(2)
    assert (old.state, new.reporter.name, new.place_key) == ("confirmed", "小李", "3-2-501")
    assert new.text == "我家501还没好，楼道还是黑的"
    assert [(e.kind, e.data) for e in new.history if e.kind == "split"] == [("split", {"from": 1, "household": True})]
    assert world.private("老王")[-1].startswith("🔔 第2件 等您接手")
    assert "从第1件拆出" in world.says("老王", "/why 2")[0]


def test_too_late_for_the_same_number_it_is_a_new_one(world: World) -> None:
    joined(world, "小李")
    world.says("老王", "/done 1 已换灯泡")
    world.waits(days=15)
    assert len(world.says("小李", "我家还没好", reply=world.card())) == 1
    assert (world.ticket(1).state, world.tickets()) == ("silent", 2)


def test_a_neighbour_who_never_joined_may_answer_the_closing_line(world: World) -> None:
    world.says("王阿姨", LAMP)
    world.says("老王", "/done 1 已换灯泡")
    assert len(world.says("张婶", "我家还没好", reply=world.channel.shown[-1])) == 1
    assert world.ticket(1).state == "open"
    assert world.ticket(1).households == 2


def test_not_good_without_a_reply_means_what_was_joined_and_settled(world: World) -> None:
    joined(world, "小李")
    world.says("老王", "/done 1 已换灯泡")
    assert len(world.says("小李", "我家还没好")) == 1
    assert world.ticket(1).state == "open"


def test_when_the_reporter_says_it_is_good_the_others_are_asked(world: World) -> None:
    joined(world, "小李")
    lines = world.says("王阿姨", "好了", reply=world.card())
    assert lines == ["✅ 第1件，王阿姨说好了，办结。\n还有1户，没好就回“没好”"]
    ended = "✅ 第1件 3号楼2单元 路灯坏了三天\n反映的人说好了，办结"
    assert news(world, "小李")[-1] == f"{ended}\n您家好了吗？选什么群里不显示"
