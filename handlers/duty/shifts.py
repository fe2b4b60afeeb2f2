"""The roster in the chat (值班): who is on duty now and this week, and setting or cancelling a shift."""

import re
from datetime import timedelta
from typing import Any

from handlers.duty.dates import NoSuchDate
from handlers.duty.handover import tell
from handlers.duty.hours import Hours
from handlers.duty.roster import LEVEL, OnDuty, read_roster
from handlers.duty.telling import days_words, duty_name, hours_words, span_words
from handlers.duty.written import Line, read_line
from handlers.rights import RESPONSIBLE, is_member, may_run
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import listed
from models.people import ON_DUTY, Person, people_called
from models.roster import Shift, leaves_after, shifts_in
from models.units import Unit

router = Router()

WEEK = timedelta(days=7)
CANCEL = re.compile(r"取消|cancel\b", re.IGNORECASE)


@router.command("roster", "值班", text=True)
def roster(turn: Turn) -> None:
    """Alone: who is on duty. `值班 周六周日 8:00-20:00 陈副` sets a shift, `值班 取消 周六 陈副` ends it.

    A cadre sets anybody's; a member adds their own, but does not cancel it: that would leave a hole that nobody saw.
    """
    unit = _unit(turn)
    turn.outcome.became("command")
    written = turn.args.strip()
    if not written or not (is_member(turn.known, unit) or _serves(turn.sender, unit)):
        turn.answer(turn.texts.segments("plain", text=_shown(turn, unit)))
        return
    cancelled = CANCEL.match(written)
    try:
        line = read_line(written[cancelled.end() :] if cancelled else written, turn.said_at, turn.policy.tz)
    except NoSuchDate:
        raise Refusal("roster_usage") from None
    if cancelled:
        _cancel(turn, unit, line)
    else:
        _set(turn, unit, line)


def _unit(turn: Turn) -> Unit:
    held = [p.unit for p in turn.known.held() if p.role in RESPONSIBLE] if turn.known else []
    unit = turn.chat.unit or next(iter(held), None)
    if unit is None:
        raise Refusal("which_group" if turn.chat.private else "unbound")
    return unit


def _set(turn: Turn, unit: Unit, line: Line) -> None:
    hours = line.shift()
    if hours is None:
        raise Refusal("roster_usage")
    person = _whose(turn, unit, line.rest)
    if person is not turn.sender and not may_run(turn.known, unit):
        raise Refusal("staff_only")
    same = [s for s in shifts_in(turn.session, [unit.id]) if s.person_id == person.id and Hours.of(s) == hours]
    if not same:
        shift = Shift(unit_id=unit.id, person_id=person.id, weekdays=hours.weekdays, day=hours.day)
        shift.start, shift.end = hours.start, hours.end
        turn.session.add(shift)
        turn.session.flush()
    values: dict[str, Any] = {
        "name": person.name,
        "unit": unit.name,
        "days": days_words(turn, hours),
        "hours": hours_words(hours),
    }
    turn.say("roster_set", **values)
    if person is not turn.sender and not same:
        tell(turn, person, "roster_yours", **values)


def _cancel(turn: Turn, unit: Unit, line: Line) -> None:
    """Every shift of that person on these days; without days all of theirs."""
    if not may_run(turn.known, unit):
        raise Refusal("roster_cancel_above")
    person = _whose(turn, unit, line.rest)
    ended = [s for s in shifts_in(turn.session, [unit.id]) if s.person_id == person.id and _meant(s, line)]
    if not ended:
        raise Refusal("roster_none", name=person.name)
    for shift in ended:
        shift.ended_at = turn.now
    turn.session.flush()
    turn.say("roster_cancelled", name=person.name, count=len(ended))


def _meant(shift: Shift, line: Line) -> bool:
    hours = Hours.of(shift)
    same_days = line.days is None or (line.days.weekdays, line.days.day) == (hours.weekdays, hours.day)
    return same_days and (line.hours is None or line.hours == (hours.start, hours.end))


def _whose(turn: Turn, unit: Unit, name: str) -> Person:
    """The one named, who must have a post in the unit or above it; without a name the sender."""
    found = people_called(turn.session, turn.event.channel, name) if name else [turn.sender]
    found = [p for p in found if _serves(p, unit)]
    if len(found) != 1:
        raise Refusal("roster_whom", name=name or turn.sender.name)
    return found[0]


def _serves(person: Person, unit: Unit) -> bool:
    return any(post.unit in unit.ladder() for post in person.held())


def _shown(turn: Turn, unit: Unit) -> str:
    """Now, the levels above, and the shifts; leave only to those who work here, and its reason to nobody."""
    line, now = turn.texts.line, read_roster(turn, unit)
    rows = [line("roster_head", unit=unit.name), _now(turn, now.here(unit, turn.now, ON_DUTY))]
    rows += [
        line("roster_above", unit=u.name, names=_names(turn, found))
        for u in unit.above()
        if (found := now.here(u, turn.now, LEVEL))
    ]
    for shift in shifts_in(turn.session, [unit.id]):
        hours = Hours.of(shift)
        values = {"days": days_words(turn, hours), "hours": hours_words(hours), "name": shift.person.name}
        if hours.day is None or hours.day >= turn.policy.local(turn.now).date():
            rows.append(line("roster_shift", **values))
    return "".join([*rows, *(_leaves(turn, unit) if is_member(turn.known, unit) else [])])


def _now(turn: Turn, found: list[OnDuty]) -> str:
    if not found:
        return turn.texts.line("roster_nobody")
    return turn.texts.line("roster_now", names=_names(turn, found))


def _names(turn: Turn, found: list[OnDuty]) -> str:
    return listed(turn, [duty_name(turn, duty) for duty in found])


def _leaves(turn: Turn, unit: Unit) -> list[str]:
    coming = leaves_after(turn.session, turn.now)
    own = [x for x in coming if x.start < turn.now + WEEK and any(p.unit == unit for p in x.person.held())]
    return [turn.texts.line("roster_leave", name=x.person.name, span=span_words(turn, x)) for x in own]
