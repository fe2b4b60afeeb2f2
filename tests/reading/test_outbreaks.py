"""Which of the common troubles a line speaks of: the data's own examples, and places that tell nothing apart."""

import pytest

from bot.reading.outbreaks import Outbreaks
from bot.reading.tables import SHIPPED, read_table

OUTBREAKS = Outbreaks.load()
TABLE = {name: entry for name, entry in read_table(SHIPPED / "outbreaks.toml").items() if isinstance(entry, dict)}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in TABLE for text in TABLE[name]["hits"]])
def test_a_subject_is_heard_in_its_own_examples(name: str, text: str) -> None:
    assert name in OUTBREAKS.subjects(text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in TABLE for text in TABLE[name]["misses"]])
def test_a_subject_is_not_heard_in_its_counter_examples(name: str, text: str) -> None:
    assert name not in OUTBREAKS.subjects(text)


@pytest.mark.parametrize("place", ["", "楼道", "楼下", "18层", "家门口", "电梯", "垃圾桶旁边"])
def test_places_that_every_building_has_tell_nothing_apart(place: str) -> None:
    assert OUTBREAKS.anywhere(place)


@pytest.mark.parametrize("place", ["3", "3-2", "?-2", "东门", "菜市场", "幸福路", "小区大门口"])
def test_a_building_or_a_name_does(place: str) -> None:
    assert not OUTBREAKS.anywhere(place)
