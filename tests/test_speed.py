"""The bench runs, and its rows come out; how fast it was is not asked here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.rows import Row, paired, percentile

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("ratio", "reach", "aim", "verdict"),
    [
        (1.2, 0.5, 1.0, "aim"),
        (0.6, 0.5, 1.0, "reach"),
        (0.4, 0.5, 1.0, "missed"),
        (15.0, 50.0, 20.0, "aim"),
        (45.0, 50.0, 20.0, "reach"),
        (51.0, 50.0, 20.0, "missed"),
    ],
)
def test_a_row_is_judged_by_its_own_direction(ratio: float, reach: float, aim: float, verdict: str) -> None:
    assert Row("it", 1.0, None, ratio, reach, aim, "s").verdict == verdict


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    found = paired([1.0, 2.0, 30.0].__getitem__, [1.0, 1.0, 1.0].__getitem__, 3)
    assert (found.ratio, found.spread) == (2.0, (1.0, 30.0))


def test_one_value_in_a_hundred_may_pass_the_percentile() -> None:
    assert percentile([float(n) for n in range(1000)], 0.99) == 990.0


def test_a_row_that_is_not_there_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "tests/bench/speed.py", "--rows", "nothing"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2 and "nothing" in done.stderr


def test_the_rows_come_out(tmp_path: Path) -> None:
    """Five times slower than it may be is a fault even on a busy machine."""
    told = tmp_path / "rows.json"
    done = subprocess.run(
        [sys.executable, "tests/bench/speed.py", "--quick", "--rows", "chatter", "--json", str(told)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    row = json.loads(told.read_text())["rows"][0]
    assert row["name"] in done.stdout and row["measured"] > 0 and row["against"] > 0
