"""A message on which our own code failed: kept until it is retried or judged; the others go on."""

import json
import logging
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import __version__
from bot.observing.telling import type_and_place
from bot.reading.privacy import mask
from bot.retry import AFTER
from models.heard import keep_failed
from models.incidents import note_incident
from models.messages import Event, Incoming

log = logging.getLogger(__name__)


def keep(session: Session, event: Event, now: datetime, fault: Exception) -> None:
    """With what it failed, for the next try; an operator is told."""
    told = {"event": "message_failed", "update": event.event_id, "why": type(fault).__name__}
    log.error("event %(update)s failed: %(why)s", told, exc_info=fault)
    kept = json.dumps(asdict(_masked(event)), ensure_ascii=False, default=str)
    account = f"{event.channel}:{event.account}"
    row = keep_failed(session, account, event.event_id, kept, type_and_place(fault), now)
    row.next_at, row.version = now + AFTER[0], __version__
    note_incident(session, "message", account, now, account)


def _masked(event: Event) -> Event:
    """What nobody may read is not kept."""
    if not isinstance(event, Incoming):
        return event
    quoted = event.reply_to and replace(event.reply_to, text=mask(event.reply_to.text))
    return replace(event, text=mask(event.text), reply_to=quoted)
