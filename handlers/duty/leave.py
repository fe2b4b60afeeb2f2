"""Leave (请假): a member says from when until when and who stands in; what is open goes over, and comes back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.duty.dates import Away, NoSuchDate, read_span
from handlers.duty.handover import tell
from handlers.duty.roster import OnDuty, read_roster
from handlers.duty.telling import span_words
from handlers.rights import RESPONSIBLE, may_run
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import listed
from models.people import ON_DUTY, Person, Post, people_called
from models.roster import Leave, leaves_after

router = Router()

STAND_IN = re.compile(r"(?:由|请)?\s*([^\s\d，,、由请日号]+?)\s*(?:来)?(?:代班|顶班|替班)|\bby\s+(\S+)", re.IGNORECASE)
OFF = re.compile(r"取消|销假|(?:cancel|back)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Wish:
    """Who is to be away, when, and who stands in; `away` None: only the stand-in is named."""

    person: Person
    away: Away | None
    stand_in: Person | None
    reason: str


@router.command("leave", "请假", text=True)
def leave(turn: Turn) -> None:
    """`请假 3月9日到3月12日 陈副代班 探亲`; a level above may name whose leave it is, or who stands in."""
    if turn.known is None or not turn.known.held():
        raise Refusal("staff_only")
    turn.outcome.became("command")
    written = turn.args.strip()
    if not written:
        _show(turn, turn.known)
    elif found := OFF.match(written):
        _call_off(turn, _named(turn, written[found.end() :].strip()) or turn.known)
    else:
        _take(turn, _read(turn, written))


def _show(turn: Turn, person: Person) -> None:
    coming = leaves_after(turn.session, turn.now, person)
    if not coming:
        raise Refusal("leave_usage")
    turn.answer(turn.texts.segments("plain", text="\n".join(_told(turn, entry) for entry in coming)))


def _call_off(turn: Turn, person: Person) -> None:
    """Back again, or not going at all: what was handed over comes back with the next beat."""
    coming = leaves_after(turn.session, turn.now, person)
    if not coming:
        raise Refusal("leave_none", name=person.name)
    entry = coming[0]
    begun = entry.start <= turn.now
    entry.end = turn.now if begun else entry.start
    entry.next_at = turn.now if begun else None
    turn.say("leave_off", name=person.name)
    if entry.stand_in is not None:
        tell(turn, entry.stand_in, "leave_stand_in_off", name=person.name)


def _read(turn: Turn, written: str) -> Wish:
    """The wish in these words; a Refusal that says what is missing or wrong."""
    found = STAND_IN.search(written)
    rest = (written[: found.start()] + " " + written[found.end() :]).strip() if found else written
    try:
        away = read_span(rest, turn.said_at, turn.policy.tz)
    except NoSuchDate:
        raise Refusal("leave_no_such_date") from None
    person = _named(turn, away.before if away else rest) or turn.sender
    if away is None and (found is None or person is turn.sender):
        raise Refusal("leave_usage")
    stand_in = _stand_in(turn, person, found[1] or found[2]) if found else None
    return Wish(person, away, stand_in, turn.reader.mask(away.after) if away else "")


def _named(turn: Turn, name: str) -> Person | None:
    """The person that somebody above speaks of; None when no name was written."""
    if not name:
        return None
    found = [p for p in people_called(turn.session, turn.event.channel, name) if p.held()]
    if len(found) != 1:
        raise Refusal("leave_whom", name=name)
    if found[0] is not turn.sender and not any(may_run(turn.known, p.unit) for p in found[0].held()):
        raise Refusal("staff_only")
    return found[0]


def _stand_in(turn: Turn, person: Person, name: str) -> Person:
    """Somebody of the same unit or above; a level above may name anybody with a post."""
    found = [p for p in people_called(turn.session, turn.event.channel, name) if p.held()]
    if person in found:
        raise Refusal("stand_in_same")
    if not (person is not turn.sender and may_run(turn.known, person.held()[0].unit)):
        ladder = [u for post in person.held() for u in post.unit.ladder()]
        found = [p for p in found if any(post.unit in ladder for post in p.held())]
    if len(found) != 1:
        raise Refusal("stand_in_whom", name=name)
    return found[0]


def _take(turn: Turn, wish: Wish) -> None:
    coming = leaves_after(turn.session, turn.now, wish.person)
    entry = _changed(turn, wish, coming) if wish.away is None else _new(turn, wish, wish.away, coming)
    _refuse_if_away(turn, entry)
    fitting = _fitting(turn, entry)
    turn.answer(turn.texts.segments("plain", text=_told(turn, entry, fitting)))
    values = {"name": wish.person.name, "span": span_words(turn, entry)}
    if entry.stand_in is not None:
        tell(turn, entry.stand_in, "leave_stand_in", **values)
    elif not fitting:
        _ask_above(turn, wish.person, values)


def _new(turn: Turn, wish: Wish, away: Away, coming: Iterable[Leave]) -> Leave:
    if away.end <= turn.now:
        raise Refusal("leave_past")
    start = max(away.start, turn.now)
    if any(entry.start < away.end and start < entry.end for entry in coming):
        raise Refusal("leave_overlaps", name=wish.person.name)
    entry = Leave(
        person=wish.person, stand_in=wish.stand_in, start=start, end=away.end, reason=wish.reason, next_at=start
    )
    turn.session.add(entry)
    turn.session.flush()
    return entry


def _changed(turn: Turn, wish: Wish, coming: list[Leave]) -> Leave:
    """Another stand-in for the leave that comes next; if it has begun, what is open goes over at once."""
    if not coming:
        raise Refusal("leave_none", name=wish.person.name)
    entry = coming[0]
    entry.stand_in = wish.stand_in
    entry.next_at = max(entry.start, turn.now)
    turn.session.flush()
    return entry


def _refuse_if_away(turn: Turn, entry: Leave) -> None:
    theirs = leaves_after(turn.session, entry.start, entry.stand_in) if entry.stand_in else []
    if entry.stand_in and any(other.start < entry.end for other in theirs):
        raise Refusal("stand_in_away", name=entry.stand_in.name)


def _fitting(turn: Turn, entry: Leave) -> list[OnDuty]:
    """Who is on duty in their unit when the leave begins, without anybody named."""
    units = dict.fromkeys(p.unit for p in entry.person.held() if p.role in ON_DUTY)
    roster = read_roster(turn, *units) if units else None
    return [d for u in units for d in roster.here(u, entry.start)] if roster else []


def _told(turn: Turn, entry: Leave, fitting: Iterable[OnDuty] = ()) -> str:
    names = [entry.stand_in.name] if entry.stand_in else list(dict.fromkeys(d.person.name for d in fitting))
    who = turn.texts.line("leave_covered", names=listed(turn, names)) if names else turn.texts.line("leave_uncovered")
    return turn.texts.line("leave_told", name=entry.person.name, span=span_words(turn, entry), who=who)


def _ask_above(turn: Turn, person: Person, values: dict[str, str]) -> None:
    """Nobody of the unit can stand in: the nearest level above is asked, once."""
    for post in [p for p in person.held() if p.role in RESPONSIBLE]:
        if above := _above(turn, post):
            tell(turn, above, "leave_asks", unit=post.unit.name, **values)
            return


def _above(turn: Turn, post: Post) -> Person | None:
    levels = read_roster(turn, post.unit).levels(post.unit, turn.now)
    return next((d.person for level in levels for d in level if d.unit is not post.unit), None)
