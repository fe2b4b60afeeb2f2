"""The resident says that it is good (确认), or a closed matter is taken up again (重办)."""

from handlers.cards import refresh_card, tell_group
from handlers.closing.ending import end, forget_guess, unit_in_hand
from handlers.closing.line import answer_buttons, rewrite_line
from handlers.closing.rework import call_again, called_above, hand_up_twice_bad
from handlers.desk import Envelope
from handlers.followers import tell_followers, tell_other_groups
from handlers.limits.clock import start_clock
from handlers.resolve import refuse_final, refuse_merged
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_mention, clip, when, when_full
from models.tickets import Ticket

router = Router()


@router.command("reopen", "重办")
def reopen_by_hand(turn: Turn) -> None:
    """Take a closed matter up again: the reporter or the responsible people, with a reason."""
    ticket = turn.ticket("reopen", "example_reopen")
    refuse_unless_closed(turn, ticket)
    reopen(turn, ticket, turn.reason(ticket, "example_reopen"))
    turn.outcome.became("command", ticket)


@router.press("register")
def register_after_all(turn: Turn) -> None:
    """［仍要登记］ under a 不立单: the reporter insists."""
    ticket = turn.ticket("confirm")
    if ticket.state != "void":
        raise Refusal("stale_button")
    reopen(turn, ticket, turn.texts.line("still_register"))


def confirm(turn: Turn, ticket: Ticket) -> None:
    """好了. What is still open is closed by it first: the reporter may close their own."""
    refuse_final(ticket)
    if ticket.state == "confirmed":
        raise Refusal("already_settled_plain", number=ticket.number, at=when(turn, ticket.settled_at or turn.now))
    if ticket.is_open:
        end(turn, ticket, "", unit_in_hand(ticket))
        _say_settled_by_reporter(turn, ticket)
        tell_followers(turn, ticket, "settled_by_reporter", turn.sender, answer_buttons(turn, ticket))
        tell_other_groups(turn, ticket, "settled_by_reporter_elsewhere")
    if not ticket.may("confirm"):
        raise Refusal("stale_button")
    ticket.move("confirm", by=turn.sender, at=turn.now)
    ticket.next_at = None
    rewrite_line(turn, ticket, "settled_confirmed")
    refresh_card(turn, ticket)


def reopen(turn: Turn, ticket: Ticket, reason: str, *, rework: bool = False, why: str = "") -> None:
    """The same number, a new promise; the responsible person is called again and the group reads one line.

    `rework` (返工): residents say that the work was not good; the second time it goes to the level above. `why`: what
    they say of it, for whoever has it now alone.
    """
    rewrite_line(turn, ticket, "settled_again")
    forget_guess(ticket)
    ticket.move("reopen", by=turn.sender, at=turn.now, note=reason, rework=rework)
    ticket.reopened, ticket.rework, ticket.late = ticket.reopened + 1, ticket.rework + rework, False
    ticket.settled_at, ticket.settled_unit, ticket.note, ticket.note_asked = None, None, "", False
    above = hand_up_twice_bad(turn, ticket) if rework else None
    start_clock(turn, ticket)
    refresh_card(turn, ticket)
    _say_reopened(turn, ticket, reason, called_above(turn, above) if above else "")
    call_again(turn, ticket, why)
    tell_followers(turn, ticket, "reopened", turn.sender, due=when_full(turn, ticket.due_at))
    turn.assure(ticket, "taken_up_again", number=ticket.number)


def refuse_unless_closed(turn: Turn, ticket: Ticket) -> None:
    if ticket.is_open:
        raise Refusal("already_open", number=ticket.number)
    refuse_merged(ticket)
    refuse_final(ticket)
    if ticket.lapsed or not ticket.may("reopen"):  # its reporter asked to be forgotten
        raise Refusal("already_settled_plain", number=ticket.number, at=when(turn, ticket.history[-1].at))


def _say_reopened(turn: Turn, ticket: Ticket, reason: str, above: str) -> None:
    how = Envelope(
        kind="ping", ticket_id=ticket.id, thread_id=ticket.thread_id, silent=turn.is_quiet() and not ticket.urgent
    )
    key = "reopened_private" if ticket.private else "reopened_above" if above else "reopened"
    values = {"number": ticket.number, "reason": clip(reason), "due": when_full(turn, ticket.due_at), "above": above}
    tell_group(turn, ticket, turn.texts.segments(key, assignee=assignee_mention(turn, ticket), **values), how)


def _say_settled_by_reporter(turn: Turn, ticket: Ticket) -> None:
    """The member reads that nothing is left to do. What was said out of the group's sight names nobody there."""
    assert ticket.reporter is not None
    how = Envelope(ticket_id=ticket.id, thread_id=ticket.thread_id, silent=turn.is_quiet())
    others = ticket.households - 1
    more = turn.texts.line("settled_by_reporter_more", count=others) if others else ""
    who = ticket.reporter.name if turn.chat.id == ticket.chat_id else turn.texts.line("nameless")
    says = turn.texts.segments("settled_by_reporter", number=ticket.number, reporter=who, more=more)
    tell_group(turn, ticket, says, how)
