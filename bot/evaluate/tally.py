"""Counts what became of labelled lines, one by one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from bot.evaluate.labelled import Labelled
from models.messages import Verdict


@dataclass
class Tally:
    """What was counted over one or several files. `played` counts what the whole bot made of conversations."""

    lines: int = 0
    skipped: int = 0
    hit: int = 0
    asked: int = 0
    missed: int = 0
    wrong: int = 0
    asked_wrong: int = 0
    quiet: int = 0
    class_best: int = 0
    class_right: int = 0
    class_of: int = 0
    places: int = 0
    place_exact: int = 0
    place_overlap: int = 0
    urgent_hit: int = 0
    urgent_missed: int = 0
    urgent_wrong: int = 0
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    played: Counter[str] = field(default_factory=Counter)
    worst_missed: list[tuple[float, str]] = field(default_factory=list)
    worst_opened: list[tuple[float, str]] = field(default_factory=list)
    worst_urgent: list[tuple[float, str]] = field(default_factory=list)


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    told = Tally()
    for tally in tallies:
        for part in fields(Tally):
            setattr(told, part.name, getattr(told, part.name) + getattr(tally, part.name))
    return told


def count(tally: Tally, line: Labelled, verdict: Verdict) -> None:
    """Add one line to the tally."""
    tally.lines += 1
    if line.issue:
        _count_issue(tally, line, verdict)
    else:
        _count_none(tally, line, verdict)
    if line.urgent is not None and (line.issue or verdict.decision == "open"):
        _count_urgent(tally, line, verdict.urgent and verdict.decision == "open", verdict.score)


def _count_urgent(tally: Tally, line: Labelled, told: bool, score: float) -> None:
    tally.urgent_hit += told and bool(line.urgent)
    tally.urgent_missed += bool(line.urgent) and not told
    tally.urgent_wrong += told and not line.urgent
    if line.urgent and not told:
        tally.worst_urgent.append((score, line.text))


def _count_issue(tally: Tally, line: Labelled, verdict: Verdict) -> None:
    tally.hit += verdict.decision == "open"
    tally.asked += verdict.decision == "ask"
    tally.missed += verdict.decision == "ignore"
    if verdict.decision == "ignore":
        tally.worst_missed.append((verdict.score, line.text))
    if verdict.decision == "open" and line.classes and verdict.category:
        tally.class_of += 1
        tally.class_best += verdict.category == line.classes[0]
        tally.class_right += verdict.category in line.classes
        tally.confusion[line.classes[0], verdict.category] += 1
    if line.place:
        _count_place(tally, line.text, line.place, verdict.place.text if verdict.place else "")


def _count_none(tally: Tally, line: Labelled, verdict: Verdict) -> None:
    tally.wrong += verdict.decision == "open"
    tally.asked_wrong += verdict.decision == "ask"
    tally.quiet += verdict.decision == "ignore"
    if verdict.decision == "open":
        tally.worst_opened.append((-verdict.score, line.text))


def _count_place(tally: Tally, text: str, wanted: str, told: str) -> None:
    tally.places += 1
    tally.place_exact += told == wanted
    start, begin = text.find(wanted), text.find(told)
    tally.place_overlap += bool(told) and begin < start + len(wanted) and start < begin + len(told)
