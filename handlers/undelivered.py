"""A chat can no longer be written to: what was meant for one person goes to the next."""

from handlers.desk import Desk
from handlers.summon import ping
from models.delivery import drop_letters
from models.letters import Letter
from models.people import find_identity
from models.tickets import Ticket


def pass_over(desk: Desk, letter: Letter) -> None:
    """Blocked by a person: not reachable any more, the deputy or the staff group is called. Out of a group: silence."""
    chat = letter.chat
    drop_letters(desk.session, chat)
    if not chat.private:
        chat.present = False
        return
    identity = find_identity(desk.session, chat.channel, chat.external_id)
    if identity is not None:
        identity.started_at = None
    desk.session.flush()
    ticket = desk.session.get(Ticket, letter.ticket_id) if letter.ticket_id else None
    if letter.kind == "ping" and ticket is not None and ticket.is_open:
        ping(desk, ticket)
