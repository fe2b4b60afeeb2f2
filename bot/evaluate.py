"""`gridbot evaluate`: how well labelled lines are understood: issues, classes, places, urgency, worst misses."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.classify import speaker_of
from bot.reading.judge import Judge
from models.messages import CATEGORIES, Verdict

WORST = 10  # misses and false openings printed, the most certain first


@dataclass(frozen=True)
class Labelled:
    """One line with what a person says of it. `classes` holds every class that counts as right, the best first."""

    text: str
    issue: bool
    classes: tuple[str, ...] = ()
    role: str | None = None
    place: str | None = None
    urgent: bool | None = None


@dataclass
class Tally:
    """What was counted over one or several files."""

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
    worst_missed: list[tuple[float, str]] = field(default_factory=list)
    worst_opened: list[tuple[float, str]] = field(default_factory=list)


def read_label(row: dict[str, Any]) -> Labelled | None:
    """None for a follow-up (whether it is new depends on what was said before) and for a row without a text."""
    label = row.get("label", "issue" if "orig_label" in row else "none")
    if not isinstance(row.get("text"), str) or label == "followup":
        return None
    issue = label not in ("none", "not-issue")
    best = row.get("category") or (label if label in CATEGORIES else None)
    classes = (best, *row.get("alt", ())) if issue and best else ()
    urgent = bool(row["urgent"]) if "urgent" in row else None
    return Labelled(row["text"], issue, classes, row.get("role"), row.get("location"), urgent)


def count(tally: Tally, line: Labelled, verdict: Verdict) -> None:
    """Add one line to the tally."""
    tally.lines += 1
    if line.issue:
        _count_issue(tally, line, verdict)
    else:
        _count_none(tally, line, verdict)
    if line.urgent is not None and (line.issue or verdict.decision == "open"):
        told = verdict.urgent and verdict.decision == "open"
        tally.urgent_hit += told and line.urgent
        tally.urgent_missed += line.urgent and not told
        tally.urgent_wrong += told and not line.urgent


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


def ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def figures(tally: Tally) -> dict[str, Any]:
    """The tally as numbers to print; None where nothing was there to count."""
    issues, nones = tally.hit + tally.asked + tally.missed, tally.wrong + tally.asked_wrong + tally.quiet
    return {
        "lines": tally.lines,
        "skipped": tally.skipped,
        "precision": ratio(tally.hit, tally.hit + tally.wrong),
        "recall": ratio(tally.hit, issues),
        "f1": ratio(2 * tally.hit, tally.hit + tally.wrong + issues),
        "recall_opened_or_asked": ratio(tally.hit + tally.asked, issues),
        "opened_of_none": ratio(tally.wrong, nones),
        "asked_of_none": ratio(tally.asked_wrong, nones),
        "class_right": ratio(tally.class_best, tally.class_of),
        "class_right_or_alt": ratio(tally.class_right, tally.class_of),
        "place_exact": ratio(tally.place_exact, tally.places),
        "place_overlap": ratio(tally.place_overlap, tally.places),
        "urgent_recall": ratio(tally.urgent_hit, tally.urgent_hit + tally.urgent_missed),
        "urgent_precision": ratio(tally.urgent_hit, tally.urgent_hit + tally.urgent_wrong),
        "confusion": {f"{a} -> {b}": n for (a, b), n in sorted(tally.confusion.items()) if a != b},
        "worst_missed": [text for _, text in sorted(tally.worst_missed)[:WORST]],
        "worst_opened": [text for _, text in sorted(tally.worst_opened)[:WORST]],
    }


def labelled_rows(lines: Iterable[str]) -> Iterator[Labelled | None]:
    """None for every line that cannot be used."""
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        yield read_label(row) if isinstance(row, dict) else None


def evaluate(lines: Iterable[str], judge: Judge) -> Tally:
    tally = Tally()
    for line in labelled_rows(lines):
        if line is None:
            tally.skipped += 1
        else:
            count(tally, line, judge.read(line.text, speaker_of(line.role)))
    return tally


def main_evaluate(files: Sequence[Path], as_json: bool, judge: Judge, say: Callable[[str], object] = print) -> int:
    """Print the figures of each file; 0 when every file could be read, else 2."""
    results: dict[str, Any] = {}
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as fault:
            say(f"{file}: {fault}")
            return 2
        results[file.name] = figures(evaluate(lines, judge))
    say(
        json.dumps(results, ensure_ascii=False, indent=2)
        if as_json
        else "\n\n".join(readable(name, told) for name, told in results.items())
    )
    return 0


def readable(name: str, told: dict[str, Any]) -> str:
    """One file's figures, a line each; the lists indented below."""
    lines = [name]
    for key, value in told.items():
        if isinstance(value, dict | list):
            items = [f"{k}: {v}" for k, v in value.items()] if isinstance(value, dict) else value
            lines += [f"  {key}:"] + [f"    {item}".replace("\n", " ") for item in items] if items else []
        elif value is not None:
            lines.append(f"  {key}: {value:g}")
    return "\n".join(lines)
