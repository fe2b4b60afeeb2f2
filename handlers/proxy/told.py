"""［已告诉］: the person was told by voice; what they thought of the answer is marked for them (回访)."""

from handlers.confirm import confirm, reopen
from handlers.desk import Buttons, Desk
from handlers.proxy.marking import answer_row, keep_for, may_ask
from handlers.proxy.telling import again, asked_before, key, newest_step, remind, steps_of, tell, was_told
from handlers.rights import may
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import reporter_called
from models.letters import letter_kept
from models.marks import GRADES
from models.proxies import take_due_telling
from models.tickets import Ticket, TicketEvent, ticket_numbered

router = Router()


@router.step
def tell_one(desk: Desk) -> bool:
    """One step that somebody must be told of, or of which nobody said yet that they were."""
    ticket = take_due_telling(desk.session, desk.now)
    if ticket is None:
        return False
    step = newest_step(ticket) if ticket.by_voice else None
    if step is None or was_told(ticket, step):
        return True
    if asked_before(desk, ticket, step):
        remind(desk, ticket, step)
    else:
        tell(desk, ticket)
    return True


@router.press("told")
def told(turn: Turn) -> None:
    """［已告诉］ goes into the history; after 办结 the presser may mark what the person answered."""
    ticket, step = _step_meant(turn)
    if was_told(ticket, step):
        raise Refusal("told_already", number=ticket.number)
    ticket.record("told", by=turn.sender, at=turn.now, of=step.id, step=step.kind)
    if step is newest_step(ticket):
        ticket.tell_at = None
    marks = step.kind == "settle" and ticket.state == "settled" and may_ask(turn.sender, ticket)
    _rewrite(turn, ticket, step, answer_row(turn, ticket) if marks else ())
    turn.outcome.became("command", ticket)
    turn.say("told_marks" if marks else "told_toast", number=ticket.number)


@router.press("visit")
def visited(turn: Turn) -> None:
    """visit:12:good. The history says who asked the person, not what they answered."""
    number = turn.command.number if turn.command else None
    ticket = ticket_numbered(turn.session, number) if number else None
    if ticket is None or ticket.reporter is None or not _asked_by(turn, ticket) or turn.args not in GRADES:
        raise Refusal("stale_button")
    if not may_ask(turn.sender, ticket):
        raise Refusal("visit_not_own", number=ticket.number)
    if step := newest_step(ticket):
        _rewrite(turn, ticket, step, ())
    ticket.record("visited", by=turn.sender, at=turn.now)
    keep_for(turn, ticket, ticket.reporter, turn.args)
    turn.outcome.became("command", ticket)
    if turn.args == "bad":
        reopen(turn, ticket, turn.texts.line("not_solved"), rework=True)
    else:
        confirm(turn, ticket)
        turn.assure(ticket, "visit_done", number=ticket.number)


def _asked_by(turn: Turn, ticket: Ticket) -> bool:
    """Did the presser tell the person, and is an answer still wanted?"""
    told_them = any(e.kind == "told" and e.by_id == turn.sender.id for e in ticket.history)
    return told_them and ticket.by_voice and ticket.state == "settled"


def _step_meant(turn: Turn) -> tuple[Ticket, TicketEvent]:
    number = turn.command.number if turn.command else None
    ticket = ticket_numbered(turn.session, number) if number else None
    steps = steps_of(ticket) if ticket else []
    step = next((e for e in steps if str(e.id) == turn.args), None)
    if ticket is None or step is None or not may_tell(turn, ticket):
        raise Refusal("stale_button")
    return ticket, step


def may_tell(turn: Turn, ticket: Ticket) -> bool:
    """Whoever entered it, and whoever answers for the matter."""
    mine = turn.known is not None and ticket.proxy_id == turn.known.id
    return mine or may("take", turn.known, turn.chat, ticket)


def _rewrite(turn: Turn, ticket: Ticket, step: TicketEvent, buttons: Buttons) -> None:
    """The letters lose the number: it is not needed any more."""
    says = turn.texts.segments("told", number=ticket.number, who=reporter_called(turn, ticket, masked=True))
    first = letter_kept(turn.session, key(ticket, step))
    for letter in (letter_kept(turn.session, again(ticket, step)), first):
        if letter is not None:
            turn.rewrite(letter, says, buttons)
            buttons = ()
