"""R7, the worked example: reported on 24 May, the owner upstairs in hospital, phoned, agreed, repaired on 25 May."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, china, small_town

CARD = "📌 第1件，记下了\n老王会单独联系您，群里不再细说"
PING = (
    "🔔 第1件 等您接手（幸福里第3网格）\n3号楼2单元301 邻里漏水纠纷\n"
    "王阿姨 今天09:12：“3号楼2单元301天花板滴水，是楼上401漏的，上去没人”\n"
    "5月25日（周一）11:30前应一声，5月27日（周三）18:00前回话"
)
ANSWER = "第1件办结：401的水管已修好，天花板不漏了（老王）\n您看行吗？选什么群里不显示"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """24 May 2026 is a Sunday: limits are counted from Monday."""
    world = World(tmp_path, small_town(), start=china(5, 24, 9, 12))
    yield world
    world.close()


def test_the_leak_from_the_first_line_to_the_confirmation(world: World) -> None:
    world.starts("老王", "王阿姨")
    assert world.says("王阿姨", "3号楼2单元301天花板滴水，是楼上401漏的，上去没人") == [CARD]
    assert world.private("老王")[-1] == PING

    assert world.says("老王", "收到，我去看看", reply=world.card()) == []
    assert world.ticket(1).state == "taken"
    world.waits(minutes=4)
    assert "老王已接手，最迟5月27日（周三）18:00回话" in world.private("王阿姨")[-1]

    world.waits(hours=3)
    ping = next(s for s in world.channel.shown if s.text == PING)
    world.tells("老王", "楼上业主住院了，电话联系上了，他同意明天修", reply=ping)
    assert "住院了，电话联系上了" in world.private("王阿姨")[-1], "a word on the way reaches who reported"
    assert world.ticket(1).state == "taken", "and is no end"

    world.waits_until(china(5, 25, 16))
    assert not any("还没人应声" in line for line in world.private("老王"))
    world.tells("老王", "办结1 401的水管已修好，天花板不漏了")
    assert world.private("王阿姨")[-1] == ANSWER
    assert world.ticket(1).state == "settled"

    world.waits_until(china(5, 25, 19))
    world.presses("王阿姨", "满意", chat=world.id_of("王阿姨"))
    assert world.ticket(1).state == "confirmed"
    assert world.card().text == "✅ 第1件，已有回话"


def test_nothing_of_it_stands_in_the_group_and_nothing_follows(world: World) -> None:
    test_the_leak_from_the_first_line_to_the_confirmation(world)
    world.waits(days=20)
    group = "".join(world.lines())
    assert not any(word in group for word in ("401", "天花板", "漏水", "住院", "满意"))
    assert [e.kind for e in world.ticket(1).history] == ["opened", "take", "added", "settle", "confirm"]
    assert world.ticket(1).settled_at == china(5, 25, 16)
