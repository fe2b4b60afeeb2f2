"""What neighbours wish for all (R2) gathers by kind; when enough households ask, it may be reported up."""

from handlers.cards import is_private
from handlers.desk import Desk
from handlers.duty.roster import LEVEL, OnDuty, read_roster
from handlers.summon import offer_privately
from models.chats import Chat
from models.matters import open_wishes
from models.messages import Verdict
from models.posts import Button
from models.tickets import Ticket


def wish_of(chat: Chat, verdict: Verdict) -> str:
    """The kind, if the line is a wish that may gather: no danger, no dispute, nothing told in private."""
    return "" if chat.private or verdict.urgent or is_private(verdict) else verdict.wish


def standing_wish(desk: Desk, chat: Chat, verdict: Verdict) -> Ticket | None:
    """The open wish of the same kind: the grid's own, or one that already stands above it; however old it is."""
    kind = wish_of(chat, verdict)
    found = open_wishes(desk.session, kind, chat.unit) if kind and chat.unit else []
    return found[0] if found else None


def offer_to_raise(desk: Desk, ticket: Ticket) -> None:
    """Enough households wish for it: whoever is in charge is asked once whether to report it up."""
    enough = ticket.households >= desk.policy.limits.wish_households
    if not (ticket.wish and enough and ticket.is_open and ticket.raised is None):
        return
    if post := post_above(desk, ticket):
        button = Button(desk.texts.line("raise_button", level=post.unit.level), f"raise:{ticket.number}")
        told = {"wish": ticket.wish, "count": ticket.households}
        offer_privately(desk, ticket, "raise_offer", ((button,),), f"raise:{ticket.number}", **told)


def post_above(desk: Desk, ticket: Ticket) -> OnDuty | None:
    """Who would have it next: the nearest unit above that has anybody there."""
    roster = read_roster(desk, ticket.unit)
    levels = (roster.here(u, desk.now, LEVEL) for u in ticket.unit.above())
    return next((level[0] for level in levels if level), None)
