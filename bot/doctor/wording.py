"""A finding as the operator reads it: what is wrong, and what to do about it."""

from datetime import datetime

from bot.sentences import say
from handlers.policy import Policy
from models.integrity.finding import Finding

CURES = {
    "damaged": "restore",
    "unreadable": "compare",
    "no_history": "compare",
    "row_altered": "compare",
    "row_missing": "compare",
    "row_slipped_in": "compare",
    "row_appended": "compare",
    "row_unlinked": "compare",
    "rewritten": "compare",
    "move_unlawful": "compare",
    "state_differs": "compare",
    "merged_nowhere": "compare",
    "merged_still": "compare",
    "figure_differs": "report",
    "unbalanced": "report",
    "orphan": "compare",
    "number_twice": "compare",
    "numbers_missing": "compare",
    "counter_differs": "compare",
    "asleep": "take_up",
    "left_lying": "look_after",
    "hangs": "report",
    "unsent": "look_after",
    "folded_nowhere": "report",
    "lane_ahead": "clocks",
}
"""kind -> the cure that several of them share"""


def line(policy: Policy, finding: Finding) -> str:
    """One line: the fault, then the cure."""
    language = policy.language
    values = {name: _shown(policy, value) for name, value in finding.values.items()}
    fault = say(language, f"doctor_{finding.kind}", **values)
    return fault + ("" if fault.endswith("。") else " ") + cure(policy, finding)


def cure(policy: Policy, finding: Finding) -> str:
    return say(policy.language, f"doctor_cure_{CURES[finding.kind]}")


def row(policy: Policy, finding: Finding) -> dict[str, object]:
    """The same for programs."""
    values = {name: v.isoformat() if isinstance(v, datetime) else v for name, v in finding.values.items()}
    return {"kind": finding.kind, **values, "says": line(policy, finding)}


def _shown(policy: Policy, value: object) -> object:
    return f"{policy.local(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
