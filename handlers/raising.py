"""A wish of many households is reported up (上报): it stands with the unit above, and wishes from all below join it."""

from handlers.duty.roster import OnDuty
from handlers.followers import tell_followers
from handlers.notices import reach, tell_level
from handlers.passing.up import hand_up, joins_standing
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wishes import post_above
from handlers.wording import when_full
from models.tickets import Ticket

router = Router()


@router.press("raise")
def raise_up(turn: Turn) -> None:
    """［上报社区］. Where the same wish of another grid already stands there, this one becomes part of it."""
    ticket = turn.ticket("raise")
    if not (ticket.may("raised") and ticket.wish) or ticket.raised is not None:
        raise Refusal("stale_button")
    post = post_above(turn, ticket)
    if post is None:
        raise Refusal("raise_nobody")
    if not joins_standing(turn, ticket, post):
        hand_up(turn, ticket, post)
        _tell(turn, ticket, post)
        turn.say("raised", number=ticket.number, unit=post.unit.name)
    turn.outcome.became("command", ticket)


def _tell(turn: Turn, ticket: Ticket, post: OnDuty) -> None:
    """Who joined reads it privately; the group reads the card."""
    if chat := reach(turn, ticket, post):
        tell_level(turn, ticket, chat, "raised_ping", wish=ticket.wish, count=ticket.households)
    due = when_full(turn, ticket.due_at)
    tell_followers(turn, ticket, "raised", turn.sender, unit=post.unit.name, due=due)
