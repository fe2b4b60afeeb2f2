"""Calling the responsible person: privately where they can be reached, else the deputy, else the staff group."""

from collections.abc import Iterator

from handlers.cards import reporter_chat
from handlers.desk import Buttons, Desk, Envelope
from handlers.wording import assignee_name, clip, what, when
from models.chats import Chat, groups_of, private_chat
from models.letters import Letter
from models.people import ON_DUTY, Person, holders
from models.posts import Button
from models.tickets import Ticket
from models.units import Unit


def choose_assignee(desk: Desk, unit: Unit, channel: str) -> Person | None:
    """Who answers for the unit: the first grid member or deputy whom this channel can reach, else whoever is named."""
    named = [p.person for p in holders(desk.session, unit, "grid_member", "deputy")]
    named = named or [p.person for u in unit.ladder() for p in holders(desk.session, u, "cadre", "supervisor")]
    return next((p for p in named if p.identity(channel)), named[0] if named else None)


def line_of(desk: Desk, ticket: Ticket) -> Iterator[Person]:
    """Everybody who can be asked about it, nearest first: assignee, the others on duty here, then the levels above."""
    seen: set[int] = set()
    first = [ticket.assignee] if ticket.assignee else []
    posts = [p.person for u in ticket.unit.ladder() for p in holders(desk.session, u, *ON_DUTY)]
    for person in [*first, *posts]:
        if person.id not in seen:
            seen.add(person.id)
            yield person


def here_on_duty(desk: Desk, ticket: Ticket) -> Iterator[Person]:
    """The same without the levels above."""
    own = {p.person_id for p in holders(desk.session, ticket.unit, *ON_DUTY)} | {ticket.assignee_id}
    return (p for p in line_of(desk, ticket) if p.id in own)


def staff_group(desk: Desk, unit: Unit) -> Chat | None:
    """The nearest staff group at or above this unit."""
    return next((g for u in unit.ladder() for g in groups_of(desk.session, [u.id], "staff")), None)


def ping(desk: Desk, ticket: Ticket) -> bool:
    """Tell the one who must act, out of the group's sight; in quiet hours it waits for the morning unless urgent.

    False: nobody could be told so.
    """
    chat = _first_private(desk, ticket)
    key = "ping_urgent" if ticket.urgent else "ping"
    staff = staff_group(desk, ticket.unit) if ticket.private or not _mentioned(ticket) else None
    if chat is not None:
        _tell(desk, ticket, chat, key, ping_buttons(desk, ticket))
    elif staff is not None:
        _tell(desk, ticket, staff, "ping_staff", ())
    above = ticket.urgent and ticket.private and ping_level_above(desk, ticket)
    return chat is not None or staff is not None or above


def ping_level_above(desk: Desk, ticket: Ticket) -> bool:
    """An urgent private matter is known to the nearest cadre at once too, where one can be told."""
    first = _first_private(desk, ticket)
    for unit in ticket.unit.ladder():
        for post in holders(desk.session, unit, "cadre", "supervisor"):
            chat = private_chat(desk.session, post.person, ticket.chat.channel, ticket.chat.account)
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
    chat = _first_private(desk, ticket) or staff_group(desk, ticket.unit)
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


def _first_private(desk: Desk, ticket: Ticket) -> Chat | None:
    chats = (
        private_chat(desk.session, p, ticket.chat.channel, ticket.chat.account) for p in here_on_duty(desk, ticket)
    )
    return next((c for c in chats if c is not None and c.present), None)


def _mentioned(ticket: Ticket) -> bool:
    """Has the card itself reached the assignee?"""
    return ticket.assignee is not None and ticket.assignee.identity(ticket.chat.channel) is not None


def _tell(desk: Desk, ticket: Ticket, chat: Chat, key: str, buttons: Buttons) -> None:
    says = desk.texts.segments(key, **_values(desk, ticket, chat))
    how = _travel(desk, ticket).but(buttons=buttons, dedupe=f"ping:{ticket.number}:{ticket.reopened}:{chat.id}")
    desk.write(chat, says, how)


def _travel(desk: Desk, ticket: Ticket) -> Envelope:
    waits = None if ticket.urgent else desk.after_quiet()
    return Envelope(kind="ping", ticket_id=ticket.id, due_at=waits)


def _values(desk: Desk, ticket: Ticket, chat: Chat) -> dict[str, object]:
    hidden = ticket.private and not chat.private  # a staff group is a group too
    assignee = ticket.assignee
    return {
        "number": ticket.number,
        "unit": ticket.unit.name,
        "what": what(desk, ticket, openly=hidden),
        "reporter": ticket.reporter.name if ticket.reporter else "",
        "at": when(desk, ticket.opened_at),
        "text": clip(ticket.text),
        "take_by": when(desk, ticket.respond_due_at or ticket.due_at),
        "due": when(desk, ticket.due_at),
        "assignee": assignee_name(desk, ticket),
        "phone": desk.texts.line("ping_phone", phone=assignee.phone) if assignee and assignee.phone else "",
    }
