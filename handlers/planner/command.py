"""演练 in the chat: answered privately or in a staff group, never where residents read."""

import re
from datetime import datetime, timedelta

from handlers.desk import Desk, Envelope
from handlers.planner.play import pretended, rehearse
from handlers.planner.report import lines
from handlers.rights import may_run
from handlers.router import Router
from handlers.turn import Refusal, Turn
from models.chats import Chat, groups_of, private_chat
from models.posts import Text
from models.units import Unit, subtree, unit_named

router = Router()

MOMENT = re.compile(
    r"(?:(?:(\d{4})\s*[-年]\s*)?(\d{1,2})\s*[-月]\s*(\d{1,2})\s*[日号]?\s*)?(?<!\d)(\d{1,2})\s*[:：]\s*(\d{2})\s*$"
)
LONGEST_LETTER = 3500  # characters; Telegram takes 4096


@router.command("rehearse", "演练", text=True)
def rehearse_here(turn: Turn) -> None:
    """`演练 3栋漏水 10月2日 23:00`: who would be called when, up to the last rung. For cadres of the unit or above."""
    turn.outcome.became("command")
    where = _answer_in(turn)
    if where is None:
        return
    group, text = _group(turn, turn.args)
    at = moment(turn, text) or turn.now
    words = MOMENT.sub("", text).strip()
    if not words:
        raise Refusal("rehearse_usage")
    desk = Desk(turn.session, at, turn.policy)
    found = rehearse(pretended(desk, turn.reader, group, words, turn.texts.line("rehearsed_resident")))
    named = group.unit.name if group.unit else group.title
    for page in pages(list(lines(desk, named, words, found))):
        turn.write(where, (Text(page),), Envelope())


def moment(desk: Desk, text: str) -> datetime | None:
    """The moment that a text ends with; a date without a year is the next one. None without one; a Refusal if wrong."""
    found = MOMENT.search(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
    today = desk.policy.local(desk.now)
    try:
        at = today.replace(hour=hour or 0, minute=minute or 0, second=0, microsecond=0)
        if month is None or day is None:
            return at if at >= today else at + timedelta(days=1)
        at = at.replace(year=year or today.year, month=month, day=day)
        return at if year or at >= today else at.replace(year=at.year + 1)
    except ValueError:
        raise Refusal("rehearse_usage") from None


def pages(written: list[str]) -> list[str]:
    """As few letters as will hold the lines."""
    found = [""]
    for line in written:
        if len(found[-1]) + len(line) > LONGEST_LETTER:
            found.append("")
        found[-1] += line
    return [page.rstrip("\n") for page in found]


def _answer_in(turn: Turn) -> Chat | None:
    """This chat, or the asker's own where residents would read; None: say nothing at all."""
    if turn.chat.private or turn.chat.kind == "staff":
        return turn.chat
    if turn.known is None or not may_run(turn.known, turn.chat.unit):
        return None
    return private_chat(turn.session, turn.known, turn.event.channel, turn.event.account)


def _group(turn: Turn, written: str) -> tuple[Chat, str]:
    """The residents' group that is meant, and the rest of the words."""
    first, _, rest = written.strip().partition(" ")
    named = unit_named(turn.session, first)
    units = [named] if named else _own_units(turn)
    units = [u for u in units if may_run(turn.known, u)]
    if not units:
        raise Refusal("staff_only")
    below = dict.fromkeys(i for u in units for i in subtree(turn.session, u))
    own = groups_of(turn.session, [u.id for u in units], "residents")
    groups = own or groups_of(turn.session, list(below), "residents")
    if len(groups) != 1:
        raise Refusal("rehearse_usage" if groups else "rehearse_no_group")
    return groups[0], rest if named else written


def _own_units(turn: Turn) -> list[Unit]:
    if turn.chat.unit is not None:
        return [turn.chat.unit]
    return [p.unit for p in (turn.known.held() if turn.known else [])]
