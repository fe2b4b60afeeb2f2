"""The model of a city's day: it plays to its end, and a burst main is one matter however many speak of it."""

import random
from datetime import timedelta
from pathlib import Path

from tests.bench.day.people import Day
from tests.bench.day.report import lines_of, projected
from tests.bench.scale import play

SMALL = Day(grids=3, lines=16, reports=4, burst_lines=30, begins=15, ends=22)


def test_a_day_is_played_and_told(tmp_path: Path) -> None:
    told = play(SMALL, 1, tmp_path)
    assert told.lines > 35
    assert told.outcomes.keys() >= {"opened", "joined", "ignored", "command"}
    assert not told.outcomes.keys() & {"failed", "seen", "refused"}
    assert (told.burst_tickets, told.burst_letters <= 6) == (1, True)
    assert 0 < told.peak_busy < 1
    assert projected(told, "city")["lines_a_day"] > projected(told, "county")["lines_a_day"]
    assert lines_of(told)[-1].startswith("country")


def test_the_same_seed_is_the_same_day() -> None:
    one, other, third = (SMALL.spoken(random.Random(seed)) for seed in (7, 7, 8))
    assert one == other != third
    assert all(timedelta() <= line.at < timedelta(days=1) for line in one)
