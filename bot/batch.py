"""What the events of a batch have in common is asked of the database once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.chats import find_chat
from models.heard import HEAR, give_back_updates, take_updates
from models.messages import Event, Incoming, Migrated
from models.once import expect, see_once


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
    expect(session, "chat", {(event.channel, event.chat_id) for event in spoken})
    expect(session, "identity", {(event.channel, event.sender.id) for event in spoken if event.sender.id})
    said = [(event, find_chat(session, event.channel, event.chat_id)) for event in spoken]
    chats = {chat for _, chat in said if chat is not None}
    units = {chat.unit_id for chat in chats if chat.unit_id is not None}
    expect(session, HEAR, {chat.id for chat in chats if not chat.private})
    for kind in ("landmarks", "lively", "spoken lately"):
        expect(session, kind, units)
    quoted = ((event.reply_to, chat) for event, chat in said if isinstance(event, Incoming) and event.reply_to and chat)
    expect(session, "at", {(chat.id, reply.message_id) for reply, chat in quoted if reply.message_id})


def _account(event: Event) -> str:
    return f"{event.channel}:{event.account}"
