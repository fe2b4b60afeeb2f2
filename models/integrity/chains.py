"""Is each history as it was written? The links say which row is the first that is not."""

from collections.abc import Iterator

from models.chain import next_link, place_of
from models.integrity.finding import Finding, found
from models.integrity.histories import History


def broken_chain(history: History) -> Iterator[Finding]:
    """The first row that was altered, slipped in or taken out; what comes after it says nothing more."""
    if not history.rows:
        yield found("no_history", number=history.number)
        return
    link, whole = "", max(place_of(history.chain), len(history.rows))
    for place, row in enumerate(history.rows, 1):
        expected = next_link(link, history.number, row.kind, row.state, row.at, row.data)
        if row.chain != expected:
            yield found(_what_is_wrong(row.chain, place), number=history.number, row=place, rows=whole)
            return
        link = row.chain
    if history.chain != link:
        yield _wrong_end(history, whole)


def _what_is_wrong(link: str, place: int) -> str:
    """Of a row that does not follow from the one before it."""
    if not link:
        return "row_unlinked"
    if place_of(link) > place:
        return "row_missing"
    return "row_slipped_in" if place_of(link) < place else "row_altered"


def _wrong_end(history: History, whole: int) -> Finding:
    there = len(history.rows)
    if place_of(history.chain) > there:
        return found("row_missing", number=history.number, row=there + 1, rows=whole)
    return found("row_appended", number=history.number, row=place_of(history.chain) + 1, rows=whole)
