"""One measured row of the speed table, how two things are measured against each other, and what a run is given."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Verdict = Literal["aim", "reach", "missed"]


@dataclass(frozen=True)
class Row:
    """`measured` and `against` in `unit`; `ratio` is what is judged, by `reach` and `aim` (which way is better is
    told by which of them is larger). Where nothing is measured against, `ratio` is `measured` itself.
    """

    name: str
    measured: float
    against: float | None
    ratio: float
    reach: float
    aim: float
    unit: str
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        sign = 1 if self.aim > self.reach else -1
        return "aim" if sign * self.ratio >= sign * self.aim else "reach" if self._reached(sign) else "missed"

    def _reached(self, sign: int) -> bool:
        return sign * self.ratio >= sign * self.reach

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}


@dataclass(frozen=True)
class Run:
    """What every row's function is given. `quick`: only to see that everything runs; `folder`: empty, on a disk."""

    seed: int
    quick: bool
    folder: Path


@dataclass(frozen=True)
class Paired:
    """Two things measured in turns; `ratio` is the median of the rounds' own ratios, first by second."""

    first: float
    second: float
    ratio: float
    spread: tuple[float, float]


def paired(first: Callable[[int], float], second: Callable[[int], float], rounds: int) -> Paired:
    """Each is called with the round's number and answers with what it measured. Who begins changes from round to
    round, so that a machine that grows warm or busy favours neither.
    """
    told = []
    for number in range(rounds):
        if number % 2:
            right = second(number)
            told.append((first(number), right))
        else:
            left = first(number)
            told.append((left, second(number)))
    ratios = sorted(one / other for one, other in told)
    ones, others = zip(*told, strict=True)
    return Paired(
        statistics.median(ones), statistics.median(others), statistics.median(ratios), (ratios[0], ratios[-1])
    )


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of the values does not pass."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
