"""Do the histories obey the law of the ticket, and end in the state that it has?"""

from collections.abc import Iterator

from models.integrity.finding import Finding, found
from models.integrity.histories import History
from models.states import MOVES

BEGINNING = "opened"


def unlawful(history: History) -> Iterator[Finding]:
    """The first step that the table does not have; then, whether the ticket stands where its history ends."""
    before = "open"
    for place, row in enumerate(history.rows, 1):
        lawful = MOVES.get(before, {}).get(row.kind, before)
        begun = (row.kind == BEGINNING) == (place == 1)
        if row.state != lawful or not begun:
            went = {"step": row.kind, "before": before, "after": row.state}
            yield found("move_unlawful", number=history.number, row=place, rows=len(history.rows), **went)
            return
        before = row.state
    if history.rows and history.state != before:
        yield found("state_differs", number=history.number, state=history.state, after=before)
    if history.merged != (history.state == "merged"):
        yield found("merged_nowhere" if not history.merged else "merged_still", number=history.number)
