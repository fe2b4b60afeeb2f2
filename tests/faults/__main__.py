"""python -m tests.faults: the long run, and any other."""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from tests.faults.plans import Life, everywhere, long
from tests.faults.points import COMMIT, NAMED, point
from tests.faults.report import as_json, table
from tests.faults.rig import Wanted, run
from tests.faults.scouting import FUNCTIONS, functions_in
from tests.faults.wrapping import function_named


def main() -> int:
    asked = _parser().parse_args()
    if asked.points:
        sys.stdout.write("".join(f"{name:<24} {address}\n" for name, address in NAMED.items()))
        return 0
    addresses = asked.at or list(NAMED)
    for address in addresses:
        _look_at(address)
    folder = Path(asked.folder or tempfile.mkdtemp(prefix="gridbot-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    choice = random.Random(asked.seed)
    if asked.everywhere:
        lives = everywhere(choice, asked.kills, lambda: functions_in(folder / FUNCTIONS))
    else:
        lives = long(choice, asked.kills, addresses)
    hours = timedelta(hours=asked.hours)
    wanted = Wanted(asked.seed, asked.server, asked.database, asked.grids, asked.warm, asked.minutes, hours)
    verdict = run(folder, wanted, _told(lives, asked.kills))
    sys.stdout.write((as_json(verdict) if asked.json else table(verdict)) + "\n")
    sys.stderr.write(f"log, configuration: {folder}\n")
    return 0 if verdict.holds else 1


def _look_at(address: str) -> None:
    """A mistake is told before an hour has gone. Raises ValueError."""
    where = point(address)
    for function in (where.function, where.within):
        if function and function != COMMIT:
            function_named(function)


def _told(lives: Iterable[Life], kills: int) -> Iterator[Life]:
    """How far it is, now and then."""
    began = time.monotonic()
    for life in lives:
        yield life
        if life.number % 25 == 0:
            sys.stderr.write(f"{life.number} of {kills} lives, {time.monotonic() - began:.0f} s\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="chooses everything that is random")
    parser.add_argument("--at", action="append", metavar="POINT", help="a name, or module:function:before|after")
    parser.add_argument("--everywhere", action="store_true", help="at any function that the first lives call")
    parser.add_argument("--points", action="store_true", help="show the named points")
    parser.add_argument("--server", default="ours", help="ours, stranger, http://…/bot, or MODULE:CLASS")
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or the URL of an empty one")
    parser.add_argument("--grids", type=int, default=6)
    parser.add_argument("--warm", action="store_true", help="fork the processes of one that is loaded: quicker")
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="real time after which no life begins")
    parser.add_argument("--hours", type=int, default=34, help="business time that passes at least")
    parser.add_argument("--folder", help="an empty folder to work in")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
