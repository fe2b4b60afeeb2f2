"""Calling the responsible person: privately where they can be reached, else the deputy, else the staff group."""

from collections.abc import Iterator

from handlers.cards import reporter_chat
from handlers.desk import Buttons, Desk, Envelope
from handlers.duty.roster import OnDuty, Roster, everyone, read_roster
from handlers.duty.routing import Matter, routed
from handlers.folding import folds
from handlers.wording import assignee_name, told
from models.chats import Chat, groups_of, private_chat
from models.interest import closed_units, home_unit
from models.letters import Letter
from models.people import Person
from models.posts import Button
from models.tickets import Ticket
from models.units import Unit

CADRES = ("cadre", "supervisor")


def choose_assignee(
    desk: Desk,
    unit: Unit,
    channel: str,
    *,
    place_key: str = "",
    category: str = "",
    urgent: bool = False,
    about: Person | None = None,
    roster: Roster | None = None,
) -> Person | None:
    """Who is asked first: by the routes, else who is on duty, else the levels above; none of them on leave.

    Whom this channel can reach goes before whom it cannot. A matter about one of them goes to the level above.
    `roster`: the unit's, where it was read before.
    """
    matter = Matter(place_key, category, urgent, about)
    found = routed(roster or read_roster(desk, unit), desk.policy.routes, unit, matter, desk.now, channel)
    return found.person if found else None


def line_of(desk: Desk, ticket: Ticket) -> Iterator[Person]:
    """Everybody who can be asked about it, nearest first: assignee, the others on duty here, then the levels above."""
    roster = read_roster(desk, ticket.unit)
    return everyone([_holder(desk, roster, ticket), *roster.levels(ticket.unit, desk.now, ticket.about)])


def here_on_duty(desk: Desk, ticket: Ticket, roster: Roster | None = None) -> Iterator[Person]:
    """The same without the levels above the first."""
    roster = roster or read_roster(desk, ticket.unit)
    own = [d for d in roster.here(ticket.unit, desk.now) if d.person is not ticket.about]
    if roster.passed_over(ticket.unit, ticket.about):
        own = next(iter(roster.levels(ticket.unit, desk.now, ticket.about)), [])
    return everyone([_holder(desk, roster, ticket), own])


def _holder(desk: Desk, roster: Roster, ticket: Ticket) -> list[OnDuty]:
    """Whoever has it now, or their stand-in."""
    if ticket.assignee is None:
        return []
    held = roster.present(OnDuty(ticket.assignee, ticket.unit, ""), desk.now)
    return [held] if held and held.person is not ticket.about else []


def staff_group(desk: Desk, unit: Unit) -> Chat | None:
    """The nearest staff group at or above this unit."""
    return next((g for u in unit.ladder() for g in groups_of(desk.session, [u.id], "staff")), None)


def staff_group_of(desk: Desk, ticket: Ticket) -> Chat | None:
    """The nearest that may know of it: not one in which somebody sits whom it is about."""
    home = home_unit(ticket)
    return None if home in closed_units(ticket) else staff_group(desk, home)


def ping(desk: Desk, ticket: Ticket, roster: Roster | None = None) -> bool:
    """Tell the one who must act, out of the group's sight; in quiet hours it waits for the morning unless urgent.

    False: nobody could be told so. `roster`: of its unit, where it was read before.
    """
    chat = _first_private(desk, ticket, roster)
    key = "ping_urgent" if ticket.urgent else "ping"
    if chat is not None:
        _tell(desk, ticket, chat, key, ping_buttons(desk, ticket))
    called = chat is not None or _tell_staff(desk, ticket)
    above = ticket.urgent and ticket.private and ping_level_above(desk, ticket)
    return called or above


def ping_past(desk: Desk, ticket: Ticket, deaf: set[int]) -> None:
    """Call the next who can be told, passing over the chats that refused it; else the staff group."""
    people = line_of(desk, ticket)
    chats = (private_chat(desk.session, p, ticket.chat.channel, ticket.chat.account) for p in people)
    chat = next((c for c in chats if c is not None and c.present and c.id not in deaf), None)
    if chat is not None:
        _tell(desk, ticket, chat, "ping_urgent" if ticket.urgent else "ping", ping_buttons(desk, ticket))
    elif (staff := staff_group_of(desk, ticket)) is not None and staff.id not in deaf:
        _tell(desk, ticket, staff, "ping_staff", ())


def _tell_staff(desk: Desk, ticket: Ticket) -> bool:
    """Nobody can be told privately: their group reads it, unless the card itself calls them."""
    staff = staff_group_of(desk, ticket) if ticket.private or not _mentioned(desk, ticket) else None
    if staff is not None:
        _tell(desk, ticket, staff, "ping_staff", ())
    return staff is not None


def ping_level_above(desk: Desk, ticket: Ticket) -> bool:
    """An urgent private matter is known to the nearest cadre at once too, where one can be told."""
    first = _first_private(desk, ticket)
    roster = read_roster(desk, ticket.unit)
    for unit in ticket.unit.ladder()[roster.passed_over(ticket.unit, ticket.about) :]:
        for duty in roster.here(unit, desk.now, CADRES):
            chat = private_chat(desk.session, duty.person, ticket.chat.channel, ticket.chat.account)
            if chat is not None and chat.present and chat is not first:
                _tell(desk, ticket, chat, "ping_urgent", ping_buttons(desk, ticket))
                return True
    return False


def tell_privately(desk: Desk, ticket: Ticket, key: str, **values: object) -> Letter | None:
    """A word about the ticket to whoever is in charge of it and can be reached; else to the staff group."""
    return offer_privately(desk, ticket, key, (), None, **values)


def offer_privately(
    desk: Desk, ticket: Ticket, key: str, buttons: Buttons, once: str | None, **values: object
) -> Letter | None:
    """The same with buttons under it; `once`: the key that keeps it from being said twice."""
    chat = _first_private(desk, ticket) or staff_group_of(desk, ticket)
    if chat is None:
        return None
    if ticket.private and not chat.private and "text" in values:
        values["text"] = desk.texts.line("private_what")
    says = desk.texts.segments(key, **{**_values(desk, ticket, chat), **values})
    return desk.write(chat, says, _travel(desk, ticket).but(buttons=buttons, dedupe=once))


def tell_reporter(desk: Desk, ticket: Ticket, key: str, how: Envelope, **values: object) -> Letter | None:
    """A word to the reporter alone, where they can be written to."""
    chat = reporter_chat(desk, ticket)
    return desk.write(chat, desk.texts.segments(key, **values), how.but(thread_id=None)) if chat else None


def ping_buttons(desk: Desk, ticket: Ticket) -> Buttons:
    line = desk.texts.line
    take = Button(line("button_take"), f"take:{ticket.number}")
    done = Button(line("button_done"), f"done:{ticket.number}")
    return ((take, done, Button(line("button_void"), f"void:{ticket.number}")),)


def _first_private(desk: Desk, ticket: Ticket, roster: Roster | None = None) -> Chat | None:
    people = here_on_duty(desk, ticket, roster)
    chats = (private_chat(desk.session, p, ticket.chat.channel, ticket.chat.account) for p in people)
    return next((c for c in chats if c is not None and c.present), None)


def _mentioned(desk: Desk, ticket: Ticket) -> bool:
    """Does the card itself reach the assignee? A line that is folded calls nobody."""
    known = ticket.assignee is not None and ticket.assignee.identity(ticket.chat.channel) is not None
    return known and not folds(desk, ticket.chat, Envelope(kind="ping", ticket_id=ticket.id))


def _tell(desk: Desk, ticket: Ticket, chat: Chat, key: str, buttons: Buttons) -> None:
    says = desk.texts.segments(key, **_values(desk, ticket, chat))
    how = _travel(desk, ticket).but(buttons=buttons, dedupe=f"ping:{ticket.number}:{ticket.reopened}:{chat.id}")
    desk.write(chat, says, how)


def _travel(desk: Desk, ticket: Ticket) -> Envelope:
    waits = None if ticket.urgent else desk.after_quiet()
    return Envelope(kind="ping", ticket_id=ticket.id, due_at=waits)


def _values(desk: Desk, ticket: Ticket, chat: Chat) -> dict[str, object]:
    assignee = ticket.assignee
    phone = desk.texts.line("ping_phone", phone=assignee.phone) if assignee and assignee.phone else ""
    return {**told(desk, ticket, chat), "assignee": assignee_name(desk, ticket), "phone": phone}
