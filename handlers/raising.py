"""A wish of many households is reported up (上报): it stands with the unit above, and wishes from all below join it."""

from handlers.cards import refresh_card
from handlers.duty.roster import OnDuty
from handlers.followers import tell_followers
from handlers.limits.clock import start_clock
from handlers.merging import absorb
from handlers.overdue import reach, tell_level
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wishes import post_above
from handlers.wording import when_full
from models.matters import open_wishes
from models.tickets import Ticket

router = Router()


@router.press("raise")
def raise_up(turn: Turn) -> None:
    """［上报社区］. Where the same wish of another grid already stands there, this one becomes part of it."""
    ticket = turn.ticket("raise")
    if not (ticket.is_open and ticket.wish) or ticket.raised is not None:
        raise Refusal("stale_button")
    post = post_above(turn, ticket)
    if post is None:
        raise Refusal("raise_nobody")
    standing = [t for t in open_wishes(turn.session, ticket.wish, post.unit) if t.raised is not None]
    if standing:
        absorb(turn, standing[0], ticket)
        turn.say("merged", number=ticket.number, into=standing[0].number, reporter="")
    else:
        _hand_up(turn, ticket, post)
        turn.say("raised", number=ticket.number, unit=post.unit.name)
    turn.outcome.became("command", ticket)


def _hand_up(turn: Turn, ticket: Ticket, post: OnDuty) -> None:
    """A new promise, by the one who has it now."""
    ticket.raised, ticket.assignee = post.unit, post.person
    ticket.rung = ticket.unit.ladder().index(post.unit)
    ticket.move("raised", by=turn.sender, at=turn.now, unit=post.unit.name, to=post.person.id)
    start_clock(turn, ticket)
    if chat := reach(turn, ticket, post):
        tell_level(turn, ticket, chat, "raised_ping", wish=ticket.wish, count=ticket.households)
    refresh_card(turn, ticket)
    due = when_full(turn, ticket.due_at)
    tell_followers(turn, ticket, "raised", turn.sender, unit=post.unit.name, due=due)
