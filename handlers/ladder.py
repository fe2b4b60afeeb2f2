"""Who has a ticket next: the grid's own after a second responder, else the level above (大事不出乡, R22)."""

from handlers.cards import kept_from_groups
from handlers.desk import Desk
from handlers.duty.roster import LEVEL, OnDuty, read_roster
from models.chats import Chat, private_chat
from models.people import ON_DUTY, Person
from models.tickets import Ticket


def next_level(desk: Desk, ticket: Ticket) -> OnDuty | None:
    """Who takes over: the grid's own where a second responder had it, else the level above that has anybody there.

    None when the ticket is on the last rung. What no group may read of goes only to whom it can be told privately.
    """
    roster = read_roster(desk, ticket.unit)
    own = roster.here(ticket.unit, desk.now)
    asked = own if ticket.rung == 0 and _seconded(own, ticket.assignee) else []
    above = [roster.here(u, desk.now, LEVEL) for u in ticket.unit.ladder()[ticket.rung + 1 :]]
    asked = [*asked, *(d for level in above for d in level)]
    if kept_from_groups(ticket):
        asked = [d for d in asked if private_chat_of(desk, ticket, d.person)]
    return next((d for d in asked if d.person not in (ticket.assignee, ticket.about)), None)


def private_chat_of(desk: Desk, ticket: Ticket, person: Person) -> Chat | None:
    """The private chat of somebody who has pressed Start and not left."""
    chat = private_chat(desk.session, person, ticket.chat.channel, ticket.chat.account)
    return chat if chat is not None and chat.present else None


def hand_up(desk: Desk, ticket: Ticket, post: OnDuty) -> None:
    """From now on it is theirs, and a history row says so."""
    ticket.rung = ticket.unit.ladder().index(post.unit)
    ticket.assignee = post.person
    ticket.move("escalated", by=None, at=desk.now, unit=post.unit.name, to=post.person.id)


def _seconded(own: list[OnDuty], assignee: Person | None) -> bool:
    """Has somebody got it who answers for no unit (a building contact, a mediator), nor stands in for such a one?"""
    answering = any(d.person is assignee and d.role in ON_DUTY for d in own)
    return assignee is not None and not answering and not any(p.role in ON_DUTY for p in assignee.held())
