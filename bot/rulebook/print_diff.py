"""The comparison of two sets of rules as people and as programs read it."""

from collections.abc import Iterator
from typing import Any

from bot.rulebook.diff import Change, Comparison, Flip
from bot.sentences import say
from models.messages import Verdict

LONGEST = 60  # characters of a line that are shown


def as_text(told: Comparison, language: str) -> str:
    """Three rows a line that flips, and one at the end that counts."""
    counts = {kind: count for kind, count in told.counts.items() if count}
    joint = say(language, "check_comma")
    parts = joint.join(say(language, f"rules_diff_{kind}", count=count) for kind, count in counts.items())
    key = "rules_diff_sum" if parts else "rules_diff_none"
    total = say(language, key, flips=len(told.flips), lines=told.lines, parts=parts)
    return "\n".join([*(row for flip in told.flips for row in _rows(flip, language)), total])


def _rows(flip: Flip, language: str) -> Iterator[str]:
    text = " ".join(flip.line.text.split())
    shown = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    yield say(language, "rules_diff_line", number=flip.line.number, text=shown)
    yield f"  {_verdict(flip.before, language)} → {_verdict(flip.after, language)}"
    if flip.because:
        yield "  " + say(language, "rules_diff_joint").join(_change(change, language) for change in flip.because)


def _verdict(verdict: Verdict, language: str) -> str:
    said = say(language, f"rules_decision_{verdict.decision}")
    if verdict.decision == "ignore":
        return f"{said} {verdict.score:.2f}"
    urgent = say(language, "replay_urgent") if verdict.urgent else ""
    place = verdict.place.text if verdict.place else ""
    return " ".join(filter(None, (said, f"{verdict.score:.2f}", verdict.category, urgent, place)))


def _change(change: Change, language: str) -> str:
    name = change.rule or say(language, "rules_diff_word")
    words = "+".join(change.words)
    before, after = (
        say(language, "rules_diff_silent") if w is None else f"{w:+.2f}" for w in (change.before, change.after)
    )
    return f"{name}({words}) {before}→{after}"


def as_data(told: Comparison) -> dict[str, Any]:
    return {"lines": told.lines, "changed": len(told.flips), **told.counts, "flips": [_flip(f) for f in told.flips]}


def _flip(flip: Flip) -> dict[str, Any]:
    return {
        "line": flip.line.number,
        "text": flip.line.text,
        "kinds": list(flip.kinds),
        "before": _data(flip.before),
        "after": _data(flip.after),
        "because": [
            {"rule": c.rule or None, "words": list(c.words), "before": c.before, "after": c.after} for c in flip.because
        ],
    }


def _data(verdict: Verdict) -> dict[str, Any]:
    return {
        "decision": verdict.decision,
        "score": verdict.score,
        "category": verdict.category,
        "urgent": verdict.urgent,
        "place": verdict.place.text if verdict.place else None,
    }
