"""Why it became a ticket: /why."""

from typing import Any

from handlers.lookup import visible_ticket
from handlers.router import Router
from handlers.turn import Turn
from handlers.wording import category_word, listed, what

router = Router()


@router.command("why", "依据")
def why(turn: Turn) -> None:
    """The words and rules that decided."""
    ticket = visible_ticket(turn, "example_why")
    turn.outcome.became("command", ticket)
    opened = ticket.history[0]
    named = what(turn, ticket, openly=not turn.chat.private)
    values: dict[str, Any] = {"number": ticket.number, "what": named}
    values["category"] = category_word(turn, ticket.category)
    if origin := next((e.data["from"] for e in ticket.history if e.kind == "split"), None):
        turn.say("why_split", origin=origin, **values)
        return
    if opened.data.get("by_hand"):
        turn.say("why_by_hand", who=opened.by.name if opened.by else "", **values)
        return
    because = listed(turn, [_reason(turn, r) for r in ticket.verdict.get("because", ())])
    score = f"{ticket.verdict.get('score', 0):.2f}"
    turn.say("why", because=because, score=score, version=ticket.verdict.get("rules_version", ""), **values)


def _reason(turn: Turn, reason: dict[str, object]) -> str:
    words = reason.get("words")
    assert isinstance(words, list | tuple)
    return turn.texts.line("why_line", rule=reason["rule"], words=listed(turn, [str(w) for w in words]))
