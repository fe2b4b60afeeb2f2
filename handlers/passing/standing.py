"""Who may pass a matter on: whoever has it now, and those above them."""

from handlers.resolve import refuse_unless_open
from handlers.rights import ABOVE, RESPONSIBLE
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name
from models.people import Person
from models.tickets import Ticket


def refuse_unless_movable(turn: Turn, ticket: Ticket, move: str) -> None:
    """It must be open, its clock running, and with the sender or below them."""
    refuse_unless_open(turn, ticket)
    if not ticket.may(move):
        raise Refusal("not_while_suspended", number=ticket.number)
    once_up = any(level >= ticket.rung for level in levels_of(turn.sender, ticket))
    if ticket.assignee_id != turn.sender.id and not once_up:  # once it went up, those below have it no more
        raise Refusal("not_with_you", number=ticket.number, assignee=assignee_name(turn, ticket))


def levels_of(person: Person, ticket: Ticket) -> list[int]:
    """At which levels this person answers for it: 0 is its own unit, 1 the one above."""
    held = [p for p in person.held() if p.unit != ticket.unit or p.covers(ticket.place_key)]
    ladder = list(enumerate(ticket.unit.ladder()))
    return [n for n, unit in ladder for p in held if p.unit == unit and p.role in (ABOVE if n else RESPONSIBLE)]
