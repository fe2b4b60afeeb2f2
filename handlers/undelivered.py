"""A chat can no longer be written to: what was meant for one person goes to the next."""

from handlers.desk import Desk
from handlers.summon import ping, ping_past
from models.asks import hurry
from models.delivery import drop_letters
from models.incidents import note_incident
from models.letters import Letter, folded_in, waiting_for
from models.people import find_identity
from models.requests import hurry_requests
from models.tickets import Ticket
from models.unsent import deaf_chats, is_called


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


def given_up(desk: Desk, letter: Letter) -> None:
    """It will not arrive, or nobody knows whether it did: the operator reads of it. An edit or a toast is none to miss:
    old messages can no longer be changed, and old presses not be answered.
    """
    if letter.kind != "toast" and letter.edits_id is None:
        account = f"{letter.chat.channel}:{letter.chat.account}"
        note_incident(desk.session, "letter", str(letter.chat_id), desk.now, account)


def refused(desk: Desk, letter: Letter) -> None:
    """The platform takes everything there but this letter: what it asked of somebody goes to the next."""
    given_up(desk, letter)
    desk.session.flush()
    hurry(desk.session, [letter.id], desk.now)
    hurry_requests(desk.session, [letter], desk.now)
    if letter.kind != "ping" or letter.ticket_id is None:
        return
    ticket = desk.session.get_one(Ticket, letter.ticket_id)
    if ticket.is_open and not is_called(desk.session, ticket, letter.written_at):
        ping_past(desk, ticket, deaf_chats(desk.session, ticket))
