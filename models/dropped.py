"""Which letters a transaction drops or folds, whichever way: the log is to say each of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, object_session

from models.letters import FOLDED, Letter

UNSENT = ("stale", FOLDED)
KEY = "dropped"  # in Session.info


def note_dropped(session: Session, letter_ids: Iterable[int]) -> None:
    """For statements that change many rows at once; a single letter's change of state is noted by itself."""
    session.info.setdefault(KEY, set()).update(letter_ids)


def dropped(session: Session) -> list[tuple[int, str, str, int | None]]:
    """(id, state, error, folded_id) of what is to be told, once. What a savepoint took back is not among them."""
    noted = session.info.pop(KEY, None)
    if not noted:
        return []
    found = select(Letter.id, Letter.state, Letter.error, Letter.folded_id)
    rows = session.execute(found.where(Letter.id.in_(noted), Letter.state.in_(UNSENT)).order_by(Letter.id))
    return [(row.id, row.state, row.error, row.folded_id) for row in rows]


@event.listens_for(Letter.state, "set")
def _remember(letter: Letter, state: str, *_: Any) -> None:
    session = object_session(letter)
    if state in UNSENT and session is not None:
        note_dropped(session, [letter.id])
