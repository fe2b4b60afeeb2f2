"""What one machine carries: a model of a city's day through the real handlers, and what follows for larger places.

python tests/bench/scale.py [--grids N] [--lines N] [--reports N] [--seed N] [--json FILE]

A day of N grid groups with its two peaks, a burst pipe with 300 lines about it in ten minutes, members who settle, one
worker for inbox, letters and heartbeat on a SQLite file that is synced at each commit. The day's clock stands still
while nobody works and moves by what the work took here. A person's patience with a busy worker is not part of it.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != ROOT / "tests" / "bench"]
sys.path.insert(0, str(ROOT))

from sqlalchemy import func, select  # noqa: E402

from bot.reading.judge import Judge  # noqa: E402
from models.chats import find_chat  # noqa: E402
from models.letters import Letter  # noqa: E402
from models.tickets import Ticket  # noqa: E402
from tests.bench.county import START, County, county, found_county, group_of  # noqa: E402
from tests.bench.day.clock import DayClock  # noqa: E402
from tests.bench.day.people import Day  # noqa: E402
from tests.bench.day.play import Play  # noqa: E402
from tests.bench.day.report import Account, account, lines_of, projected  # noqa: E402

MIDNIGHT = START.replace(hour=0) + timedelta(days=1)  # a plain Tuesday
FIRST_EVENT = 1_000_000  # after those with which the county was founded


def play(day: Day, seed: int, folder: Path) -> Account:
    """One day in a new county on a file in `folder`."""
    file, config, judge = folder / "day.db", county(day.grids), Judge.load()
    found_county(file, config, judge)
    place = County.at(file, config, judge, seed, clock=DayClock(MIDNIGHT), events=FIRST_EVENT)
    before = _size(file)
    noted = Play(place, day, MIDNIGHT).run(day.spoken(random.Random(seed)))
    burst = _burst(place, day)
    place.engine.dispose()  # so that the log is written back
    return account(day, noted, burst, _size(file) - before)


def _burst(place: County, day: Day) -> tuple[int, int]:
    """Tickets of the burst's group in its ten minutes, and what its group read of them then."""
    begin = MIDNIGHT + day.burst_at - timedelta(seconds=1)
    end = begin + day.burst_lasts + timedelta(minutes=1)
    with place.sessions() as session:
        chat = find_chat(session, "telegram", group_of(0))
        assert chat is not None
        tickets = select(func.count()).where(Ticket.chat_id == chat.id, Ticket.opened_at.between(begin, end))
        letters = select(func.count()).where(
            Letter.chat_id == chat.id, Letter.sent_at.between(begin, end), Letter.edits_id.is_(None)
        )
        return session.scalar(tickets) or 0, session.scalar(letters) or 0


def _size(file: Path) -> int:
    return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grids", type=int, default=237)
    parser.add_argument("--lines", type=float, default=60.0, help="lines a group says in a day, on average")
    parser.add_argument("--reports", type=float, default=0.5, help="of these, matters for the bot")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    day = Day(asked.grids, asked.lines, asked.reports)
    with tempfile.TemporaryDirectory(prefix="gridbot-day-") as folder:
        told = play(day, asked.seed, Path(folder))
    sys.stdout.write("\n".join([*lines_of(told), ""]))
    if asked.json:
        places = {place: projected(told, place) for place in ("county", "city", "country")}
        asked.json.write_text(json.dumps({"day": told.as_json(), "places": places}, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
