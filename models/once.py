"""One transaction sees one world: what it has read stays read until it writes, and what it heard is written in one go.

Off unless a session asks for it: who waits for locks in between must look again. A session whose next transaction finds
the same world (models/carried.py) goes on with what it knows.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

SEEN, EXPECTED, HELD_BACK, APART, CHANGED = "seen", "expected", "held back", "apart", "changed"

Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)


def see_once(session: Session) -> None:
    """From now on this session's transaction asks nothing twice."""
    session.info.setdefault(SEEN, {})
    session.info[EXPECTED], session.info[HELD_BACK], session.info[CHANGED] = {}, {}, False


def see_anew(session: Session) -> None:
    """What is known is no longer so."""
    session.expunge_all()
    session.info.pop(SEEN, None)


def seen_so_far(session: Session) -> int:
    """How many things are known."""
    return len(session.info.get(SEEN, ()))


def has_changed(session: Session) -> bool:
    """Has the transaction written anything but what it heard and took?"""
    return bool(session.info.get(CHANGED, True))


def sees_once(session: Session) -> bool:
    return SEEN in session.info


def expect(session: Session, kind: Hashable, keys: Iterable[Hashable]) -> None:
    """Many of this kind will be asked for: the first question reads them all."""
    session.info[EXPECTED][kind] = frozenset(keys)


def once(session: Session, key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` answers, asked only once as long as nothing is written."""
    seen: dict[Hashable, Any] | None = session.info.get(SEEN)
    if seen is None:
        return read()
    session.flush()  # as every query would: what was written since must be read again
    if key not in seen:
        answer = read()
        seen[key] = answer
    return cast(Value, seen[key])


def one_of(
    session: Session, kind: Hashable, key: Key, read: Callable[[Collection[Key]], Mapping[Key, Value]]
) -> Value | None:
    """The one with this key; with it all others of the kind are read that are expected."""
    seen: dict[Hashable, Any] | None = session.info.get(SEEN)
    if seen is None:
        return read((key,)).get(key)
    session.flush()
    if (kind, key) not in seen:
        expected: frozenset[Key] = session.info[EXPECTED].get(kind, frozenset())
        wanted: Collection[Key] = [k for k in expected if (kind, k) not in seen] if key in expected else (key,)
        found = read(wanted)
        seen.update(((kind, one), found.get(one)) for one in wanted)
    return cast("Value | None", seen[kind, key])


def each_of(
    session: Session, kind: Hashable, keys: Collection[Key], read: Callable[[Collection[Key]], Mapping[Key, Value]]
) -> dict[Key, Value | None]:
    """Those with these keys, as by `one_of`."""
    known: dict[Hashable, Any] | None = session.info.get(SEEN)
    session.flush()
    if known is not None and all((kind, key) in known for key in keys):
        return {key: known[kind, key] for key in keys}
    return {key: one_of(session, kind, key, read) for key in keys}


def hold_back(session: Session, statement: Any, group: Hashable, row: Mapping[str, Any]) -> None:
    """Insert the row later, with others of its kind, but before anything else is changed. Who reads that table calls
    `write_held_back` first; what was read under (statement, group) hears of the row by its `append`.
    """
    session.info[HELD_BACK].setdefault(statement, []).append(row)
    if known := session.info[SEEN].get((statement, group)):
        known.append(row)


def write_held_back(session: Session) -> None:
    """Before a savepoint too: its rollback must not take back what others left here."""
    waiting = session.info.get(HELD_BACK)
    if not waiting:
        return
    session.info[HELD_BACK] = {}
    for statement, rows in waiting.items():
        session.execute(statement, rows, execution_options={APART: True})


def _look_again(session: Session, *_: object) -> None:
    session.info[CHANGED] = True
    if seen := session.info.get(SEEN):
        seen.clear()


def before_writing(session: Session) -> None:
    """For whoever writes past the session; what it writes itself is noticed."""
    write_held_back(session)
    _look_again(session)


def _before_statement(asked: ORMExecuteState) -> None:
    if APART not in asked.execution_options and not asked.is_select:
        before_writing(asked.session)


event.listen(Session, "after_flush", _look_again)
event.listen(Session, "after_soft_rollback", _look_again)
event.listen(Session, "do_orm_execute", _before_statement)
event.listen(Session, "before_commit", write_held_back)
