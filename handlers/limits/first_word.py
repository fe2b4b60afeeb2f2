"""Any word of who answers for a matter is the first word that was owed, whatever it says."""

from handlers.limits.clock import heard_from
from handlers.rights import may
from handlers.turn import Turn
from models.tickets import Ticket


def note_first_word(turn: Turn, ticket: Ticket) -> None:
    """A resident's words change nothing; the reporter's own matter is not answered by themselves."""
    if ticket.is_open and not turn.reported(ticket) and may("take", turn.known, turn.chat, ticket):
        heard_from(turn, ticket)
