"""A chat can no longer be written to: what was meant for one person goes to the next."""

from handlers.desk import Desk
from handlers.summon import ping
from models.asks import hurry
from models.delivery import drop_letters
from models.letters import Letter, folded_in, waiting_for
from models.people import find_identity
from models.requests import hurry_requests
from models.tickets import Ticket


def pass_over(desk: Desk, letter: Letter) -> None:
    """Blocked by a person: not reachable any more, the deputy or the staff group is called. Out of a group: silence."""
    chat = letter.chat
    unread = [letter, *waiting_for(desk.session, chat)]
    unread += [folded for one in unread for folded in folded_in(desk.session, one)]
    drop_letters(desk.session, chat)
    if not chat.private:
        chat.present = False
        return
    identity = find_identity(desk.session, chat.channel, chat.external_id)
    if identity is not None:
        identity.started_at = None
    desk.session.flush()
    hurry(desk.session, [one.edits_id or one.id for one in unread], desk.now)
    hurry_requests(desk.session, unread, desk.now)
    called = dict.fromkeys(one.ticket_id for one in unread if one.kind == "ping" and one.ticket_id)
    for ticket_id in called:
        ticket = desk.session.get_one(Ticket, ticket_id)
        if ticket.is_open:
            ping(desk, ticket)
