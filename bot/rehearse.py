"""`gridbot rehearse`: one line played through to the last rung, in a database where nothing lasts."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.asked import Unusable
from bot.config.load import Config
from bot.reading.judge import Judge
from bot.scratch import scratch_session
from bot.sentences import say
from bot.understanding import Understanding
from handlers.desk import Desk
from handlers.planner.command import moment
from handlers.planner.play import pretended, rehearse
from handlers.planner.report import lines
from handlers.planner.steps import Moved, Rehearsal
from handlers.turn import Refusal
from models.chats import Chat, enter_chat, find_chat, groups_of
from models.units import unit_named

CHANNEL = "telegram"


@dataclass(frozen=True)
class Line:
    """What is asked: these words, in the group of that unit or with that number, at that moment (empty: now)."""

    text: str
    group: str
    at: str


@dataclass(frozen=True)
class Shown:
    """`lines` for people, `row` for machines. `made`: from the file alone, as if everybody had pressed Start."""

    lines: tuple[str, ...]
    row: dict[str, Any]
    made: bool


def rehearse_line(config: Config, judge: Judge, line: Line, now: datetime) -> Shown:
    """What would follow; Unusable when the group or the moment cannot be read."""
    with scratch_session(config, judge, now) as (session, made):
        chat = _group(session, line.group, config.language)
        desk = Desk(session, now, config.policy)
        desk.now = _moment(desk, line.at)
        reader = Understanding.of(judge).reader()
        found = rehearse(pretended(desk, reader, chat, line.text, desk.texts.line("rehearsed_resident")))
        named = chat.unit.name if chat.unit else chat.title
        return Shown(tuple(lines(desk, named, line.text, found)), _row(desk, named, line.text, found), made)


def _moment(desk: Desk, written: str) -> datetime:
    try:
        at = moment(desk, written)
    except Refusal:
        at = None
    if at is None and written.strip():
        raise Unusable(say(desk.policy.language, "rehearse_at_wrong", at=written))
    return at or desk.now


def _group(session: Session, written: str, language: str) -> Chat:
    """The group with this number, else the residents' group of the unit; a unit without one is given one to try in."""
    unit = unit_named(session, written.strip())
    if unit is None:
        chat = find_chat(session, CHANNEL, written.strip())
        if chat is None or chat.unit is None or chat.private:
            raise Unusable(say(language, "rehearse_no_group", group=written))
        return chat
    if groups := groups_of(session, [unit.id], "residents"):
        return groups[0]
    chat = enter_chat(session, CHANNEL, "", f"rehearsal:{unit.id}")
    chat.unit = unit
    session.flush()
    return chat


def _row(desk: Desk, group: str, text: str, found: Rehearsal) -> dict[str, Any]:
    def moments(values: dict[str, Any]) -> dict[str, Any]:
        return {k: desk.policy.local(v).isoformat() if isinstance(v, datetime) else v for k, v in values.items()}

    steps = [{"step": "moved" if isinstance(s, Moved) else "told", **moments(asdict(s))} for s in found.steps]
    return {
        "group": group,
        "text": text,
        "at": desk.policy.local(desk.now).isoformat(),
        "outcome": found.outcome,
        "score": found.verdict.score,
        "opened": [moments(asdict(one)) for one in found.opened],
        "joined": list(found.joined),
        "steps": steps,
        "repeats": found.repeats,
    }
