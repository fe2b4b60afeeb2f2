"""说事日 (R10): when it is, the calls before it, and moving or cancelling one date."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.desk import Desk, Envelope
from handlers.policy import Call
from handlers.rights import may_run
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import day_full, weekday
from models.chats import Chat, chats_without_plan, groups_of, groups_with_unit, take_due_chat
from models.meetings import change_talk_day, talk_changes
from models.units import Unit, subtree

router = Router()

AHEAD = 100  # days to look for the next date; more than three months without one means that there is none
CHANGE = re.compile(
    r"(?:(\d{1,2})月)?(\d{1,2})[日号]?\s*(改|取消)\s*(?:(?:到|为)?\s*(?:(\d{1,2})月)?(\d{1,2})[日号]?)?\s*(.*)", re.S
)


@dataclass(frozen=True)
class Slot:
    """One call to be posted: for the meeting of that day, at that instant."""

    at: datetime
    day: date
    call: Call


def regular_days(desk: Desk, start: date, days: int) -> Iterator[date]:
    """The dates that the settings give, from `start` on, before any change."""
    rule = desk.policy.talk_days
    for offset in range(days):
        day = start + timedelta(days=offset)
        if _shifted(rule.days, day) if rule.shift_weekends else day.day in rule.days:
            yield day


def talk_days(desk: Desk, unit: Unit, start: date, days: int) -> list[date]:
    """The dates that hold for a unit: moved and cancelled ones put right."""
    changes = talk_changes(desk.session, unit)
    plain = [d for d in regular_days(desk, start, days) if d not in changes]
    moved = [c.new_day for c in changes.values() if c.new_day and start <= c.new_day < start + timedelta(days=days)]
    return sorted({*plain, *moved})


def next_slot(desk: Desk, unit: Unit, after: datetime) -> Slot | None:
    """The first call after this instant."""
    start = desk.policy.local(after).date()
    slots = [
        Slot(desk.policy.at(day - timedelta(days=call.days_before), call.at), day, call)
        for day in talk_days(desk, unit, start, AHEAD)
        for call in desk.policy.talk_days.remind
    ]
    return min((s for s in slots if s.at > after), key=lambda s: s.at, default=None)


def plan_chat(desk: Desk, chat: Chat) -> None:
    """Set when the group is next called; a slot that came due while we were away is kept."""
    if chat.unit is None:
        return
    after = desk.now
    if chat.talk_due_at is not None and chat.talk_due_at <= desk.now:
        after = chat.talk_due_at - timedelta(microseconds=1)
    slot = next_slot(desk, chat.unit, after)
    chat.talk_due_at = slot.at if slot else None


def replan(desk: Desk) -> None:
    """At the start: the settings may have changed since the plans were made."""
    for chat in groups_with_unit(desk.session):
        plan_chat(desk, chat)


@router.step
def plan_one(desk: Desk) -> bool:
    """Groups that came with the file have no plan yet."""
    before = [c for c in chats_without_plan(desk.session) if c.talk_due_at is None]
    for chat in before:
        plan_chat(desk, chat)
    return False


@router.step
def call_one(desk: Desk) -> bool:
    """Post one call that is due; a stale one (for a day that has begun or gone) is dropped."""
    taken = take_due_chat(desk.session, "talk_due_at", desk.now)
    if taken is None:
        return False
    chat, instant = taken
    if chat.unit is None:
        return True
    slot = next_slot(desk, chat.unit, instant - timedelta(microseconds=1))
    if slot is not None and slot.at <= desk.now:
        post_call(desk, chat, slot)
        slot = next_slot(desk, chat.unit, slot.at)
    chat.talk_due_at = slot.at if slot else None
    return True


def post_call(desk: Desk, chat: Chat, slot: Slot) -> None:
    """The evening's call holds until midnight, the morning's until the meeting ends."""
    rule = desk.policy.talk_days
    ends = desk.policy.at(slot.day, rule.end)
    until = ends if slot.call.days_before == 0 else desk.policy.at(slot.day, time(0)) - _days(slot.call.days_before - 1)
    if desk.now >= until:
        return
    how = Envelope(
        kind="reminder",
        silent=desk.is_quiet(),
        expires_at=until,
        dedupe=f"talk:{chat.id}:{slot.day}:{slot.call.days_before}:{slot.call.at:%H%M}",
    )
    desk.write(chat, desk.texts.segments(_call_key(slot), **_values(desk, slot)), how)


@router.command("talk", "说事日", text=True)
def change(turn: Turn) -> None:
    """`说事日 20日 改 24日 春节`, `说事日 20日 取消 理由`: one date, with a reason; every group below is told once."""
    unit = turn.chat.unit or next((p.unit for p in (turn.known.held() if turn.known else [])), None)
    turn.outcome.became("command")
    if unit is not None and not turn.args:
        _say_next(turn, unit)
        return
    if unit is None or not may_run(turn.known, unit):
        raise Refusal("staff_only")
    day, new_day, reason = _read(turn, unit, turn.args)
    change_talk_day(turn.session, unit, day, new_day, reason, turn.sender.id, turn.now)
    key = "talk_moved" if new_day else "talk_cancelled"
    values = {"day": day_full(turn, day), "reason": reason, "new_day": day_full(turn, new_day) if new_day else ""}
    for chat in groups_of(turn.session, subtree(turn.session, unit), "residents", "staff"):
        told = Envelope(
            kind="reminder", silent=turn.is_quiet(), dedupe=f"talkchange:{chat.id}:{day}:{new_day}:{turn.now}"
        )
        turn.write(chat, turn.texts.segments(key, **values), told)
        plan_chat(turn, chat)


def _say_next(turn: Turn, unit: Unit) -> None:
    rule = turn.policy.talk_days
    coming = talk_days(turn, unit, turn.policy.local(turn.now).date(), AHEAD)
    if not coming:
        raise Refusal("talk_usage")
    turn.say("talk_next", day=day_full(turn, coming[0]), hours=_hours(turn), venue=rule.venue)


def _read(turn: Turn, unit: Unit, written: str) -> tuple[date, date | None, str]:
    found = CHANGE.fullmatch(written.strip())
    if found is None or not found[6].strip() or (found[3] == "改") != bool(found[5]):
        raise Refusal("talk_usage")
    today = turn.policy.local(turn.now).date()
    day = _coming(today, found[1], found[2])
    if day is None:
        raise Refusal("talk_usage")
    if day not in talk_days(turn, unit, today, AHEAD):
        raise Refusal("talk_not_a_day", day=day_full(turn, day))
    new_day = _coming(today, found[4] or (str(day.month) if int(found[5] or 0) >= day.day else None), found[5])
    if found[3] == "改" and (new_day is None or new_day < today):
        raise Refusal("talk_usage")
    return day, new_day if found[3] == "改" else None, found[6].strip()


def _coming(today: date, month: str | None, day: str | None) -> date | None:
    """The next date with this day of the month (and month, when given)."""
    if day is None:
        return None
    for offset in range(AHEAD):
        candidate = today + timedelta(days=offset)
        if candidate.day == int(day) and (month is None or candidate.month == int(month)):
            return candidate
    return None


def _shifted(days: tuple[int, ...], day: date) -> bool:
    """Is this a working day that is the date itself, or the Monday after a weekend date?"""
    if day.weekday() >= 5:
        return False
    weekend = [day - timedelta(days=n) for n in (1, 2)] if day.weekday() == 0 else []
    return any(d.day in days for d in (day, *weekend))


def _call_key(slot: Slot) -> str:
    return {0: "talk_morning", 1: "talk_eve"}.get(slot.call.days_before, "talk_ahead")


def _values(desk: Desk, slot: Slot) -> dict[str, object]:
    rule = desk.policy.talk_days
    name = weekday(desk, slot.day)
    weekend = desk.texts.line("talk_weekend", weekday=name) if slot.day.weekday() >= 5 else ""
    day = desk.texts.line("day_eve", month=calendar.month_abbr[slot.day.month], day=slot.day.day, weekday=name)
    return {"day": day, "weekend": weekend, "hours": _hours(desk), "venue": rule.venue, "present": rule.present}


def _hours(desk: Desk) -> str:
    rule = desk.policy.talk_days
    return f"{rule.start.hour}:{rule.start:%M}–{rule.end.hour}:{rule.end:%M}"


def _days(n: int) -> timedelta:
    return timedelta(days=n)
