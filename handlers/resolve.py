"""A grid member takes a matter on (签收) and says that it is settled (办结)."""

from handlers.cards import refresh_card
from handlers.closing.notes import settle_with
from handlers.followers import tell_followers
from handlers.limits.clock import heard_from
from handlers.passing.parts import settled_part
from handlers.proposals import proposed
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import when, when_full
from models.pointers import as_one
from models.tickets import Ticket

router = Router()


@router.command("done", "办结")
@router.press("done")
def settle(turn: Turn) -> None:
    """Close the ticket that the reply or the number points at, once its note says something (R18: the reporter reads
    it).
    """
    if proposed(turn) or settled_part(turn):
        return
    ticket = turn.ticket("settle", "example_done")
    refuse_unless_open(turn, ticket)
    settle_with(turn, ticket, turn.args)
    turn.outcome.became("command", ticket)


@router.command("take", "我来办", "签收")
@router.press("take")
def take(turn: Turn) -> None:
    """The responsible person says: mine."""
    ticket = turn.ticket("take", "example_take")
    refuse_unless_open(turn, ticket)
    if ticket.state == "suspended":
        raise Refusal("already_suspended", number=ticket.number, until=when(turn, ticket.pauses[-1].end))
    if ticket.state == "taken":
        raise Refusal("already_taken", number=ticket.number)
    take_on(turn, ticket)
    turn.outcome.became("command", ticket)
    turn.say("taken", number=ticket.number, member=turn.sender.name, due=when(turn, ticket.due_at))


def take_on(turn: Turn, ticket: Ticket) -> None:
    """Without a line in the group: the card says it."""
    ticket.move("take", by=turn.sender, at=turn.now)
    if any(p.unit == ticket.unit for p in turn.sender.held()):
        ticket.assignee = turn.sender
    heard_from(turn, ticket)
    refresh_card(turn, ticket)
    tell_followers(turn, ticket, "taken", turn.sender, member=turn.sender.name, due=when_full(turn, ticket.due_at))


def refuse_unless_open(turn: Turn, ticket: Ticket) -> None:
    """Settled twice, or settled after 不立单: say what is the case, change nothing."""
    if ticket.is_open:
        return
    refuse_merged(ticket)
    refuse_final(ticket)
    at = when(turn, ticket.settled_at or ticket.history[-1].at)
    if ticket.state == "void":
        raise Refusal("already_void", number=ticket.number, at=at)
    raise Refusal("already_settled", number=ticket.number, at=at)


def refuse_merged(ticket: Ticket) -> None:
    """Its number stays answerable: it says where the matter goes on."""
    if ticket.state == "merged":
        raise Refusal("already_merged", number=ticket.number, into=as_one(ticket).number)


def refuse_final(ticket: Ticket) -> None:
    """依法终结: whoever asks for it again reads that it is closed for good, and whom to turn to."""
    if ticket.state == "final":
        last = next(e for e in reversed(ticket.history) if e.kind == "finish")
        raise Refusal("already_final", number=ticket.number, above=last.data["above"])
