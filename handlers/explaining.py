"""Why it became a ticket: /why."""

from collections.abc import Sequence
from typing import Any

from handlers.lookup import visible_ticket
from handlers.router import Router
from handlers.turn import Turn
from handlers.wording import category_word, listed, what
from models.tickets import Ticket

router = Router()

LEARNED = frozenset({"chat", "petition"})  # tables of learned words: many small weights, told as one
MOST_RULES, LONGEST_WORD = 5, 8


@router.command("why", "依据")
def why(turn: Turn) -> None:
    """The words and rules that decided, and what people decided since."""
    ticket = visible_ticket(turn, "example_why")
    turn.outcome.became("command", ticket)
    turn.say("why", number=ticket.number, reasons="".join(_reasons(turn, ticket)), **_named(turn, ticket))


def _named(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    named = what(turn, ticket, openly=not turn.chat.private)
    return {"what": named, "category": category_word(turn, ticket.category)}


def _reasons(turn: Turn, ticket: Ticket) -> list[str]:
    opened = ticket.history[0]
    if origin := next((e.data["from"] for e in ticket.history if e.kind == "split"), None):
        found = [turn.texts.line("why_split", origin=origin)]
    elif opened.data.get("by_hand"):
        found = [_by_hand(turn, opened.by.name if opened.by else "", opened.data)]
    else:
        found = _rules(turn, ticket.verdict) + _answer(turn, opened.data)
    return found + _reclassed(turn, ticket)


def _rules(turn: Turn, verdict: dict[str, Any]) -> list[str]:
    """The loudest rules first; what is left of the score is the way people put such things."""
    rules = [r for r in verdict.get("because", ()) if r["rule"] not in LEARNED]
    loud = sorted(rules, key=lambda r: -abs(r["weight"]))[:MOST_RULES]
    score = verdict.get("score", 0.0)
    habit = score - sum(r["weight"] for r in rules)
    lines = [_rule(turn, r) for r in loud]
    return [
        *lines,
        turn.texts.line("why_habit", weight=f"{habit:+.2f}"),
        turn.texts.line("why_score", score=f"{score:.2f}", version=verdict.get("rules_version", "")),
    ]


def _rule(turn: Turn, reason: dict[str, Any]) -> str:
    """A rule that adds nothing has only helped to find the class."""
    key = "why_rule" if round(reason["weight"], 2) else "why_class"
    words = listed(turn, telling(reason["words"]))
    return turn.texts.line(key, rule=reason["rule"], words=words, weight=f"{reason['weight']:+.2f}")


def telling(words: Sequence[str]) -> list[str]:
    """Each word once: not what a longer one holds, and no piece of the line as long as a sentence."""
    short = [word for word in words if len(word) <= LONGEST_WORD] or [words[0][:LONGEST_WORD]] if words else []
    return [word for word in dict.fromkeys(short) if not any(word != other and word in other for other in short)]


def _by_hand(turn: Turn, who: str, data: dict[str, Any]) -> str:
    """Who registered it, and what the rules by themselves would have done."""
    judged = data.get("judged")
    alone = turn.texts.line(f"why_alone_{judged}", score=f"{data.get('score', 0.0):.2f}") if judged else ""
    return turn.texts.line("why_by_hand", who=who, alone=alone)


def _answer(turn: Turn, data: dict[str, Any]) -> list[str]:
    """A likely line was asked about first."""
    return [turn.texts.line(f"why_asked_{data['asked']}")] if data.get("asked") else []


def _reclassed(turn: Turn, ticket: Ticket) -> list[str]:
    """What a person decided on the class, with what the rules had said."""
    changes = [e for e in ticket.history if e.kind == "class"]
    if not changes:
        return []
    who = changes[-1].by.name if changes[-1].by else ""
    return [turn.texts.line("why_reclassed", who=who, before=category_word(turn, changes[0].data["before"]))]
