"""A member decides that something is no ticket (不立单), or of another class (改类)."""

from typing import Any

from handlers.cards import refresh_card, tell_group
from handlers.desk import Envelope
from handlers.followers import tell_followers, tell_other_groups
from handlers.granting.asking import ask_above
from handlers.granting.levels import stands_above
from handlers.resolve import refuse_unless_open
from handlers.router import Router
from handlers.summon import tell_reporter
from handlers.turn import Refusal, Turn
from handlers.wording import category_word, clip, listed, mention
from models.messages import CATEGORIES, PRIVATE_CATEGORY, Press
from models.posts import Button
from models.tickets import Ticket

router = Router()


@router.command("void", "不立单")
def void(turn: Turn) -> None:
    """不立单, with a reason; the reporter is told and may insist. Overdue or reopened: the level above decides."""
    ticket = turn.ticket("void", "example_void")
    refuse_unless_open(turn, ticket)
    reason = turn.reason(ticket, "example_void")
    if _is_own_delay(turn, ticket):
        ask_above(turn, ticket, "void", reason)
        return
    void_as_asked(turn, ticket, reason)
    turn.outcome.became("command", ticket)


@router.press("void")
def void_by_button(turn: Turn) -> None:
    """［不立单］ asks why; its answer comes as void:12:dup."""
    assert isinstance(turn.event, Press)
    ticket = turn.ticket("void")
    refuse_unless_open(turn, ticket)
    reasons = _reasons(turn)
    code = turn.args
    if code in reasons and _is_own_delay(turn, ticket):
        ask_above(turn, ticket, "void", reasons[code])
        return
    if code in reasons:
        set_aside(turn, ticket, reasons[code], code)
        return
    rows = tuple((Button(words, f"void:{ticket.number}:{c}"),) for c, words in reasons.items())
    how = Envelope(kind="ping", ticket_id=ticket.id, buttons=rows, thread_id=turn.event.thread_id)
    turn.answer(turn.texts.segments("void_why", number=ticket.number), how)


@router.command("class", "改类")
def reclass(turn: Turn) -> None:
    """Another of the seven classes (R16). What was private stays private; what becomes a dispute leaves the group."""
    ticket = turn.ticket("class", "example_class")
    refuse_unless_open(turn, ticket)
    category = _category(turn, turn.args)
    ticket.record("class", by=turn.sender, at=turn.now, before=ticket.category, after=category)
    ticket.category = category
    ticket.private = ticket.private or category == PRIVATE_CATEGORY
    refresh_card(turn, ticket)
    turn.outcome.became("command", ticket)
    hidden = ticket.private and not turn.chat.private
    key = "reclassed_private" if hidden else "reclassed"
    turn.say(key, number=ticket.number, category=category_word(turn, category))


def set_aside(turn: Turn, ticket: Ticket, reason: str, why: str) -> None:
    """`why`: a key of the void reasons, or other; who corrects the rules must know a misreading from a duplicate."""
    ticket.move("void", by=turn.sender, at=turn.now, note=reason, why=why)
    ticket.next_at = None
    refresh_card(turn, ticket)
    insist = Button(turn.texts.line("button_register"), f"register:{ticket.number}")
    how = Envelope(ticket_id=ticket.id, buttons=((insist,),), thread_id=ticket.thread_id, silent=turn.is_quiet())
    values = {"number": ticket.number, "reason": clip(reason), "member": turn.sender.name}
    key = "void_private" if ticket.private else "void"
    reporter = mention(ticket.reporter, ticket.chat.channel, turn.texts.line("nameless"))
    if not ticket.chat.private:
        tell_group(turn, ticket, turn.texts.segments(key, reporter=reporter, **values), how)
    if ticket.private:
        tell_reporter(turn, ticket, "void_to_reporter", how, **values)
    told: dict[str, Any] = {"reason": clip(reason), "member": turn.sender.name}
    tell_followers(turn, ticket, "void", turn.sender, **told)
    tell_other_groups(turn, ticket, "void_elsewhere", **told)
    turn.assure(ticket, "void_done", number=ticket.number)


def void_as_asked(turn: Turn, ticket: Ticket, reason: str) -> None:
    """The same, for a reason in somebody's own words."""
    set_aside(turn, ticket, reason, _kind_of(turn, reason))


def _is_own_delay(turn: Turn, ticket: Ticket) -> bool:
    """Nobody clears their own delay away: what is overdue or reopened is for whoever stands above those it was with."""
    hard = ticket.overdue(turn.now) or ticket.reopened > 0
    return hard and not stands_above(turn, ticket, "void", turn.sender)


def _kind_of(turn: Turn, reason: str) -> str:
    """The kind of a reason in somebody's own words."""
    words = {code: [given, *turn.texts.word("void_words", code).split()] for code, given in _reasons(turn).items()}
    return next((code for code, known in words.items() if any(word in reason for word in known)), "other")


def _reasons(turn: Turn) -> dict[str, str]:
    return turn.texts.table("void_reasons")


def _category(turn: Turn, written: str) -> str:
    """The class meant by its name in either language, or by its beginning."""
    wanted = written.strip()
    names = {name: c for c in CATEGORIES for name in (c, category_word(turn, c).lower())}
    found = {c for name, c in names.items() if wanted and name.startswith(wanted.lower())}
    if len(found) != 1:
        raise Refusal("class_unknown", known=listed(turn, [category_word(turn, c) for c in CATEGORIES]))
    return found.pop()
