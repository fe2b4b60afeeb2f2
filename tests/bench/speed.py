"""How fast the program is: every row of the table against its opponent, measured in one run.

python tests/bench/speed.py [--rows chatter,opening,…] [--seed N] [--quick] [--json FILE]

Each name is a file beside this one with `rows(run) -> list[Row]`; each runs in a process of its own, so that none pays
for another's memory. `--quick` only shows that everything runs; its numbers mean nothing.
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
for beside in ("tests/bench", "."):  # run as a script: its own folder must not hide the packages of the same names
    sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != (ROOT / beside).resolve()]
sys.path.insert(0, str(ROOT))

from tests.bench.rows import Run  # noqa: E402

NAMES = ("chatter", "opening", "waiting", "million", "weekly", "starting", "machines")
COLUMNS = ("row", "measured", "against", "unit", "ratio", "reach", "aim", "verdict")


def measure(name: str, seed: int, quick: bool) -> list[dict[str, Any]]:
    """One name's rows, in this process."""
    with tempfile.TemporaryDirectory(prefix="gridbot-speed-") as folder:
        rows = importlib.import_module(f"tests.bench.{name}").rows(Run(seed, quick, Path(folder)))
    return [row.as_json() for row in rows]


def in_own_process(name: str, seed: int, quick: bool) -> list[dict[str, Any]]:
    """The rows, or one that says that it failed; its complaint goes to standard error."""
    command = [sys.executable, __file__, "--one", name, "--seed", str(seed), *(["--quick"] if quick else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    if done.returncode:
        return [{"name": name, "verdict": "failed"}]
    told: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return told


def table(rows: Sequence[dict[str, Any]]) -> str:
    """One line a row, its note below it."""
    shown = [COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(cells[at]) for cells in shown) for at in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) for cells in shown]
    notes = ["", *(f"    {row['note']}" if row.get("note") else "" for row in rows)]
    return "\n".join(part.rstrip() for line, note in zip(lines, notes, strict=True) for part in (line, note) if part)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_cell(row.get({"row": "name"}.get(column, column))) for column in COLUMNS)


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "-" if value is None else str(value)


def available() -> list[str]:
    return [name for name in NAMES if (Path(__file__).parent / f"{name}.py").exists()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", help=f"of {', '.join(available())}; all where left out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a few seconds, to see that everything runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows there")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one, asked.seed, asked.quick), ensure_ascii=False))  # noqa: T201
        return 0
    names = asked.rows.split(",") if asked.rows else available()
    if unknown := sorted(set(names) - set(available())):
        parser.error(f"no such rows: {', '.join(unknown)}")
    rows = [row for name in names for row in in_own_process(name, asked.seed, asked.quick)]
    print(table(rows))  # noqa: T201
    if asked.json:
        asked.json.write_text(json.dumps({"seed": asked.seed, "quick": asked.quick, "rows": rows}, indent=1))
    return 1 if any(row["verdict"] == "failed" for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
