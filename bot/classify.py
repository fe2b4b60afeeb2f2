"""`gridbot classify`: lines of text in, one verdict a line out, in the same order."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.reading.judge import Judge
from bot.reading.privacy import mask
from models.messages import Reason, Speaker, Verdict

MEMBERS = frozenset({"grid", "member", "grid_member", "deputy", "building_contact"})
STAFF = frozenset({"staff", "property", "cadre", "supervisor", "department"})


def speaker_of(role: str | None) -> Speaker:
    """The roles of recorded chats: grid is the member, property and cadre are staff, anyone else a resident."""
    if role in MEMBERS:
        return Speaker(role="member")
    return Speaker(role="staff") if role in STAFF else Speaker()


def classify_lines(lines: Iterable[str], judge: Judge, landmarks: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """One object a line; blank lines are passed over. A line that is no JSON object is itself the text."""
    for line in lines:
        if line.strip():
            text, role = read_line(line.rstrip("\r\n"))
            text = mask(text)  # what is printed is read by more people than the line was meant for
            yield as_row(text, judge.read(text, speaker_of(role), landmarks=landmarks))


def read_line(line: str) -> tuple[str, str | None]:
    """(text, role) of {"text": …, "role": …}, or the bare line."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return line, None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return line, None
    role = row.get("role")
    return row["text"], role if isinstance(role, str) else None


def as_row(text: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "text": text,
        "is_issue": verdict.decision == "open",
        "decision": verdict.decision,
        "category": verdict.category if verdict.decision != "ignore" else None,
        "urgent": verdict.urgent,
        "place": verdict.place.text if verdict.place else None,
        "score": verdict.score,
        "because": [readable(reason) for reason in verdict.because],
    }


def readable(reason: Reason) -> str:
    """pipe-leak: 水管 + 漏 (+0.40)"""
    return f"{reason.rule}: {' + '.join(reason.words)} ({reason.weight:+.2f})"
