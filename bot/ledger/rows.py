"""One row of the ledger out of one ticket. Nobody's mark is in it; names, numbers and private words only on request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.reading.privacy import mask
from bot.sentences import say
from handlers.desk import Desk
from handlers.passing.ways import way_word
from models.people import Person
from models.tickets import Ticket

Cell = str | int | datetime

FIRST_WORDS = frozenset({"take", "settle", "void", "suspend", "extend_asked", "raised", "transfer", "return_asked"})
SHOWN = 3  # digits of a telephone number that stay at its beginning


@dataclass(frozen=True)
class Book:
    """Whose words and clock it is written in; `full`: with names, numbers and private words."""

    desk: Desk
    full: bool = False

    def say(self, key: str) -> str:
        return say(self.desk.policy.language, f"ledger_{key}")

    def word(self, table: str, key: str) -> str:
        return self.desk.texts.word(table, key)

    def local(self, instant: datetime | None) -> Cell:
        """Wall time without a zone, as a sheet keeps it; empty when there is none."""
        return self.desk.policy.local(instant).replace(tzinfo=None) if instant else ""

    def name(self, person: Person | None) -> str:
        """王** unless the whole ledger is asked for."""
        if person is None:
            return ""
        return person.name if self.full or not person.name else f"{person.name[0]}**"

    def contact(self, written: str) -> str:
        if self.full or not written:
            return written
        masked = mask(written)
        return masked if masked != written else f"{written[:SHOWN]}****{written[-4:] if len(written) > 8 else ''}"

    def words(self, ticket: Ticket, words: str) -> str:
        """Of a private matter only that it is one."""
        return words if self.full or not ticket.private else ""


COLUMNS: tuple[tuple[str, Callable[[Book, Ticket], Cell]], ...] = (
    ("number", lambda book, t: t.number),
    ("unit_name", lambda book, t: t.unit.name),
    ("opened", lambda book, t: book.local(t.opened_at)),
    ("happened", lambda book, t: book.local(t.happened_at)),
    ("channel", lambda book, t: book.word("channels_in", t.came_by)),
    ("reporter", lambda book, t: book.name(t.reporter)),
    ("contact", lambda book, t: book.contact(t.contact)),
    ("words", lambda book, t: book.words(t, t.text)),
    ("place", lambda book, t: book.words(t, t.place)),
    ("category", lambda book, t: book.word("categories", t.category)),
    ("assignee", lambda book, t: t.assignee.name if t.assignee else ""),
    ("first", lambda book, t: t.first.name if t.first else ""),
    ("way", lambda book, t: way_word(book.desk, t)),
    ("level", lambda book, t: level(t)),
    ("due", lambda book, t: book.local(t.due_at)),
    ("responded", lambda book, t: book.local(first_word(t))),
    ("settled", lambda book, t: book.local(t.settled_at)),
    ("result", lambda book, t: result(book, t)),
    ("visit", lambda book, t: visit(book, t)),
    ("rework", lambda book, t: t.rework),
    ("caught_up", lambda book, t: book.local(t.history[0].at) if t.caught_up else ""),
)


def row_of(book: Book, ticket: Ticket) -> list[Cell]:
    return [cell(book, ticket) for _, cell in COLUMNS]


def headings(book: Book) -> list[str]:
    return [book.say(key) for key, _ in COLUMNS]


def level(ticket: Ticket) -> str:
    """The level that settled it, or where it stands now."""
    ladder = ticket.unit.ladder()
    unit = ticket.settled_unit or ladder[min(ticket.rung, len(ladder) - 1)]
    return unit.level or unit.name


def result(book: Book, ticket: Ticket) -> str:
    """办结, 确认 and 沉默 are three things for ever; who asked to be forgotten is a fourth."""
    return book.say("state_lapsed" if ticket.lapsed else f"state_{ticket.state}")


def first_word(ticket: Ticket) -> datetime | None:
    """When somebody in charge first said a word; each level that takes over starts a clock of its own."""
    said = [e.at for e in ticket.history if e.kind in FIRST_WORDS and e.by_id not in (None, ticket.reporter_id)]
    return min([*said, *([ticket.responded_at] if ticket.responded_at else [])], default=None)


def visit(book: Book, ticket: Ticket) -> str:
    """Whether the resident was heard after the end: never which mark they gave."""
    kinds = {e.kind for e in ticket.history}
    for kind, key in (("visited", "visit_voice"), ("confirm", "visit_confirmed"), ("silence", "visit_silent")):
        if kind in kinds:
            return book.say(key)
    if ticket.state == "settled":
        return book.say("visit_told" if _told_end(ticket) else "visit_waiting")
    return ""


def _told_end(ticket: Ticket) -> bool:
    return any(e.kind == "told" and e.data.get("step") == "settle" for e in ticket.history)
