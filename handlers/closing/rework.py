"""返工: residents say that it is not good; the second time the level above has it at once."""

from handlers.desk import Desk
from handlers.duty.roster import OnDuty
from handlers.ladder import hand_up, next_level
from handlers.summon import offer_privately, ping, ping_buttons, tell_privately
from handlers.wording import clip
from models.tickets import Ticket

TWICE = 2


def hand_up_twice_bad(desk: Desk, ticket: Ticket) -> OnDuty | None:
    """The post that takes over; None on the first time, and where nobody is above."""
    post = next_level(desk, ticket) if ticket.rework == TWICE else None
    if post is None:
        return None
    tell_privately(desk, ticket, "rework_up", above=called_above(desk, post))
    hand_up(desk, ticket, post)
    return post


def call_again(desk: Desk, ticket: Ticket, why: str) -> None:
    """One private call to whoever has it now, with what the resident misses if they said so; never who said it."""
    once = f"ping:{ticket.number}:{ticket.reopened}:why"
    if not why or not offer_privately(desk, ticket, "rework_ping", ping_buttons(desk, ticket), once, text=clip(why)):
        ping(desk, ticket)


def called_above(desk: Desk, post: OnDuty) -> str:
    """社区李书记: the level and the name."""
    return desk.texts.line("called", level=post.unit.level, name=post.person.name).strip()
