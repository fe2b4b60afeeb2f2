"""Questions about what is known: /status /my /todo /who /why /id /help."""

from datetime import timedelta
from typing import Any

from handlers.limits import light
from handlers.rights import ABOVE, RESPONSIBLE, is_member, may, may_run
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name, category_word, clip, listed, role_word, what, when, when_full
from models.matters import open_tickets, tickets_of
from models.messages import Incoming
from models.people import ON_DUTY, holders
from models.tickets import Ticket
from models.units import Unit, subtree

router = Router()

MOST_LINES = 15
RECENT = timedelta(days=30)


@router.command("status", "进度")
def status(turn: Turn) -> None:
    """How far a matter is; without a number, one's own."""
    if turn.command and turn.command.number is None and not turn.replied():
        my(turn)
        return
    ticket = visible(turn, "example_status")
    turn.outcome.became("command", ticket)
    turn.say("status_private" if ticket.private else "status", **_status_values(turn, ticket))


@router.command("why", "依据")
def why(turn: Turn) -> None:
    """The words and rules that decided."""
    ticket = visible(turn, "example_why")
    turn.outcome.became("command", ticket)
    opened = ticket.history[0]
    named = what(turn, ticket, openly=not turn.chat.private)
    values: dict[str, Any] = {"number": ticket.number, "what": named}
    values["category"] = category_word(turn, ticket.category)
    if opened.data.get("by_hand"):
        turn.say("why_by_hand", who=opened.by.name if opened.by else "", **values)
        return
    because = listed(turn, [_reason(turn, r) for r in ticket.verdict.get("because", ())])
    score = f"{ticket.verdict.get('score', 0):.2f}"
    turn.say("why", because=because, score=score, version=ticket.verdict.get("rules_version", ""), **values)


@router.command("my", "我的")
def my(turn: Turn) -> None:
    """What the sender reported or follows."""
    tickets = tickets_of(turn.session, turn.known, since=turn.now - RECENT) if turn.known else []
    if not turn.chat.private:
        tickets = [t for t in tickets if may("see", turn.known, turn.chat, t)]
    turn.outcome.became("command")
    if not tickets:
        turn.say("my_none")
        return
    shown = [*(t for t in tickets if t.is_open), *(t for t in reversed(tickets) if not t.is_open)][:MOST_LINES]
    lines = [turn.texts.line("my_head"), *(_my_line(turn, t) for t in shown)]
    turn.answer(turn.texts.segments("plain", text="".join(lines)))


@router.command("todo", "待办")
def todo(turn: Turn) -> None:
    """What is open, for those who answer for it: this group's grid, or in private all of one's grids."""
    units = _own_units(turn)
    if not units:
        raise Refusal("staff_only")
    tickets = open_tickets(turn.session, units)
    hidden = [t for t in tickets if t.private and not turn.chat.private]
    shown = [t for t in tickets if t not in hidden]
    turn.outcome.became("command")
    if not tickets:
        turn.say("todo_none")
        return
    turn.answer(turn.texts.segments("plain", text=_todo_text(turn, shown, len(hidden))))


@router.command("who", "谁负责")
def who(turn: Turn) -> None:
    """Who is responsible here, and who is above. Names only: a question calls nobody."""
    units = [turn.chat.unit] if turn.chat.unit else [p.unit for p in (turn.known.held() if turn.known else [])]
    turn.outcome.became("command")
    if not units:
        raise Refusal("which_group" if turn.chat.private else "unbound")
    turn.answer(turn.texts.segments("plain", text="\n\n".join(_who_text(turn, u) for u in dict.fromkeys(units))))


@router.command("id", "看编号")
def ids(turn: Turn) -> None:
    """The channel's own numbers, for config.toml."""
    key = "id_private" if turn.chat.private else "id_group"
    says = turn.texts.line(key, chat=turn.event.chat_id, person=turn.event.sender.id or "?")
    quoted = turn.event.reply_to if isinstance(turn.event, Incoming) else None
    if quoted is not None and quoted.sender is not None:
        says += turn.texts.line("id_replied", other=quoted.sender.id or "?")
    turn.outcome.became("command")
    turn.answer(turn.texts.segments("plain", text=says))


@router.command("help", "帮助")
def help_(turn: Turn) -> None:
    """As much as concerns the asker."""
    lines = turn.policy.hotlines.model_dump()
    text = turn.texts.line("help_resident", **lines)
    units = [p.unit for p in (turn.known.held() if turn.known else [])]
    if any(is_member(turn.known, u) for u in units):
        text += turn.texts.line("help_member")
    if any(may_run(turn.known, u) for u in units):
        text += turn.texts.line("help_staff")
    turn.outcome.became("command")
    turn.answer(turn.texts.segments("plain", text=text))


def visible(turn: Turn, example: str) -> Ticket:
    """A ticket that may be looked at here; a private one in a group reads like a missing number."""
    ticket = turn.ticket("see", example)
    if ticket.private and not (turn.chat.private and may("see_private", turn.known, turn.chat, ticket)):
        raise turn.missing(ticket.number)
    return ticket


def _status_values(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    note = turn.texts.line("status_note", note=clip(ticket.note)) if ticket.note and not ticket.is_open else ""
    more = turn.texts.line("status_households", count=ticket.households) if ticket.households > 1 else ""
    due = turn.texts.line("status_due", due=when_full(turn, ticket.due_at)) if ticket.is_open else ""
    assignee = assignee_name(turn, ticket)
    return {
        "number": ticket.number,
        "what": what(turn, ticket, openly=not turn.chat.private),
        "category": category_word(turn, ticket.category),
        "state": turn.texts.word("states", ticket.state),
        "assignee": assignee,
        "due": due,
        "more": more + note,
    }


def _my_line(turn: Turn, ticket: Ticket) -> str:
    named = what(turn, ticket, openly=not turn.chat.private)
    state = turn.texts.word("states", ticket.state)
    return turn.texts.line("my_line", number=ticket.number, what=named, state=state)


def _own_units(turn: Turn) -> list[int]:
    held = [p for p in (turn.known.held() if turn.known else []) if p.role in RESPONSIBLE | ABOVE]
    own = {i for p in held for i in subtree(turn.session, p.unit)}
    if turn.chat.private:
        return sorted(own)
    here = subtree(turn.session, turn.chat.unit) if turn.chat.unit else []
    return sorted(own.intersection(here if turn.chat.kind == "staff" else here[:1]))


def _todo_text(turn: Turn, shown: list[Ticket], hidden: int) -> str:
    line = turn.texts.line
    lines = [line("todo_head", count=len(shown) + hidden)]
    for t in shown[:MOST_LINES]:
        named = what(turn, t, openly=not turn.chat.private)
        sign = turn.texts.word("lights", light(turn, t))
        lines.append(line("todo_line", light=sign, number=t.number, what=named, due=when(turn, t.due_at)))
    if len(shown) > MOST_LINES:
        lines.append(line("todo_more", count=len(shown) - MOST_LINES))
    if hidden:
        lines.append(line("todo_private", count=hidden))
    return "".join(lines)


def _who_text(turn: Turn, unit: Unit) -> str:
    line = turn.texts.line
    lines = [line("who_head", unit=unit.name)]
    own = holders(turn.session, unit, *ON_DUTY, "building_contact")
    staff = turn.chat.kind == "staff" or (turn.chat.private and is_member(turn.known, unit))
    for p in own:
        phone = f" {p.person.phone}" if p.person.phone and staff else ""  # residents call their member by @ or here
        lines.append(line("who_line", role=role_word(turn, p.role), name=p.person.name, phone=phone))
    if not any(p.role == "grid_member" for p in own):
        lines.append(line("who_none"))
    for above in unit.above():
        for p in holders(turn.session, above, "cadre", "supervisor"):
            lines.append(line("who_above", unit=above.name, role=role_word(turn, p.role), name=p.person.name))
    return "".join(lines)


def _reason(turn: Turn, reason: dict[str, object]) -> str:
    words = reason.get("words")
    assert isinstance(words, list | tuple)
    return turn.texts.line("why_line", rule=reason["rule"], words=listed(turn, [str(w) for w in words]))
