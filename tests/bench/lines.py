"""Labelled lines as the fit wants them: text, label, where it comes from, and what the eye sees in it."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.reading.judge import Judge, Sight
from models.messages import CATEGORIES


@dataclass(frozen=True)
class Line:
    text: str
    issue: bool
    category: str | None
    kind: str
    group: str
    sight: Sight
    urgent: bool | None = None  # None: nobody said


def read(files: Iterable[Path], kind: str, judge: Judge) -> list[Line]:
    """Every usable line of the files; `kind` is one of chat, petition and chatter."""
    told = []
    for file in files:
        rows = enumerate(file.read_text(encoding="utf-8").splitlines())
        told += [as_line(json.loads(row), kind, f"{file.name}:{number}", judge) for number, row in rows]
    return [line for line in told if line]


OWN = dict(zip("安环建纠民堆治", CATEGORIES, strict=True))


def read_own(files: Iterable[Path], judge: Judge) -> list[Line]:
    """Our own made-up lines: the first letter of a class (or 无), perhaps !, a blank, the text."""
    rows = [line.split(" ", 1) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [read_own_line(mark, text, f"own:{n}", judge) for n, (mark, text) in enumerate(rows) if mark != "#"]


def read_own_line(mark: str, text: str, name: str, judge: Judge) -> Line:
    category = OWN.get(mark[0])
    return Line(text, category is not None, category, "own", name, judge.look(text), mark.endswith("!"))


def as_line(row: dict[str, Any], kind: str, name: str, judge: Judge) -> Line | None:
    label = row.get("label", "issue" if kind == "petition" else "none")
    if label == "followup":
        return None
    issue = label not in ("none", "not-issue")
    category = (row.get("category") or (label if label in CATEGORIES else None)) if issue else None
    kind = "none" if kind == "chat" and "label" not in row else "chatter" if kind == "petition" and not issue else kind
    urgent = bool(row["urgent"]) if "urgent" in row else False if kind == "none" else None
    return Line(row["text"], issue, category, kind, group_of(row, name), judge.look(row["text"]), urgent)


def group_of(row: dict[str, Any], name: str) -> str:
    """What is taught or held out together."""
    return str(row.get("conv") or row.get("id") or name)
