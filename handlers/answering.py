"""What residents answer when a matter is settled: the reporter confirms it, a neighbour speaks for one household."""

from datetime import timedelta

from handlers.closing.grades import ask_why, keep_mark, keep_why, refuse_unless_asked
from handlers.confirm import confirm, refuse_unless_closed, reopen
from handlers.households import follow, told_door
from handlers.intake import Report
from handlers.resolve import refuse_final
from handlers.rights import may
from handlers.router import Router
from handlers.splitting import part
from handlers.turn import Turn
from models.messages import Incoming, Place, Verdict
from models.tickets import Ticket

router = Router()


@router.press("good")
def press_good(turn: Turn) -> None:
    """［满意］ under the closing line."""
    _press(turn, "good")


@router.press("fair")
def press_fair(turn: Turn) -> None:
    """［基本满意］."""
    _press(turn, "fair")


@router.press("poor")
def press_poor(turn: Turn) -> None:
    """［不满意］: a mark; with a reason it is taken up again."""
    _press(turn, "poor")


@router.press("bad")
def press_bad(turn: Turn) -> None:
    """［还没解决］."""
    ticket = turn.ticket("answer")
    refuse_unless_closed(turn, ticket)
    not_solved(turn, ticket)


def answer(turn: Turn, ticket: Ticket, grade: str) -> None:
    """It stays settled. Whether it is confirmed, the reporter says; which grade it was, nobody reads."""
    if may("confirm", turn.known, turn.chat, ticket) and ticket.state != "confirmed":
        confirm(turn, ticket)
    keep_mark(turn, ticket, grade)


def not_solved(turn: Turn, ticket: Ticket, why: str = "") -> None:
    """没好: what is settled is taken up again. For a neighbour only until the reporter confirmed it, and for anybody
    until some days after it ended in silence: later than that, this household gets a ticket of its own.
    """
    refuse_final(ticket)
    theirs = may("confirm", turn.known, turn.chat, ticket) and ticket.state != "silent"
    if theirs or _in_time(turn, ticket):
        follow(turn, ticket)
        if not why:
            keep_mark(turn, ticket, "bad")
        reopen(turn, ticket, turn.texts.line("not_solved"), rework=ticket.settled_at is not None, why=why)
        return
    fresh = part(turn, ticket, _own_report(turn, ticket), household=True)
    turn.assure(ticket, "split_done", number=ticket.number, other=fresh.number)


def tell_why(turn: Turn, ticket: Ticket) -> None:
    """A low mark with its reason: 返工."""
    not_solved(turn, ticket, keep_why(turn, ticket))


def _press(turn: Turn, grade: str) -> None:
    ticket = turn.ticket("answer")
    refuse_unless_asked(turn, ticket)
    answer(turn, ticket, grade)
    if grade == "poor":
        ask_why(turn, ticket)
    elif may("confirm", turn.known, turn.chat, ticket):
        turn.assure(ticket, "confirmed_toast", number=ticket.number)
    else:
        turn.say("agreed_toast", number=ticket.number)


def _in_time(turn: Turn, ticket: Ticket) -> bool:
    """Nobody confirmed it, and it was settled, or ended in silence, not too many days ago."""
    if ticket.state not in ("settled", "silent"):
        return False
    ended = ticket.settled_at if ticket.state == "settled" else ticket.last_time("silence")
    return ended is not None and turn.said_at - ended <= timedelta(days=turn.policy.limits.confirm_days)


def _own_report(turn: Turn, ticket: Ticket) -> Report:
    """The same trouble, at the speaker's door where we know it."""
    door = told_door(turn, ticket)
    place = Place(door, door) if door else Place(ticket.place, ticket.place_key) if ticket.place else None
    emergency = ticket.emergency
    verdict = Verdict("open", category=ticket.category, thing=ticket.thing, emergency=emergency, place=place)
    if not isinstance(turn.event, Incoming):
        return Report(turn.texts.line("not_solved"), turn.sender, verdict, None)
    text, message = turn.reader.mask(turn.words), turn.event
    return Report(text, turn.sender, verdict, message.message_id, message.thread_id, message.files)
