"""The resident says whether it is good (确认) or not (还没解决)."""

from handlers.cards import refresh_card, tell_group
from handlers.desk import Envelope
from handlers.followers import tell_followers, tell_other_groups
from handlers.limits.clock import start_clock
from handlers.resolve import answer_buttons, refuse_merged, settled_key, settled_values
from handlers.router import Router
from handlers.summon import ping
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_mention, clip, when, when_full
from models.letters import letter_kept
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
    if ticket.state == "confirmed":
        raise Refusal("already_settled_plain", number=ticket.number, at=when(turn, ticket.settled_at or turn.now))
    if ticket.is_open:
        ticket.move("settle", by=turn.sender, at=turn.now)
        ticket.settled_at, ticket.next_at = turn.now, None
        _say_settled_by_reporter(turn, ticket)
        tell_followers(turn, ticket, "settled_by_reporter", turn.sender, answer_buttons(turn, ticket))
        tell_other_groups(turn, ticket, "settled_by_reporter_elsewhere")
    if not ticket.may("confirm"):
        raise Refusal("stale_button")
    ticket.move("confirm", by=turn.sender, at=turn.now)
    _rewrite_closing_line(turn, ticket, "settled_confirmed")
    refresh_card(turn, ticket)


def reopen(turn: Turn, ticket: Ticket, reason: str) -> None:
    """The same number, a new promise; the responsible person is called again and the group reads one line."""
    _rewrite_closing_line(turn, ticket, "settled_again")
    ticket.move("reopen", by=turn.sender, at=turn.now, note=reason)
    ticket.reopened, ticket.rung, ticket.late = ticket.reopened + 1, 0, False
    ticket.settled_at, ticket.note = None, ""
    start_clock(turn, ticket)
    refresh_card(turn, ticket)
    how = Envelope(
        kind="ping", ticket_id=ticket.id, thread_id=ticket.thread_id, silent=turn.is_quiet() and not ticket.urgent
    )
    key = "reopened_private" if ticket.private else "reopened"
    values = {"number": ticket.number, "reason": clip(reason), "due": when_full(turn, ticket.due_at)}
    tell_group(turn, ticket, turn.texts.segments(key, assignee=assignee_mention(turn, ticket), **values), how)
    ping(turn, ticket)
    tell_followers(turn, ticket, "reopened", turn.sender, due=when_full(turn, ticket.due_at))
    turn.assure(ticket, "taken_up_again", number=ticket.number)


def refuse_unless_closed(turn: Turn, ticket: Ticket) -> None:
    if ticket.is_open:
        raise Refusal("already_open", number=ticket.number)
    refuse_merged(ticket)
    if not ticket.may("reopen"):  # its reporter asked to be forgotten
        raise Refusal("already_settled_plain", number=ticket.number, at=when(turn, ticket.history[-1].at))


def _say_settled_by_reporter(turn: Turn, ticket: Ticket) -> None:
    """The member reads that nothing is left to do."""
    assert ticket.reporter is not None
    how = Envelope(ticket_id=ticket.id, thread_id=ticket.thread_id, silent=turn.is_quiet())
    others = ticket.households - 1
    more = turn.texts.line("settled_by_reporter_more", count=others) if others else ""
    says = turn.texts.segments("settled_by_reporter", number=ticket.number, reporter=ticket.reporter.name, more=more)
    tell_group(turn, ticket, says, how)


def _rewrite_closing_line(turn: Turn, ticket: Ticket, key: str) -> None:
    """The line that asked for an answer shows that it has one, and loses its buttons."""
    line = letter_kept(turn.session, settled_key(ticket))
    if line is not None:
        key = f"{key}_private" if ticket.private else key
        turn.rewrite(line, turn.texts.segments(key, **settled_values(turn, ticket)), ())
