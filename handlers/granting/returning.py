"""退回: whoever has it says why it is not theirs; once granted, the level above has it and may pass it on."""

from typing import Any

from handlers.cards import refresh_card
from handlers.desk import Desk
from handlers.duty.roster import OnDuty
from handlers.followers import tell_followers
from handlers.granting.asking import ask_above
from handlers.granting.levels import grantors, stands_above
from handlers.granting.telling import tell_person, tell_resident
from handlers.limits.clock import call_holder
from handlers.notices import called
from handlers.resolve import refuse_unless_open
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import clip, what, when_full
from models.people import Person
from models.tickets import Ticket

router = Router()


@router.command("return", "退回")
def ask_return(turn: Turn) -> None:
    """`退回12 不归本网格`. Who stands above takes it over at once."""
    ticket = turn.ticket("ask_above", "example_return")
    refuse_unless_open(turn, ticket)
    if not ticket.may("return"):
        raise Refusal("return_suspended", number=ticket.number)
    reason = turn.reason(ticket, "example_return")
    if stands_above(turn, ticket, "return", turn.sender):
        give_back(turn, ticket, reason, None)
        turn.outcome.became("command", ticket)
        turn.say("returned_done", number=ticket.number)
    else:
        ask_above(turn, ticket, "return", reason)


def give_back(turn: Turn, ticket: Ticket, reason: str, asker: Person | None) -> None:
    """The nearest level that decides has it now; what was promised to the residents stands."""
    holder = _next_holder(turn, ticket, asker)
    asked = {"asked_by": asker.id} if asker else {}
    gone_to = {"unit": holder.unit.name, "to": holder.person.id}
    ticket.move("return", by=turn.sender, at=turn.now, note=reason, **gone_to, **asked)
    ticket.returned += 1
    ticket.rung, ticket.assignee = ticket.unit.ladder().index(holder.unit), holder.person
    call_holder(turn, ticket)
    refresh_card(turn, ticket)
    if holder.person is not turn.sender:
        _tell_holder(turn, ticket, holder, reason)
    told: dict[str, Any] = {"above": called(turn, holder), "due": when_full(turn, ticket.due_at)}
    tell_resident(turn, ticket, "returned", **told)
    tell_followers(turn, ticket, "returned", turn.sender, **told)


def _next_holder(turn: Turn, ticket: Ticket, asker: Person | None) -> OnDuty:
    """Whoever granted it, if they are of the nearest level; else its first."""
    found = grantors(turn, ticket, "return", asker)
    nearest = [d for d in found if d.unit is found[0].unit]
    return next((d for d in nearest if d.person is turn.sender), nearest[0])


def _tell_holder(desk: Desk, ticket: Ticket, holder: OnDuty, reason: str) -> None:
    values = {"number": ticket.number, "unit": ticket.unit.name, "what": what(desk, ticket, openly=ticket.private)}
    due = when_full(desk, ticket.due_at)
    tell_person(desk, ticket, holder.person, "returned_ping", reason=clip(reason), due=due, **values)
