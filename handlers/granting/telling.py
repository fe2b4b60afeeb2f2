"""Who hears of a decision: the asker alone, the resident always, the rest of the group only where they must."""

from typing import Any

from handlers.cards import tell_group
from handlers.desk import Desk, Envelope
from handlers.duty.roster import OnDuty
from handlers.notices import reach
from handlers.summon import tell_reporter
from handlers.turn import Turn
from models.chats import private_chat
from models.people import Person
from models.tickets import Ticket


def kind_word(desk: Desk, kind: str) -> str:
    """延期, 挂账, 退回 …"""
    return desk.texts.word("requests", kind)


def answer_alone(turn: Turn, key: str, **values: Any) -> None:
    """Answer a command privately where we can, so that a residents' group reads nothing of it."""
    chat = None
    if turn.chat.kind == "residents":
        chat = private_chat(turn.session, turn.sender, turn.chat.channel, turn.chat.account)
    if chat is not None and chat.present:
        turn.write(chat, turn.texts.segments(key, **values), Envelope())
    else:
        turn.say(key, **values)


def tell_person(desk: Desk, ticket: Ticket, person: Person | None, key: str, **values: object) -> None:
    """A word about the ticket to somebody of ours: privately, else in their staff group."""
    chat = reach(desk, ticket, OnDuty(person, ticket.unit, "")) if person is not None else None
    if chat is not None:
        waits = None if ticket.urgent else desk.after_quiet()
        desk.write(chat, desk.texts.segments(key, **values), Envelope(kind="ping", ticket_id=ticket.id, due_at=waits))


def tell_resident(desk: Desk, ticket: Ticket, key: str, **values: object) -> None:
    """R18: the reporter hears privately; who cannot be reached so reads one line where they reported."""
    waits = None if ticket.urgent else desk.after_quiet()
    how = Envelope(kind="reminder", ticket_id=ticket.id, due_at=waits)
    if tell_reporter(desk, ticket, key, how, number=ticket.number, **values) is None:
        tell_neighbours(desk, ticket, key, **values)


def tell_neighbours(desk: Desk, ticket: Ticket, key: str, **values: object) -> None:
    """One line in the group, where it has a card; of a private matter without its words."""
    if ticket.card_id is None and not ticket.chat.private:
        return
    how = Envelope(ticket_id=ticket.id, thread_id=ticket.thread_id, silent=desk.is_quiet() and not ticket.urgent)
    key = f"{key}_private" if ticket.private else key
    tell_group(desk, ticket, desk.texts.segments(key, number=ticket.number, **values), how)
