"""The week's summaries of all grids as the heartbeat posts them, against reading their rows once in bare sqlite3."""

import os
import shutil
import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

from bot.reading.judge import Judge
from handlers.bulletin import next_week_end
from handlers.desk import Desk
from tests.bench.county import START, County, CountyClock, county, found_county, loaded_judge
from tests.bench.opening import bare
from tests.bench.rows import Row, Run, paired
from tests.bench.years import fill

GRIDS, TICKETS, ROUNDS = 237, 200_000, 7
QUICK_GRIDS, QUICK_TICKETS, QUICK_ROUNDS = 24, 3_000, 2
WEEK = timedelta(days=7)
MOVED = """
    SELECT id FROM tickets WHERE state IN ('open', 'taken', 'suspended') AND unit_id IN (SELECT id FROM units)
    UNION SELECT ticket_id FROM ticket_events WHERE at > :{since}
"""
HISTORY = f"""
SELECT t.id, t.unit_id, e.kind, e.state, e.at, e.data FROM tickets AS t JOIN ticket_events AS e ON e.ticket_id = t.id
WHERE t.id IN ({MOVED.format(since="before")}) AND e.at <= :end ORDER BY e.ticket_id, e.id
"""
THIS_WEEK = MOVED.format(since="start")  # of the week before only the history is needed
FACTS = f"""
SELECT id, unit_id, category, private, wish, household, assignee_id FROM tickets WHERE id IN ({THIS_WEEK})
"""
JOINED = f"SELECT ticket_id, household, at FROM followers WHERE ticket_id IN ({THIS_WEEK})"
GIVEN = """
SELECT t.unit_id, m.grade FROM marks AS m JOIN tickets AS t ON t.id = m.ticket_id WHERE m.at > :start AND m.at <= :end
"""


def rows(run: Run) -> list[Row]:
    grids, tickets = (QUICK_GRIDS, QUICK_TICKETS) if run.quick else (GRIDS, TICKETS)
    config, judge, file = county(grids), loaded_judge(), run.folder / "county.db"
    found_county(file, config, judge)
    fill(file, grids, tickets)
    end = _cut_off(file, judge, grids)

    def ours(number: int) -> float:
        copy = run.folder / f"{number}.db"
        _copied(file, copy)
        took = _posted(copy, judge, grids, end)
        copy.unlink()
        return took

    ours(0)  # warm
    found = paired(ours, lambda _: _read(file, end), QUICK_ROUNDS if run.quick else ROUNDS)
    note = f"{found.spread[0]:.1f} to {found.spread[1]:.1f}; counted, worded, written and committed durably"
    return [Row(f"summaries of {grids} grids", found.first, found.second, found.ratio, 5.0, 2.0, "s", note)]


def _copied(file: Path, copy: Path) -> None:
    """Down to the disk: else our commit would wait for the copy's hundreds of megabytes too."""
    shutil.copy(file, copy)
    with copy.open("rb") as written:
        os.fsync(written.fileno())


def _cut_off(file: Path, judge: Judge, grids: int) -> datetime:
    """The first cut-off after the tickets, for which the residents' groups have their summary planned: one a grid."""
    with sqlite3.connect(file) as database:
        database.execute("UPDATE chats SET week_due_at = '2099-01-01 00:00:00.000000' WHERE kind = 'staff'")
    database.close()
    town = County.at(file, county(grids), judge, 1)
    with town.sessions() as session:
        end = next_week_end(Desk(session, START, town.config.policy), START)
    town.engine.dispose()
    return end


def _posted(file: Path, judge: Judge, grids: int, end: datetime) -> float:
    """Seconds from the beat until all summaries of the groups are in the outbox."""
    town = County.at(file, county(grids), judge, 1, CountyClock(end))
    step = next(step for step in town.steps() if step.__name__ == "post_summaries")
    started = time.perf_counter()
    while town.does(step):
        pass
    took = time.perf_counter() - started
    town.engine.dispose()
    return took


def _read(file: Path, end: datetime) -> float:
    """Seconds that bare sqlite3 needs to read the same rows once: history of two weeks; tickets, who joined and marks
    of the last. Times and JSON stay the text that they are kept as: the program does not turn most of them either.
    """
    database: sqlite3.Connection = bare(file)
    moments = {"before": _text(end - 2 * WEEK), "start": _text(end - WEEK), "end": _text(end)}
    started = time.perf_counter()
    for asked in (HISTORY, FACTS, JOINED, GIVEN):
        database.execute(asked, moments).fetchall()
    took = time.perf_counter() - started
    database.close()
    return took


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S.000000")
