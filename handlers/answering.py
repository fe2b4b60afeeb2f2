"""What residents answer when a matter is settled: the reporter confirms it, a neighbour speaks for one household."""

from datetime import timedelta

from handlers.confirm import confirm, refuse_unless_closed, reopen
from handlers.households import follow, told_door
from handlers.intake import Report
from handlers.rights import may
from handlers.router import Router
from handlers.splitting import part
from handlers.turn import Turn
from models.messages import Incoming, Place, Verdict
from models.tickets import Ticket

router = Router()


@router.press("good")
def press_good(turn: Turn) -> None:
    """［解决了］ under the closing line."""
    ticket = turn.ticket("answer")
    if not may("confirm", turn.known, turn.chat, ticket):
        agree(turn, ticket)
        turn.say("agreed_toast", number=ticket.number)
        return
    confirm(turn, ticket)
    turn.assure(ticket, "confirmed_toast", number=ticket.number)


@router.press("bad")
def press_bad(turn: Turn) -> None:
    """［还没解决］."""
    ticket = turn.ticket("answer")
    refuse_unless_closed(turn, ticket)
    if may("confirm", turn.known, turn.chat, ticket):
        reopen(turn, ticket, turn.texts.line("not_solved"))
    else:
        still_bad(turn, ticket)


def agree(turn: Turn, ticket: Ticket) -> None:
    """A neighbour's 好了 is kept with the matter; whether it is confirmed, the reporter says."""
    ticket.record("agreed", by=turn.sender, at=turn.now)


def still_bad(turn: Turn, ticket: Ticket) -> None:
    """我家还没好: what nobody confirmed is taken up again; later than that, this household gets a ticket of its own."""
    term = timedelta(days=turn.policy.limits.confirm_days)
    if ticket.state == "settled" and ticket.settled_at is not None and turn.now - ticket.settled_at <= term:
        follow(turn, ticket)
        reopen(turn, ticket, turn.texts.line("not_solved"))
        return
    fresh = part(turn, ticket, _own_report(turn, ticket), household=True)
    turn.assure(ticket, "split_done", number=ticket.number, other=fresh.number)


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
