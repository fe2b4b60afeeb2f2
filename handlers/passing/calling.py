"""A private word to one person about a ticket that changes hands."""

from handlers.desk import Buttons, Desk, Envelope
from handlers.summon import staff_group
from handlers.wording import mention, told
from models.chats import Chat, private_chat
from models.people import Person
from models.posts import Segment
from models.tickets import Ticket
from models.units import Unit


def call(
    desk: Desk,
    ticket: Ticket,
    person: Person,
    key: str,
    *,
    buttons: Buttons = (),
    near: Unit | None = None,
    once: str | None = None,
    **more: object,
) -> bool:
    """Privately where they can be reached, else in the staff group of the unit `near`, by name. False: nowhere.

    In quiet hours it waits for the morning unless the matter is urgent. `once`: the key that keeps it from being said
    twice.
    """
    chat = private_chat(desk.session, person, ticket.chat.channel, ticket.chat.account)
    if chat is None or not chat.present:
        chat = staff_group(desk, near) if near is not None else None
    if chat is None:
        return False
    waits = None if ticket.urgent else desk.after_quiet()
    how = Envelope(kind="ping", ticket_id=ticket.id, due_at=waits, dedupe=once)
    how = how.but(buttons=buttons if chat.private else ())
    desk.write(chat, _words(desk, ticket, chat, person, key, more), how)
    return True


def reaches(desk: Desk, ticket: Ticket, person: Person) -> bool:
    """Can they be told privately?"""
    chat = private_chat(desk.session, person, ticket.chat.channel, ticket.chat.account)
    return chat is not None and chat.present


def _words(
    desk: Desk, ticket: Ticket, chat: Chat, person: Person, key: str, more: dict[str, object]
) -> tuple[Segment, ...]:
    if ticket.private and not chat.private and "why" in more:  # a staff group is a group too
        more = {**more, "why": ""}
    says = desk.texts.segments(key, **{**told(desk, ticket, chat), **more})
    if chat.private:
        return says
    return (*desk.texts.segments("for_person", person=mention(person, chat.channel)), *says)
