"""说事日 (R10): on which dates it is, and when the calls before it are due."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.desk import Desk
from handlers.policy import Call, TalkDays
from models.meetings import TalkChange, talk_changes
from models.units import Unit

AHEAD = 200  # days to look for the next date: more than half a year without one means that there is none
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slot:
    """One call: for the meeting of that day, to be posted at that instant, of use until `until`."""

    at: datetime
    until: datetime
    day: date
    call: Call


def regular_days(rule: TalkDays, start: date, days: int) -> Iterator[date]:
    """The dates that the settings give, from `start` on, before any change."""
    for offset in range(days):
        day = start + offset * DAY
        if _shifted(rule, day) if rule.shift_weekends else _named(rule, day):
            yield day


def talk_days(desk: Desk, unit: Unit, start: date, days: int = AHEAD) -> list[date]:
    """The dates that hold for a unit: moved and cancelled ones put right."""
    changes = talk_changes(desk.session, unit)
    plain = [d for d in regular_days(desk.policy.talk_days, start, days) if d not in changes]
    moved = [c.new_day for c in changes.values() if c.new_day and start <= c.new_day < start + days * DAY]
    return sorted({*plain, *moved})


def origins(desk: Desk, unit: Unit, day: date) -> list[date]:
    """The regular dates that are meant by `day`: itself, changed or not, or those that were moved to it."""
    own = list(regular_days(desk.policy.talk_days, day, 1))
    changes = talk_changes(desk.session, unit)
    return own + [first for first, change in changes.items() if change.new_day == day and first not in own]


def change_of(desk: Desk, unit: Unit, day: date) -> TalkChange | None:
    """What was decided about this date, if anything."""
    return talk_changes(desk.session, unit).get(day)


def next_slot(desk: Desk, unit: Unit, after: datetime) -> Slot | None:
    """The first call after this instant."""
    coming = (s for s in _slots(desk, unit, after) if s.at > after)
    return min(coming, key=lambda s: s.at, default=None)


def current_slot(desk: Desk, unit: Unit) -> Slot | None:
    """The newest call that is due and still of use; a late start sends only this one."""
    due = (s for s in _slots(desk, unit, desk.now) if s.at <= desk.now < s.until)
    return max(due, key=lambda s: s.at, default=None)


def _slots(desk: Desk, unit: Unit, around: datetime) -> Iterator[Slot]:
    rule = desk.policy.talk_days
    for day in talk_days(desk, unit, desk.policy.local(around).date()):
        for call in rule.remind:
            at = desk.policy.at(day - call.days_before * DAY, call.at)
            yield Slot(at, _until(desk, day, call), day, call)


def _until(desk: Desk, day: date, call: Call) -> datetime:
    """An evening's call holds until midnight, the morning's until the meeting ends."""
    if call.days_before == 0:
        return desk.policy.at(day, desk.policy.talk_days.end)
    return desk.policy.at(day - (call.days_before - 1) * DAY, time(0))


def _named(rule: TalkDays, day: date) -> bool:
    """Is it one of the days of the month? A month too short for the 31st has it on its last day."""
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day in rule.days or (day.day == last and any(d > last for d in rule.days))


def _shifted(rule: TalkDays, day: date) -> bool:
    """Is this a working day that is the date itself, or the Monday after a weekend date?"""
    if day.weekday() >= 5:
        return False
    weekend = [day - n * DAY for n in (1, 2)] if day.weekday() == 0 else []
    return any(_named(rule, d) for d in (day, *weekend))
