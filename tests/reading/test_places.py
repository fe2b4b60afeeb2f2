"""Places: the words as written, and one key however they are written."""

import pytest

from bot.reading.places import key


@pytest.mark.parametrize(
    ("wanted", "spellings"),
    [
        ("3", ["3号楼", "三号楼", "三栋", "3#", "3幢", "３号楼", "3号樓"]),
        ("3-2-501", ["3号楼2单元501", "3-2-501", "三号楼二单元501室", "3栋2单元501号"]),
        ("12", ["12幢", "十二幢", "12号楼"]),
        ("B区-12", ["B区12幢", "b区12幢", "B区十二栋"]),
        ("12巷-7", ["12巷7号", "十二巷7号"]),
        ("负2层", ["负二楼", "负2层"]),
    ],
)
def test_spellings_of_one_place_share_a_key(wanted, spellings):
    assert {key(spelling) for spelling in spellings} == {wanted}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我们10号楼电梯坏了", "10号楼"),
        ("3号楼2单元501水管爆了", "3号楼2单元501"),
        ("村东头路灯又不亮了", "村东头"),
        ("码头那块臭得很", "码头"),
        ("批发市场门口有人摆摊占道", "批发市场门口"),
        ("幸福路积水过不去", "幸福路"),
        ("我家门口堆满了纸箱", "我家门口"),
        ("３号楼停水了", "３号楼"),
    ],
)
def test_a_place_is_found_as_it_stands(judge, text, place):
    assert judge.place(text).text == place


@pytest.mark.parametrize("text", ["3月12号停水", "早上8:00-10:00打药", "养老金没到账", "谢谢大家"])
def test_dates_and_times_are_no_places(judge, text):
    assert judge.place(text) is None


def test_a_layer_of_something_is_no_floor(judge):
    found = judge.place("水上一层油，臭得很")
    assert found is None or "一层" not in found.text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("8号楼西山墙上的瓷砖往下掉", "8号楼西山墙"),
        ("菜场后面那条小路又黑又滑", "菜场后面那条小路"),
        ("有人在榕树头赌钱", "榕树头"),
    ],
)
def test_learned_edges_reach_beyond_the_words_of_the_rules(judge, text, place):
    assert judge.place(text).text == place
