"""The tickets beside the chat: state, promise, history, and the words and rules that decided."""

from typing import Any

from bot.demo.room import Room
from bot.demo.script import RESIDENTS
from handlers.desk import Desk
from handlers.limits.clock import light
from handlers.rights import may
from handlers.wording import category_word, day_full, first_asked, state_word, what, when_full
from models.chats import find_chat
from models.matters import newest_tickets
from models.messages import Sender
from models.people import find_person
from models.tickets import Ticket, TicketEvent

MOST = 50
Card = dict[str, Any]


def ticket_cards(room: Room, desk: Desk, viewer: Sender) -> list[Card]:
    """Newest first. Of a private matter only those who answer for it, and its reporter, see more than that it is."""
    person = find_person(desk.session, room.channel.name, viewer.id)
    chat = find_chat(desk.session, room.channel.name, viewer.id or RESIDENTS)
    found = []
    for ticket in newest_tickets(desk.session, MOST):
        hidden = ticket.private and (chat is None or not may("see_private", person, chat, ticket))
        found.append(_card(desk, ticket) | ({"hidden": True} if hidden else _inside(room, desk, ticket)))
    return found


def _card(desk: Desk, ticket: Ticket) -> Card:
    """What everybody may see."""
    return {
        "number": ticket.number,
        "title": what(desk, ticket),
        "state": ticket.state,
        "state_word": state_word(desk, ticket),
        "open": ticket.is_open,
        "light": light(desk, ticket) if ticket.is_open else "done",
        "assignee": ticket.assignee.name if ticket.assignee else "",
        "first": "" if ticket.private else first_asked(desk, ticket),
        "due": when_full(desk, ticket.due_at),
        "urgent": ticket.urgent,
        "private": ticket.private,
        "households": ticket.households,
        "hidden": False,
    }


def _inside(room: Room, desk: Desk, ticket: Ticket) -> Card:
    verdict, opened = ticket.verdict, ticket.history[0]
    return {
        "title": what(desk, ticket, openly=False),
        "category": category_word(desk, ticket.category),
        "text": ticket.text,
        "reporter": ticket.reporter.name if ticket.reporter else "",
        "photos": [f.ref for f in ticket.files],
        "by_hand": bool(opened.data.get("by_hand")),
        "score": round(float(verdict.get("score", 0)), 2),
        "version": verdict.get("rules_version", ""),
        "because": [_reason(room, reason) for reason in verdict.get("because", ())],
        "history": [_event(room, desk, event) for event in ticket.history],
    }


def _reason(room: Room, reason: dict[str, Any]) -> Card:
    learned = room.script.words["sources"].get(reason["rule"])
    return {
        "rule": learned or reason["rule"],
        "learned": learned is not None,
        "words": list(reason["words"]),
        "weight": round(float(reason["weight"]), 2),
    }


def _event(room: Room, desk: Desk, event: TicketEvent) -> Card:
    local = desk.policy.local(event.at)
    return {
        "kind": event.kind,
        "when": f"{day_full(desk, local.date())} {local:%H:%M}",
        "what": room.script.words["events"].get(event.kind, event.kind),
        "by": event.by.name if event.by else "",
        "note": event.note,
    }
