"""What the events of a batch have in common is asked of the database once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.chats import find_chat
from models.heard import HEAR
from models.messages import Event, Incoming, Migrated
from models.once import expect, see_once
from models.taken import give_back_updates, take_updates


def take_fresh(session: Session, events: Sequence[Event], now: datetime) -> list[bool]:
    """Which of them are ours to deal with: nobody took them before, and each stands for the first of its number."""
    see_once(session)
    ours = _taken(session, events, now)
    fresh = []
    for event in events:
        key = _account(event), event.event_id
        fresh.append(key in ours)
        ours.discard(key)
    return fresh


def leave_rest(session: Session, events: Sequence[Event], fresh: Sequence[bool], begin: int) -> None:
    """What comes from `begin` on is not dealt with in this transaction after all."""
    numbers: dict[str, list[str]] = {}
    for event, ours in zip(events[begin:], fresh[begin:], strict=True):
        if ours:
            numbers.setdefault(_account(event), []).append(event.event_id)
    for account, ids in numbers.items():
        give_back_updates(session, account, ids)


def _taken(session: Session, events: Sequence[Event], now: datetime) -> set[tuple[str, str]]:
    numbers: dict[str, dict[str, None]] = {}
    for event in events:
        numbers.setdefault(_account(event), {})[event.event_id] = None
    return {(account, taken) for account, ids in numbers.items() for taken in take_updates(session, account, ids, now)}


def look_ahead(session: Session, events: Sequence[Event]) -> None:
    """Where and by whom it was said, and what is known there: read for all of them at the first question."""
    spoken = [event for event in events if not isinstance(event, Migrated)]
    expect(session, "identity", {(event.channel, event.sender.id) for event in spoken if event.sender.id})
    places = {(event.channel, event.chat_id) for event in spoken}
    expect(session, "chat", places)
    met = {place: find_chat(session, *place) for place in places}
    chats = {chat for chat in met.values() if chat is not None}
    units = {chat.unit_id for chat in chats if chat.unit_id is not None}
    expect(session, HEAR, {chat.id for chat in chats if not chat.private})
    for kind in ("landmarks", "lively", "spoken lately"):
        expect(session, kind, units)
    replies = [(met[e.channel, e.chat_id], e.reply_to) for e in spoken if isinstance(e, Incoming) and e.reply_to]
    expect(session, "at", {(chat.id, quoted.message_id) for chat, quoted in replies if chat and quoted.message_id})


def _account(event: Event) -> str:
    return f"{event.channel}:{event.account}"
