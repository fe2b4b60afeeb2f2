"""The same words are a report from a neighbour and a notice from staff; a picture beside them counts."""

from pathlib import Path

import pytest

from models.messages import Attachment
from tests.world import World, small_town, the_judge

LEAK = "3号楼2单元的路灯坏了三天了，没人修"


def helpers(world: World) -> None:
    for who, role in (("吴志愿", "志愿者"), ("郑调解", "调解员")):
        world.says("李书记", f"/assign {role}", reply=world.incoming(who, "大家好", "-1001"))


@pytest.mark.parametrize("who", ["王阿姨", "孙楼长", "吴志愿", "郑调解"])
def test_who_helps_without_an_office_reports_like_any_neighbour(world: World, who: str) -> None:
    helpers(world)
    assert world.says(who, LEAK)[0].startswith("📌 第1件")


@pytest.mark.parametrize("who", ["老王", "陈副", "李书记", "赵主任", "周物业"])
def test_from_who_is_in_office_it_is_a_notice_and_a_command_registers_it(world: World, who: str) -> None:
    assert world.says(who, LEAK) == []
    assert world.tickets() == 0
    assert world.says(who, f"登记 {LEAK}")[0].startswith("📌 第1件")


def test_who_is_in_office_in_another_grid_is_a_neighbour_here(world: World) -> None:
    assert len(world.says("钱网格", LEAK)) == 1


@pytest.mark.parametrize("words", ["收到", "马上去", "好的，马上", "明白", "👌"])
def test_a_bare_word_of_staff_is_kept_nowhere(world: World, words: str) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("周物业", words) == []
    assert world.says("老王", words) == []
    assert [e.kind for e in world.ticket(1).history] == ["opened"]


def test_a_word_of_substance_from_staff_is_kept(world: World) -> None:
    world.says("王阿姨", LEAK)
    assert world.says("周物业", "3号楼2单元路灯的线路老化了，电工明天上午来换") == []
    assert [e.kind for e in world.ticket(1).history] == ["opened", "added"]


@pytest.mark.parametrize(("kind", "opened"), [("photo", 1), ("video", 1), ("sticker", 0), ("voice", 0)])
def test_a_picture_beside_the_words_tips_the_scale(tmp_path: Path, kind: str, opened: int) -> None:
    enough = the_judge().read(LEAK).score + 0.05
    world = World(tmp_path, small_town(reading={"open": enough, "ask": enough}))
    assert world.says("王阿姨", LEAK) == []
    world.says("小李", LEAK, attachments=(Attachment(kind, "x"),))  # type: ignore[arg-type]
    assert world.tickets() == opened
    world.close()
