"""Open matters go to somebody else: a history row each, and one private letter that lists them all."""

from collections.abc import Sequence
from typing import Any

from handlers.cards import refresh_card
from handlers.desk import Desk, Envelope
from handlers.limits.clock import call_holder
from handlers.summon import staff_group_of
from handlers.wording import what, when_full
from models.chats import Chat, private_chat
from models.people import Person
from models.tickets import Ticket

MOST_LINES = 20


def give(desk: Desk, ticket: Ticket, to: Person, by: Person | None, **why: int) -> None:
    """From now on they have it. Who was asked first stays so (R34); the promise to the residents stands."""
    change: dict[str, Any] = {"before": ticket.assignee_id, "after": to.id, **why}
    ticket.record("assigned", by=by, at=desk.now, **change)
    ticket.assignee = to
    if ticket.responded_at is None and ticket.called_at is not None and ticket.state != "suspended":
        call_holder(desk, ticket)
    refresh_card(desk, ticket)


def list_to(desk: Desk, person: Person, key: str, tickets: Sequence[Ticket], **values: object) -> bool:
    """One letter about all of these; at night it waits. False: they cannot be reached, nor can their staff group."""
    told = False
    for chat, group in _by_chat(desk, person, tickets).items():
        lines = "".join(_line(desk, chat, t) for t in group[:MOST_LINES])
        if len(group) > MOST_LINES:
            lines += desk.texts.line("todo_more", count=len(group) - MOST_LINES)
        says = desk.texts.segments(key, person=person.name, count=len(group), lines=lines, **values)
        told |= desk.write(chat, says, Envelope(kind="ping", due_at=desk.after_quiet())) is not None
    return told


def tell(desk: Desk, person: Person, key: str, **values: object) -> bool:
    """A private word that is about no ticket, wherever they can be written to; at night it waits."""
    chats = [
        chat
        for identity in person.identities
        if (chat := private_chat(desk.session, person, identity.channel, "")) is not None and chat.present
    ]
    for chat in chats:
        desk.write(chat, desk.texts.segments(key, **values), Envelope(kind="ping", due_at=desk.after_quiet()))
    return bool(chats)


def _by_chat(desk: Desk, person: Person, tickets: Sequence[Ticket]) -> dict[Chat, list[Ticket]]:
    found: dict[Chat, list[Ticket]] = {}
    for ticket in tickets:
        own = private_chat(desk.session, person, ticket.chat.channel, ticket.chat.account)
        chat = own if own is not None and own.present else staff_group_of(desk, ticket)
        if chat is not None:
            found.setdefault(chat, []).append(ticket)
    return found


def _line(desk: Desk, chat: Chat, ticket: Ticket) -> str:
    named = what(desk, ticket, openly=not chat.private)
    return desk.texts.line("handover_line", number=ticket.number, what=named, due=when_full(desk, ticket.due_at))
