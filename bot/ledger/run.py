"""The command: which matters, from when until when, into which file."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from bot.asked import Unusable
from bot.config.faults import did_you_mean
from bot.ledger.files import KINDS, write_file
from bot.ledger.rows import COLUMNS, Book, headings, result, row_of
from bot.sentences import say
from handlers.desk import Desk
from models.ledger import taken_in
from models.tickets import Ticket
from models.units import all_units, subtree, unit_named


@dataclass(frozen=True)
class Wanted:
    """Days are local and both included; None: no bound."""

    file: Path
    unit: str = ""
    start: date | None = None
    end: date | None = None
    full: bool = False


def write_ledger(desk: Desk, wanted: Wanted) -> str:
    """Write the file; the line says how many matters it holds, and what became of them."""
    language = desk.policy.language
    if wanted.file.suffix.lower() not in KINDS:
        raise Unusable(say(language, "ledger_kind", file=wanted.file))
    if wanted.start and wanted.end and wanted.start > wanted.end:
        raise Unusable(say(language, "ledger_span", start=wanted.start, end=wanted.end))
    tickets = _tickets(desk, wanted)
    book = Book(desk, wanted.full)
    rows = [row_of(book, ticket) for ticket in tickets]
    keys = [key for key, _ in COLUMNS]
    try:
        write_file(wanted.file, keys, say(language, "ledger_title"), headings(book), rows)
    except OSError as wrong:
        raise Unusable(say(language, "ledger_unwritable", file=wanted.file, why=wrong.strerror or wrong)) from None
    return say(language, "ledger_done", file=wanted.file, count=len(rows), results=_results(book, tickets))


def _tickets(desk: Desk, wanted: Wanted) -> list[Ticket]:
    start = desk.policy.at(wanted.start, time()) if wanted.start else None
    end = desk.policy.at(wanted.end + timedelta(days=1), time()) if wanted.end else None
    units = _units(desk, wanted.unit) if wanted.unit else None
    return taken_in(desk.session, units, start, end)


def _units(desk: Desk, name: str) -> list[int]:
    """The unit of this name, with all below it."""
    unit, language = unit_named(desk.session, name), desk.policy.language
    if unit is None:
        hint = did_you_mean(language, name, [u.name for u in all_units(desk.session)])
        raise Unusable(say(language, "ledger_unit", name=name) + hint)
    return subtree(desk.session, unit)


def _results(book: Book, tickets: list[Ticket]) -> str:
    counted = Counter(result(book, t) for t in tickets)
    return say(book.desk.policy.language, "ledger_joint").join(
        f"{state} {count}" for state, count in counted.most_common()
    )
