"""Who says what when: a day of many grid groups as instants with what happens then, chosen by a seed."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Kind = Literal["chatter", "report", "metoo", "chase"]

HOURS = (1, 1, 0, 0, 0, 1, 4, 9, 8, 6, 5, 6, 7, 5, 4, 4, 5, 7, 10, 12, 12, 9, 5, 2)
"""How much of the day's talk falls into each hour: a peak before work, a higher one after supper. Ours."""

BURST_TALK = ("我家也是", "+1", "我家也停水了", "还没人来吗", "几点能修好啊", "我们这栋也没水")


@dataclass(frozen=True)
class Spoken:
    """One line; `at` counts from midnight."""

    at: timedelta
    grid: int
    kind: Kind
    text: str = ""


@dataclass(frozen=True)
class Day:
    """`lines`: what a group says in a day on average (few groups say most); `reports`: matters for the bot beside.
    Of a part of the day, what is said then.
    """

    grids: int
    lines: float = 60.0
    reports: float = 0.5
    burst_at: timedelta = timedelta(hours=19, minutes=30)
    burst_lines: int = 300
    burst_lasts: timedelta = timedelta(minutes=10)
    begins: int = 0  # hours
    ends: int = 24

    def spoken(self, chance: random.Random) -> list[Spoken]:
        """All lines of the day in their order."""
        said = [line for grid in range(self.grids) for line in self._of(grid, chance)]
        told = [line for line in (*said, *self._burst(chance)) if self.begin <= line.at < self.end]
        return sorted(told, key=lambda line: line.at)

    @property
    def begin(self) -> timedelta:
        return timedelta(hours=self.begins)

    @property
    def end(self) -> timedelta:
        return timedelta(hours=self.ends)

    def _of(self, grid: int, chance: random.Random) -> Iterator[Spoken]:
        liveliness = math.exp(chance.gauss(-0.5, 1.0))  # log-normal with mean 1: a few groups never stop
        for _ in range(_poisson(self.lines * liveliness, chance)):
            yield Spoken(instant(chance), grid, "chatter")
        for _ in range(_poisson(self.reports, chance)):
            yield Spoken(instant(chance), grid, "report")

    def _burst(self, chance: random.Random) -> Iterator[Spoken]:
        """A main bursts in the first grid, and everybody says so."""
        yield Spoken(self.burst_at, 0, "report", "3号楼前面自来水主管爆了，水喷了两米高，整栋楼停水")
        for _ in range(self.burst_lines):
            at = self.burst_at + chance.random() * self.burst_lasts
            yield Spoken(at, 0, "metoo", chance.choice(BURST_TALK))

    def in_burst(self, at: timedelta) -> bool:
        return self.burst_at <= at <= self.burst_at + self.burst_lasts


def instant(chance: random.Random) -> timedelta:
    hour = chance.choices(range(24), HOURS)[0]
    return timedelta(hours=hour, seconds=chance.random() * 3600)


def _poisson(mean: float, chance: random.Random) -> int:
    """Knuth's way; the normal curve for large means."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
