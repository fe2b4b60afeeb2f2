"""The same town with its language set to English: people write as they like, the bot speaks English."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.menus import menus
from tests.world import RESIDENTS, STAFF, World, china, small_town

LEAK = "3号楼2单元的路灯坏了三天了，没人修"
NAMED = re.compile(r"[\u3400-\u9fff]+")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, small_town(language="en"))
    yield world
    world.close()


def chinese(line: str) -> set[str]:
    return set(NAMED.findall(line))


def test_the_card_reads_english_around_the_words_of_the_place(town: World) -> None:
    (card,) = town.says("王阿姨", LEAK)
    assert card.startswith("📌 No. 1, noted\n3号楼2单元")
    assert "(daily life)" in card
    assert card.endswith("老王 answers by Thu 5 Mar 18:00")
    assert town.card().labels == ["Us too", "Settled"]


def test_from_the_ping_to_the_confirmation(town: World) -> None:
    town.starts("老王")
    town.says("王阿姨", LEAK)
    ping = town.private("老王")[-1]
    assert ping.startswith("🔔 No. 1 waits for you (幸福里第3网格)")
    assert ping.endswith("A first word by today 12:00, an answer by Thu 5 Mar 18:00")
    assert town.says("小李", "/done 1") == [
        "Those in charge of this grid settle it. Is it yours and all right? Just reply “好了”."
    ]
    lines = town.says("老王", "/done 1 lamp replaced")
    asked = "王阿姨, is it all right? The group does not see what you choose"
    assert lines == [f"✅ No. 1 settled: lamp replaced (老王)\n{asked}"]
    assert town.presses("王阿姨", "Satisfied") == ["Thank you, no. 1 is confirmed."]
    assert town.says("老王", "/done 1") == ["No. 1 was settled today 09:00. Not right? Reply “没好”."]


def test_questions_are_answered_in_english(town: World) -> None:
    town.says("王阿姨", LEAK)
    (status,) = town.says("小李", "/status 1")
    assert status.startswith("No. 1 3号楼2单元")
    assert status.endswith("(daily life)\nwaiting for somebody, 老王 in charge, answer by Thu 5 Mar 18:00")
    assert town.says("小李", "/status 99") == ["No. 99 is not known in this group, please look at the card."]
    assert town.says("老王", "/done") == ["Which one? Reply to its card, or write its number: /done 12 cleared away"]
    assert town.says("老王", "/class 1 sanitation") == ["No. 1 is now sanitation."]
    assert town.says("老王", "/void 1") == ["Please say why: /void 1 said twice"]


def test_who_is_in_charge(town: World) -> None:
    (who,) = town.says("小李", "/who")
    assert who.startswith("In charge of 幸福里第3网格:\ngrid member 老王")
    assert "幸福里社区, community cadre 李书记" in who


def test_time_brings_reminder_ladder_and_week(town: World) -> None:
    town.starts("老王", "李书记")
    town.says("王阿姨", LEAK)
    lines = town.waits_until(china(3, 6, 16))
    unheard = "No. 1 has not been answered yet and went to 社区 李书记, answer by Thu 5 Mar 18:00. Sorry for the wait"
    assert unheard in lines
    late = "No. 1 had no answer in time; it is being pressed for, answer by Tue 10 Mar 18:00. Sorry for the wait"
    assert late in lines
    assert any(line.startswith("🗣 Tomorrow, Thu 5 Mar, is talk day\n9:00–11:00") for line in lines)
    week = lines[-1]
    assert week.startswith(
        "📋 The week (27 Feb 15:30 to 6 Mar 15:30)\nCarried over 0, taken in 1, settled 0, in hand 1"
    )
    assert "daily life 1" in week


def test_a_dispute_stays_out_of_the_group(town: World) -> None:
    (card,) = town.says("王阿姨", "楼上天天吵架打人，邻居闹矛盾打起来了，找他们赔钱也不认")
    assert "alone" in card
    assert not chinese(card) - {"老王"}
    assert town.card().labels == ["In private"]


def test_the_menus_and_the_help_are_english(town: World) -> None:
    with town.session() as session:
        offered = [words for menu in menus(session, "en") for _, words in menu.commands]
    assert offered
    assert not any(chinese(words) for words in offered)
    (help_,) = town.says("李书记", "/help", group=STAFF)
    assert "/talk 20 to 24" in help_
    assert chinese(help_) <= {"好了", "没好", "已清运", "收到"}


def test_staff_move_a_talk_day_in_english(town: World) -> None:
    lines = town.says("李书记", "/talk 5 to 6 storm")
    assert lines[0] == "🗣 Talk day of Thu 5 Mar moves to Fri 6 Mar: storm"
    assert town.says("小李", "/talk 15 cancel why not", group=RESIDENTS) == ["This step is for people with a post."]
