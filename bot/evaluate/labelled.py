"""What people say of a line, and of the conversation in which it stands."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from models.messages import CATEGORIES

NOTHING = ("none", "not-issue")


@dataclass(frozen=True)
class Labelled:
    """One line with what a person says of it. `classes` holds every class that counts as right, the best first."""

    text: str
    issue: bool
    classes: tuple[str, ...] = ()
    role: str | None = None
    place: str | None = None
    urgent: bool | None = None


@dataclass(frozen=True)
class Told:
    """A line of a conversation. `about`: the id of the line that raised its matter, for a follow-up."""

    id: str
    label: str
    about: str | None


def read_label(row: dict[str, Any]) -> Labelled | None:
    """None for a follow-up (whether it is new depends on what was said before) and for a row without a text."""
    label = row.get("label", "issue" if "orig_label" in row else "none")
    if not isinstance(row.get("text"), str) or label == "followup":
        return None
    issue = label not in NOTHING
    best = row.get("category") or (label if label in CATEGORIES else None)
    classes = (best, *row.get("alt", ())) if issue and best else ()
    urgent = bool(row["urgent"]) if "urgent" in row else None
    return Labelled(row["text"], issue, classes, _words(row.get("role")), _words(row.get("location")), urgent)


def _words(value: object) -> str | None:
    return value if isinstance(value, str) else None


def rows_of(lines: Iterable[str]) -> Iterator[dict[str, Any] | None]:
    """None for every line that is no JSON object."""
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        yield row if isinstance(row, dict) else None


def told_in(rows: Iterable[dict[str, Any] | None]) -> dict[str, Told]:
    """The labelled lines of conversations, by id; empty for a file of single lines."""
    talk = [row for row in rows if row and row.get("conv") and row.get("id") and row.get("label")]
    if not any(row["label"] == "followup" for row in talk):
        return {}
    return {str(row["id"]): Told(str(row["id"]), row["label"], row.get("ref")) for row in talk}
