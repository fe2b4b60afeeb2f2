"""A tally as figures, and the figures as lines to read."""

from collections import Counter
from typing import Any

from bot.evaluate.tally import Tally

WORST = 10  # misses and false openings printed, the most certain first


def ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def figures(tally: Tally) -> dict[str, Any]:
    """The tally as numbers to print; None where nothing was there to count."""
    return {**_found(tally), **_named(tally), **_joining(tally.played), **_lists(tally)}


def _found(tally: Tally) -> dict[str, Any]:
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
    }


def _named(tally: Tally) -> dict[str, Any]:
    return {
        "class_right": ratio(tally.class_best, tally.class_of),
        "class_right_or_alt": ratio(tally.class_right, tally.class_of),
        "place_exact": ratio(tally.place_exact, tally.places),
        "place_overlap": ratio(tally.place_overlap, tally.places),
        "urgent_recall": ratio(tally.urgent_hit, tally.urgent_hit + tally.urgent_missed),
        "urgent_precision": ratio(tally.urgent_hit, tally.urgent_hit + tally.urgent_wrong),
    }


def _joining(played: Counter[str]) -> dict[str, Any]:
    """What the whole bot made of conversations; empty where there were none."""
    if not played:
        return {}
    followups, nothing, issues = played["followup"], played["none"], played["issue"]
    return {
        "followups": followups,
        "followups_joined_right": ratio(played["followup right"], followups),
        "followups_joined_wrong": ratio(played["followup wrong"], followups),
        "followups_asked": ratio(played["followup asked"], followups),
        "followups_opened": ratio(played["followup opened"], followups),
        "none_joined": ratio(played["none joined"], nothing),
        "none_asked": ratio(played["none asked"], nothing),
        "none_opened": ratio(played["none opened"], nothing),
        "issues_opened": ratio(played["issue opened"], issues),
        "issues_asked": ratio(played["issue asked"], issues),
        "issues_joined": ratio(played["issue joined"], issues),
    }


def _lists(tally: Tally) -> dict[str, Any]:
    return {
        "confusion": {f"{a} -> {b}": n for (a, b), n in sorted(tally.confusion.items()) if a != b},
        "worst_missed": [text for _, text in sorted(tally.worst_missed)[:WORST]],
        "worst_opened": [text for _, text in sorted(tally.worst_opened)[:WORST]],
        "worst_urgent_missed": [text for _, text in sorted(tally.worst_urgent)[:WORST]],
    }


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
