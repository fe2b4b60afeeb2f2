"""The figures of a span, counted once more and another way: ticket by ticket, from its rows alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from models.figures import Figures, figures
from models.integrity.finding import Finding, found
from models.integrity.histories import NEVER, History, Row
from models.states import OPEN_STATES, SETTLED_STATES
from models.units import Unit

Span = tuple[datetime, datetime]
"""(start, end], as the week's summary counts"""

NAMES = (
    *("carried", "received", "settled", "in_hand", "void", "merged", "final", "reopened", "rework", "returned"),
    *("confirmed", "silent_answers", "waiting", "fell_silent", "overdue", "settled_of_received"),
)
BACK = ("reopen", "part")


@dataclass
class Recount:
    """What was counted so far, by unit and span."""

    spans: tuple[Span, ...]
    counts: Counter[tuple[int, int, str]] = field(default_factory=Counter)

    def add(self, history: History) -> None:
        newest = max((row.at for row in history.rows), default=NEVER)
        over = not history.rows or history.rows[-1].state not in OPEN_STATES
        for place, (start, end) in enumerate(self.spans):
            if not (over and newest <= start) and any(row.at <= end for row in history.rows):
                for name in _counted(history.rows, start, end):
                    self.counts[history.unit_id, place, name] += 1

    def differences(self, session: Session) -> Iterator[Finding]:
        """Where the figures that the groups read say something else."""
        for unit_id in sorted({unit_id for unit_id, _, _ in self.counts}):
            for place, (start, end) in enumerate(self.spans):
                counted = figures(session, [unit_id], start, end)
                unit = session.get(Unit, unit_id)
                where = {"unit": unit.name if unit else unit_id, "start": start, "end": end}
                for name in NAMES:
                    pair = getattr(counted, name), self.counts[unit_id, place, name]
                    if pair[0] != pair[1]:
                        yield found("figure_differs", figure=name, counted=pair[0], recounted=pair[1], **where)
                if not balanced(counted):
                    yield found("unbalanced", **where)
                session.expunge_all()  # a unit's tickets at a time are enough


def balanced(counted: Figures) -> bool:
    gone = counted.settled + counted.void + counted.merged + counted.final
    return counted.carried + counted.received == gone + counted.in_hand


def _counted(rows: list[Row], start: datetime, end: datetime) -> Iterable[str]:
    """The names of the figures in which this ticket counts."""
    before = [row for row in rows if row.at <= start]
    within = [row for row in rows if start < row.at <= end]
    kinds = [row.kind for row in within]
    if "silence" in kinds:
        yield "fell_silent"
    opened, back = "opened" in kinds, not set(BACK).isdisjoint(kinds)
    if not (opened or back or (before and before[-1].state in OPEN_STATES)):
        return
    yield "received" if opened else "carried"
    yield from _where_it_ended((within or before)[-1].state, kinds, received=opened)
    yield from (name for name, there in _what_happened(within) if there)
    late = [row.kind for row in (*before, *within) if row.kind in ("overdue", *BACK)][-1:]
    if late == ["overdue"] and (within or before)[-1].state in OPEN_STATES:
        yield "overdue"


def _where_it_ended(state: str, kinds: list[str], *, received: bool) -> Iterable[str]:
    if state in OPEN_STATES:
        yield "in_hand"
    elif state in SETTLED_STATES or _fell_silent(state, kinds):
        yield "settled"
        yield {"settled": "waiting", "confirmed": "confirmed"}.get(state, "silent_answers")
        if received:
            yield "settled_of_received"
    else:
        yield "void" if state == "silent" else state


def _fell_silent(state: str, kinds: list[str]) -> bool:
    """Did it end without an answer to 办结, and not because its reporter was forgotten?"""
    return state == "silent" and [kind for kind in kinds if kind in ("silence", "lapse")][-1:] == ["silence"]


def _what_happened(within: list[Row]) -> Iterable[tuple[str, bool]]:
    yield "reopened", any(row.kind == "reopen" for row in within)
    yield "rework", any(row.kind == "reopen" and bool(row.data.get("rework")) for row in within)
    yield "returned", any(row.kind == "return" for row in within)
