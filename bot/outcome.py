"""What became of what came in, for those who hand it over: the replay, the page, the figures."""

from dataclasses import dataclass

from handlers.turn import Turn


@dataclass(frozen=True)
class Outcome:
    """What became of one event. `kind`: opened, joined, ignored, command, asked, which, refused, failed, seen,
    aside (put aside until there is time for it)."""

    kind: str
    tickets: tuple[int, ...] = ()
    category: str | None = None
    urgent: bool = False
    place: str | None = None


def outcome_of(turn: Turn) -> Outcome:
    """What the handlers made of it."""
    tickets = turn.outcome.tickets
    if tickets:
        first = tickets[0]
        numbers = tuple(t.number for t in tickets)
        return Outcome(turn.outcome.kind, numbers, first.category, first.urgent, first.place or None)
    if turn.outcome.kind in ("asked", "which"):
        verdict = turn.verdict
        place = verdict.place.text if verdict.place else None
        return Outcome(turn.outcome.kind, (), verdict.category, verdict.urgent, place)
    return Outcome(turn.outcome.kind)
