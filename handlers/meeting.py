"""说事日: the calls, the evening before and in the morning."""

import logging

from handlers.desk import Desk, Envelope
from handlers.router import Router
from handlers.talk_days import Slot, current_slot, next_slot
from handlers.wording import hours, month, weekday
from models.chats import Chat, take_due_chat

log = logging.getLogger(__name__)

router = Router()


@router.step
def call_one(desk: Desk) -> bool:
    """Post one group's call; one that came too late (for a day that has begun or gone) is never sent."""
    taken = take_due_chat(desk.session, "talk_due_at", desk.now)
    if taken is None:
        return False
    chat, _ = taken
    if chat.unit is None:
        return True
    if slot := current_slot(desk, chat.unit):
        post_call(desk, chat, slot)
    else:
        log.info("a reminder for a day that has gone was dropped", {"event": "notice_stale", "kind": "talk"})
    coming = next_slot(desk, chat.unit, desk.now)
    chat.talk_due_at = coming.at if coming else None
    return True


def post_call(desk: Desk, chat: Chat, slot: Slot) -> None:
    how = Envelope(
        kind="reminder",
        silent=desk.is_quiet(),
        expires_at=slot.until,
        dedupe=f"{calls_for(chat, slot.day)}{slot.call.days_before}:{slot.call.at:%H%M}",
    )
    desk.write(chat, desk.texts.segments(_call_key(slot), **_values(desk, slot)), how)


def calls_for(chat: Chat, day: object) -> str:
    """How the `dedupe` of every call for that day begins."""
    return f"talk:{chat.id}:{day}:"


def _call_key(slot: Slot) -> str:
    return {0: "talk_morning", 1: "talk_eve"}.get(slot.call.days_before, "talk_ahead")


def _values(desk: Desk, slot: Slot) -> dict[str, object]:
    rule = desk.policy.talk_days
    name = weekday(desk, slot.day)
    weekend = desk.texts.line("talk_weekend", weekday=name) if slot.day.weekday() >= 5 else ""
    day = desk.texts.line("day_eve", month=month(desk, slot.day), day=slot.day.day, weekday=name)
    return {"day": day, "weekend": weekend, "hours": hours(rule), "venue": rule.venue, "present": rule.present}
