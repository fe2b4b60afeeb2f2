"""Who is called, where, and who comes next when somebody cannot be reached; what an urgent card says first."""

from pathlib import Path

import pytest

from models.messages import Membership
from tests.world import MONDAY, RESIDENTS, STAFF, STREET, TOWN, World, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"


def blocks(world: World, who: str) -> None:
    number = world.id_of(who)
    blocked = Membership(
        "telegram", "999", f"b{number}", number, "private", False, world.sender(who), world.clock.now()
    )
    world.receive(blocked)


def town_without(tmp_path: Path, *lines: str) -> World:
    """The same town, with some lines of its file struck out."""
    import tomllib

    text = TOWN
    for line in lines:
        text = text.replace(line, "", 1)
    return World(tmp_path, small_town(**tomllib.loads(text)), start=MONDAY)


def test_the_card_alone_calls_when_nobody_has_pressed_start(world: World) -> None:
    assert len(world.says("王阿姨", LEAK)) == 1
    assert world.card().mentions == ["11"]
    assert world.lines(STAFF) == [], "the mention on the card has reached the member"


def test_whoever_has_pressed_start_is_called_privately_too(world: World) -> None:
    world.starts("老王")
    world.says("王阿姨", LEAK)
    assert world.private("老王")[-1] == (
        "🔔 第1件 等您接手（幸福里第3网格）\n3号楼2单元 路灯坏了三天\n"
        f"王阿姨 今天09:00：“{LEAK}”\n今天12:00前应一声，3月5日（周四）18:00前回话"
    )
    assert world.channel.shown[-1].labels == ["我来办", "办结", "不立单"]


def test_start_greets_and_names_the_posts(world: World) -> None:
    assert world.tells("老王", "/start")[0].startswith(
        "您好，我是网格小助手。您是幸福里第3网格网格员，新的事会私下叫您。"
    )
    assert world.tells("小李", "/start")[0] == (
        "您好，我是网格小助手。\n在网格群里一句话说清，我登记、叫人、催办、回话。"
    )


def test_who_has_blocked_the_bot_is_passed_over_for_the_deputy(world: World) -> None:
    world.starts("老王", "陈副")
    blocks(world, "老王")
    before = len(world.private("老王"))
    world.says("王阿姨", LEAK)
    assert len(world.private("老王")) == before
    assert world.private("陈副")[-1].startswith("🔔 第1件 等您接手")


def test_a_block_found_out_only_by_writing_calls_the_deputy(world: World) -> None:
    world.starts("老王", "陈副")
    world.channel.gone.add("11")
    world.says("王阿姨", LEAK)
    assert world.private("陈副")[-1].startswith("🔔 第1件 等您接手")
    world.says("小李", "5号楼门口的垃圾堆了三天没人清")
    assert world.private("陈副")[-1].startswith("🔔 第2件 等您接手")


def test_start_pressed_again_makes_reachable_again(world: World) -> None:
    world.starts("老王")
    blocks(world, "老王")
    world.starts("老王")
    world.says("王阿姨", LEAK)
    assert world.private("老王")[-1].startswith("🔔 第1件")


def test_a_member_without_an_account_is_passed_over_for_the_deputy(tmp_path: Path) -> None:
    world = town_without(tmp_path, "telegram = 11\n")
    assert "陈副 负责" in world.says("王阿姨", LEAK)[0]
    assert world.card().mentions == ["13"]
    world.close()


def test_with_no_account_at_all_the_staff_group_is_called_and_sees_the_phone(tmp_path: Path) -> None:
    world = town_without(tmp_path, "telegram = 11\n", "telegram = 13\n")
    assert "老王 负责" in world.says("王阿姨", LEAK)[0]
    assert world.card().mentions == [None]
    assert "13800000011" not in world.card().text
    assert world.lines(STAFF) == [
        "🔔 第1件 找不到能收私聊的人（幸福里第3网格）\n3号楼2单元 路灯坏了三天\n"
        "负责：老王，电话13800000011\n请转告本人，3月5日（周四）18:00前回话"
    ]
    assert world.says("李书记", "我来办1", group=STAFF) == ["第1件，李书记已接手，最迟3月5日（周四）18:00回话"]
    world.close()


def test_a_reply_in_the_staff_group_acts_on_the_ticket(tmp_path: Path) -> None:
    world = town_without(tmp_path, "telegram = 11\n", "telegram = 13\n")
    world.says("王阿姨", LEAK)
    call = next(s for s in world.channel.shown if s.chat_id == STAFF)
    assert world.says("李书记", "修好了", group=STAFF, reply=call) == ["第1件已办结，已告诉王阿姨。"]
    assert world.ticket(1).state == "settled"
    world.close()


def test_numbers_are_unique_in_the_deployment(world: World) -> None:
    for n, group in enumerate((RESIDENTS, "-1003", RESIDENTS, "-1003"), start=1):
        [card] = world.says(f"邻居{n}", f"{n}号楼2单元的路灯坏了三天了，没人修", group=group)
        assert card.startswith(f"📌 第{n}件，")


URGENT = {
    "gas": ("3号楼2单元楼道里煤气味很浓，是不是漏气了", ("119", "96777")),
    "fire": ("着火了！3号楼2单元楼道里电动车烧起来了，快来人", ("119",)),
    "lift": ("3号楼电梯卡住了，有人被困在里面出不来", ("119",)),
}


@pytest.mark.parametrize("kind", URGENT)
def test_an_urgent_card_begins_with_the_number_and_claims_no_help(world: World, kind: str) -> None:
    text, numbers = URGENT[kind]
    [card] = world.says("王阿姨", text)
    first, *rest = card.split("\n")
    assert first.startswith("🚨 ")
    assert all(n in first for n in numbers)
    assert "我不能代您报警" in card
    assert not any(word in card for word in ("已报警", "已叫", "已联系119", "救援已"))
    assert world.ticket(1).urgent
    world.says("老王", "马上去", reply=world.card())
    assert world.card().text.split("\n")[0] == first, "who reads it later must find the number too"


@pytest.mark.parametrize("text", ["我不想活了，活着没意思", "我老公又打我，打得我满脸是血，救救我"])
def test_despair_and_violence_leave_no_trace_in_the_group(world: World, text: str) -> None:
    world.starts("老王")
    assert world.says("王阿姨", text) == []
    assert world.private("老王")[-1].startswith("🚨 第1件 急事")


@pytest.mark.parametrize("text", ["我不想活了，活着没意思", "我老公又打我，打得我满脸是血，救救我"])
def test_nobody_started_then_the_staff_group_is_called_without_a_word_of_it(world: World, text: str) -> None:
    assert world.says("王阿姨", text) == []
    assert "单独联系的事" in world.lines(STAFF)[-1]
    assert not any(word in world.lines(STAFF)[-1] for word in ("活", "打我"))


@pytest.mark.parametrize("text", ["我不想活了，活着没意思", "我老公又打我，打得我满脸是血，救救我"])
def test_only_when_nobody_can_be_called_out_of_sight_a_card_names_nothing(world: World, text: str) -> None:
    for group in (STAFF, STREET):
        world.joins(group, present=False)
    [card] = world.says("王阿姨", text)
    assert card == "🚨 有危险先打110、120\n第1件已登记，老王会单独联系您\n我不能代您报警，群里不再细说"
    assert world.card().labels == ["私下说"]
    assert world.card().post.reply_to is None


@pytest.mark.parametrize("text", ["我不想活了，活着没意思", "我老公又打我，打得我满脸是血，救救我"])
def test_who_can_be_answered_privately_sees_no_card_at_all(world: World, text: str) -> None:
    world.starts("王阿姨", "老王", "李书记")
    assert world.says("王阿姨", text) == []
    assert "老王会单独联系您" in world.private("王阿姨")[-1]
    assert world.private("李书记")[-1].startswith("🚨 第1件 急事"), "known one level up at once"
