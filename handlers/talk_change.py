"""说事日: staff move or cancel one date, with a reason; every group below is told once."""

import re
from dataclasses import dataclass
from datetime import date

from handlers.desk import Envelope
from handlers.meeting import calls_for
from handlers.planning import plan_chat
from handlers.rights import may_run
from handlers.router import Router
from handlers.talk_days import AHEAD, DAY, change_of, origins, talk_days
from handlers.turn import Refusal, Turn
from handlers.wording import day_full, hours
from models.chats import groups_of
from models.letters import withdraw
from models.meetings import change_talk_day
from models.posts import Segment
from models.units import Unit, subtree

router = Router()

DATE = re.compile(r"(?:(\d{1,2})\s*月)?\s*(\d{1,2})\s*[日号]?").pattern
MOVED = re.compile(rf"{DATE}\s*(?:改|to\b)\s*(?:到|为|成|在|至)?\s*{DATE}(?!\d)\s*(.*)", re.S | re.I)
CANCELLED = re.compile(rf"{DATE}\s*(?:取消|cancel\b)\s*(.*)", re.S | re.I)


@dataclass(frozen=True)
class Wish:
    """What staff want: `day` is the meeting as people know it now, `new_day` None when it is called off."""

    day: date
    new_day: date | None
    reason: str


@router.command("talk", "说事日", text=True)
def change(turn: Turn) -> None:
    """`说事日 20日 改 24日 春节`, `说事日 20日 取消 理由`; alone: when the next one is."""
    unit = turn.chat.unit or next((p.unit for p in (turn.known.held() if turn.known else [])), None)
    turn.outcome.became("command")
    written = _words(turn)
    if unit is not None and not written:
        _say_next(turn, unit)
        return
    if unit is None or not may_run(turn.known, unit):
        raise Refusal("staff_only")
    wish = _read(turn, unit, written)
    for day in origins(turn, unit, wish.day):
        change_talk_day(turn.session, unit, day, wish.new_day, wish.reason, turn.sender.id, turn.now)
    _tell_groups(turn, unit, wish)


def _words(turn: Turn) -> str:
    """What stands after the command: in `/talk 20 to 24` the 20 was read as a number, but it is a day."""
    number = turn.command.number if turn.command else None
    return turn.args if number is None else f"{number} {turn.args}".strip()


def _tell_groups(turn: Turn, unit: Unit, wish: Wish) -> None:
    """Once in every group of the unit and below; whoever asked from elsewhere hears it too."""
    told = groups_of(turn.session, subtree(turn.session, unit), "residents", "staff")
    for chat in told:
        withdraw(turn.session, calls_for(chat, wish.day))
        dedupe = f"talkchange:{chat.id}:{wish.day}:{wish.new_day}:{turn.now}"
        turn.write(chat, _says(turn, wish), Envelope(kind="reminder", silent=turn.is_quiet(), dedupe=dedupe))
        plan_chat(turn, chat)
    if turn.chat not in told:
        turn.answer(_says(turn, wish))


def _says(turn: Turn, wish: Wish) -> tuple[Segment, ...]:
    day = day_full(turn, wish.day)
    if wish.new_day is None:
        return turn.texts.segments("talk_cancelled", day=day, reason=wish.reason)
    return turn.texts.segments("talk_moved", day=day, new_day=day_full(turn, wish.new_day), reason=wish.reason)


def _say_next(turn: Turn, unit: Unit) -> None:
    rule = turn.policy.talk_days
    coming = talk_days(turn, unit, _first_open_day(turn))
    if not coming:
        raise Refusal("talk_none")
    turn.say("talk_next", day=day_full(turn, coming[0]), hours=hours(rule), venue=rule.venue)


def _read(turn: Turn, unit: Unit, written: str) -> Wish:
    """The wish in these words; a Refusal that says what is missing or wrong."""
    moved, cancelled = MOVED.fullmatch(written.strip()), CANCELLED.fullmatch(written.strip())
    found = moved or cancelled
    if found is None:
        raise Refusal("talk_usage")
    reason = found[found.re.groups].strip()
    if not reason:
        raise Refusal("talk_reason")
    day = _meant(turn, found[1], found[2])
    if not origins(turn, unit, day):
        raise Refusal("talk_not_a_day", day=day_full(turn, day))
    new_day = _new_day(turn, day, moved) if moved else None
    known = change_of(turn, unit, day)
    if new_day == (known.new_day if known else day):
        raise Refusal("talk_known", day=day_full(turn, day))
    return Wish(day, new_day, turn.reader.mask(reason))


def _new_day(turn: Turn, day: date, moved: re.Match[str]) -> date:
    """Without a month: in the meeting's own month when the number is higher, else the next date with that number."""
    month = moved[3]
    if month is None and int(moved[4]) >= day.day:
        month = str(day.month)
    return _meant(turn, month, moved[4])


def _meant(turn: Turn, month: str | None, number: str) -> date:
    """The date with this day of the month: the next one, or in the month that is named the nearest one."""
    first = _first_open_day(turn)
    back = AHEAD if month else 0
    nearby = [first + n * DAY for n in range(-back, AHEAD)]
    fitting = [d for d in nearby if d.day == int(number) and (month is None or d.month == int(month))]
    if not fitting:
        raise Refusal("talk_no_such_date")
    nearest = min(fitting, key=lambda d: abs(d - first))
    if nearest < first:
        raise Refusal("talk_past", day=day_full(turn, nearest))
    return nearest


def _first_open_day(turn: Turn) -> date:
    """Today, or tomorrow when today's meeting hours are over."""
    local = turn.policy.local(turn.now)
    return local.date() + (DAY if local.time() >= turn.policy.talk_days.end else 0 * DAY)
