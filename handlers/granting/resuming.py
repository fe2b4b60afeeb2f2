"""The clock of a suspended matter runs again: at the cap of the pause, or when somebody says 恢复."""

from handlers.cards import refresh_card
from handlers.desk import Desk
from handlers.limits.clock import plan, recount
from handlers.notices import tell_holder
from models.people import Person
from models.tickets import Ticket


def look_at_pause(desk: Desk, ticket: Ticket) -> None:
    """The heartbeat's look at a suspended ticket: its cap has come, or was moved."""
    if desk.now >= ticket.pauses[-1].end:
        resume(desk, ticket, None)
    else:
        plan(desk, ticket)


def resume(desk: Desk, ticket: Ticket, by: Person | None) -> None:
    """Whoever has it is told, unless they said it themselves. `by`: None at the cap."""
    ticket.move("resume", by=by, at=desk.now)
    recount(desk, ticket)
    refresh_card(desk, ticket)
    if by is None or by is not ticket.assignee:
        tell_holder(desk, ticket, "resumed_ping")
