"""Recusal (回避): it turns out to be about somebody in charge; from then on it is the level above's, privately."""

from handlers.interest import accused, withdraw_from
from handlers.resolve import refuse_unless_open
from handlers.router import Router
from handlers.turn import Refusal, Turn
from models.people import Person
from models.tickets import Ticket

router = Router()


@router.command("recuse", "回避")
def recuse(turn: Turn) -> None:
    """`回避12`: oneself; `回避12 老王`: the one of that name, by somebody in charge. The group reads no reason."""
    ticket = turn.ticket("take", "example_recuse")
    refuse_unless_open(turn, ticket)
    person = _whom(turn, ticket)
    if ticket.about is not None:
        raise Refusal("recuse_already", number=ticket.number)
    if not withdraw_from(turn, ticket, person, turn.sender):
        raise Refusal("raise_nobody")
    turn.outcome.became("command", ticket)
    key = "recused" if person is turn.sender else "recused_other"
    if turn.chat.private:
        turn.say(key, number=ticket.number, name=person.name)


def _whom(turn: Turn, ticket: Ticket) -> Person:
    """Oneself, or somebody who answers for the unit or for one above it."""
    if not turn.args:
        return turn.sender
    found = accused(turn, ticket.unit, turn.args)
    if found is None:
        raise Refusal("recuse_whom", example=turn.texts.line("example_recuse", number=ticket.number))
    return found
