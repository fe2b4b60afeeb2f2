"""python -m tests.faults: the long run, and any other."""

import argparse
import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from tests.faults.plans import long
from tests.faults.points import NAMED, point
from tests.faults.report import as_json, table
from tests.faults.rig import Wanted, run


def main() -> int:
    asked = _parser().parse_args()
    if asked.points:
        sys.stdout.write("".join(f"{name:<24} {address}\n" for name, address in NAMED.items()))
        return 0
    addresses = asked.at or list(NAMED)
    for address in addresses:
        point(address)  # a mistake is told before an hour has gone
    folder = Path(asked.folder or tempfile.mkdtemp(prefix="gridbot-faults-"))
    hours = timedelta(hours=asked.hours)
    wanted = Wanted(asked.seed, asked.server, asked.database, asked.grids, asked.warm, asked.minutes, hours)
    verdict = run(folder, wanted, long(random.Random(asked.seed), asked.kills, addresses))
    sys.stdout.write((as_json(verdict) if asked.json else table(verdict)) + "\n")
    sys.stderr.write(f"log, configuration: {folder}\n")
    return 0 if verdict.holds else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="chooses everything that is random")
    parser.add_argument("--at", action="append", metavar="POINT", help="a name, or module:function:before|after")
    parser.add_argument("--points", action="store_true", help="show the named points")
    parser.add_argument("--server", default="ours", help="ours, stranger, or MODULE:CLASS (tests/faults/servers.py)")
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
