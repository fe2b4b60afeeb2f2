"""What is said when time runs out, and to whom: staff privately or in their group, residents who takes over by when."""

from collections.abc import Iterator

from handlers.cards import kept_from_groups
from handlers.desk import Desk, Envelope
from handlers.duty.roster import OnDuty, Roster, read_roster
from handlers.ladder import private_chat_of
from handlers.summon import ping_buttons, staff_group
from handlers.wording import told, when_full
from models.chats import Chat
from models.interest import closed_units, home_unit
from models.people import ON_DUTY, Person
from models.tickets import Ticket
from models.units import Unit


def tell_holder(desk: Desk, ticket: Ticket, key: str, **values: object) -> None:
    """A word to whoever has it now."""
    _tell(desk, ticket, [(ticket.assignee, _level(ticket))], key, **values)


def tell_in_charge(desk: Desk, ticket: Ticket, key: str, **values: object) -> None:
    """The same, and to the first asked, who stays answerable to the resident (R34)."""
    _tell(desk, ticket, [(ticket.assignee, _level(ticket)), (ticket.first, home_unit(ticket))], key, **values)


def tell_residents(desk: Desk, ticket: Ticket, key: str, **values: object) -> None:
    """They read who takes over and by when; nobody is shamed. What has no card has no line either, but who reported it
    privately reads it there.
    """
    if ticket.card_id is None and not ticket.chat.private:
        return
    says = desk.texts.segments(key, number=ticket.number, due=when_full(desk, ticket.due_at), **values)
    how = Envelope(ticket_id=ticket.id, thread_id=ticket.thread_id, silent=desk.is_quiet() and not ticket.urgent)
    desk.write(ticket.chat, says, how)


def reach(desk: Desk, ticket: Ticket, post: OnDuty) -> Chat | None:
    """Where the holder can be reached: privately, else in the staff group."""
    return private_chat_of(desk, ticket, post.person) or _staff_group(desk, ticket, post.unit)


def tell_level(desk: Desk, ticket: Ticket, chat: Chat, key: str, **more: object) -> None:
    """One letter about the ticket to a level; in private chat with the buttons that act on it."""
    waits = None if ticket.urgent else desk.after_quiet()
    buttons = ping_buttons(desk, ticket) if chat.private else ()
    how = Envelope(kind="ping", ticket_id=ticket.id, due_at=waits, buttons=buttons)
    desk.write(chat, desk.texts.segments(key, **{**told(desk, ticket, chat), **more}), how)


def called(desk: Desk, post: OnDuty) -> str:
    """社区李书记: the level and the name."""
    return desk.texts.line("called", level=post.unit.level, name=post.person.name).strip()


def _tell(desk: Desk, ticket: Ticket, people: list[tuple[Person | None, Unit]], key: str, **values: object) -> None:
    """One letter a chat, however many of them are reached there."""
    roster = read_roster(desk, ticket.unit)
    chats = [_chat_of(desk, ticket, roster, person, unit) for person, unit in people]
    for chat in dict.fromkeys(chat for chat in chats if chat is not None):
        tell_level(desk, ticket, chat, key, **values)


def _chat_of(desk: Desk, ticket: Ticket, roster: Roster, person: Person | None, unit: Unit) -> Chat | None:
    """Their private chat, else that of the others on duty there, else the staff group."""
    asked = (private_chat_of(desk, ticket, p) for p in _answering(desk, ticket, roster, person, unit))
    return next((chat for chat in asked if chat is not None), None) or (
        staff_group(desk, unit) if unit not in closed_units(ticket) else None
    )


def _answering(desk: Desk, ticket: Ticket, roster: Roster, person: Person | None, unit: Unit) -> Iterator[Person]:
    """The person or their stand-in, then the others on duty in the unit. A building contact is a neighbour who lends a
    hand: what is late is the grid's own to hear.
    """
    if person is not None and not _only_contact(person):
        held = roster.present(OnDuty(person, unit, ""), desk.now)
        yield from [held.person] if held and held.person is not ticket.about else []
    yield from (d.person for d in roster.here(unit, desk.now) if d.person is not ticket.about)


def _only_contact(person: Person) -> bool:
    roles = {post.role for post in person.held()}
    return "building_contact" in roles and not roles & set(ON_DUTY)


def _staff_group(desk: Desk, ticket: Ticket, unit: Unit) -> Chat | None:
    return None if kept_from_groups(ticket) else staff_group(desk, unit)


def _level(ticket: Ticket) -> Unit:
    """The unit on whose rung it stands."""
    return ticket.unit.ladder()[ticket.rung]
