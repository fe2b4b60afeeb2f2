"""A message on which our code failed is tried again: soon, later, by the next start; then an operator judges."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from bot import __version__
from bot.clock import Clock
from bot.observing.telling import type_and_place
from models.database import Sessions, is_engine_fault
from models.failures import any_failed, take_due_failed, try_at_start
from models.heard import Failed
from models.incidents import end_incident, note_incident
from models.messages import Event, Incoming, Membership, Migrated, Press

log = logging.getLogger(__name__)

AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))  # of the first, second and third try


class Deals(Protocol):
    """What of the inbox is needed here."""

    def deal_again(self, session: Session, event: Event) -> None:
        """With the message's own time. Raises what it fails with."""


class Retry:
    """Each try is one transaction with what the message does, so it counts once, whoever is killed or quicker."""

    def __init__(self, sessions: Sessions, clock: Clock, inbox: Deals, version: str = __version__) -> None:
        self._sessions, self._clock, self._inbox, self._version = sessions, clock, inbox, version

    def begin(self) -> None:
        """At the start: a new version may know better, and the same one is given one more try."""
        with self._sessions.begin() as session:
            try_at_start(session, self._clock.now(), self._version, len(AFTER))

    def one(self) -> bool:
        """Try the next one that is due. False: there is none."""
        now = self._clock.now()
        with self._sessions.begin() as session:
            row = take_due_failed(session, now)
            if row is not None:
                self._again(session, row, now)
        return row is not None

    def _again(self, session: Session, row: Failed, now: datetime) -> None:
        told = {"event": "message_retried", "update": row.event_id, "tries": row.tries + 1}
        try:
            with session.begin_nested():
                self._inbox.deal_again(session, event_of(row.event))
        except Exception as fault:
            if is_engine_fault(fault):
                raise
            why = {
                "event": "message_failed",
                "update": row.event_id,
                "tries": row.tries + 1,
                "why": type(fault).__name__,
            }
            log.error("event %(update)s failed again: %(why)s", why, exc_info=fault)
            self._failed_again(session, row, now, fault)
            return
        log.info("event %(update)s is done at last", told)
        session.delete(row)
        session.flush()
        if not any_failed(session, row.account):
            end_incident(session, "message", row.account, now)

    def _failed_again(self, session: Session, row: Failed, now: datetime, fault: Exception) -> None:
        row.tries, row.version, row.error = row.tries + 1, self._version, type_and_place(fault)
        row.next_at = now + AFTER[row.tries] if row.tries < len(AFTER) else None
        note_incident(session, "message", row.account, now, row.account)


def event_of(kept: str) -> Event:
    """The event as it was kept; ValueError when it is none of ours."""
    data = json.loads(kept)
    return TypeAdapter[Any](kind_of(data)).validate_python(data)  # type: ignore[no-any-return]


def kind_of(data: dict[str, Any]) -> type[Event]:
    """Told by what only it has."""
    for key, kind in (("old_chat_id", Migrated), ("present", Membership), ("action", Press)):
        if key in data:
            return kind
    return Incoming
