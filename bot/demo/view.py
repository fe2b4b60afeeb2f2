"""What one person's screen shows: their chats and what is new in everybody's."""

from datetime import datetime
from typing import Any

from bot.channels.local_lines import Line
from bot.demo.room import Room
from bot.demo.script import IDS, RESIDENTS, ROLES, STAFF
from bot.demo.tickets import ticket_cards
from handlers.desk import Desk
from handlers.wording import day_full
from models.database import Sessions
from models.messages import Sender
from models.posts import Button, Segment, Text

View = dict[str, Any]


def look(room: Room, who: str) -> View:
    """The whole screen of this person. Raises KeyError for somebody who is not in the cast."""
    person = room.script.cast[who]
    with reading(room.sessions) as session:
        desk = Desk(session, room.clock.now(), room.policy)
        return {
            "who": who,
            "day": day_full(desk, room.policy.local(desk.now).date()),
            "clock": f"{room.policy.local(desk.now):%H:%M}",
            "chats": {name: [_line(room, desk, who, line) for line in _said(room, chat)] for name, chat in chats(who)},
            "newest": {key: _newest(room, key) for key in room.script.cast},
            "toasts": [[t.number, t.text] for t in room.channel.toasts if t.person_id == person.id],
            "tickets": ticket_cards(room, desk, person),
        }


def reading(sessions: Sessions) -> Any:
    """A session that does not make writers wait."""
    session = sessions()
    session.connection(execution_options={"read_only": True})
    return session


def chats(who: str) -> list[tuple[str, str]]:
    """(name, id) of the chats that this member of the cast has; staff have their own group."""
    staff = [("staff", STAFF)] if who in ROLES else []
    return [("residents", RESIDENTS), *staff, ("private", IDS[who])]


def chat_id(who: str, name: str) -> str:
    """Raises KeyError when this person has no such chat."""
    return dict(chats(who))[name]


def _said(room: Room, chat: str) -> list[Line]:
    return [line for line in room.channel.lines.values() if line.chat_id == chat]


def _newest(room: Room, who: str) -> dict[str, int]:
    """Per chat the number of the newest message that somebody else wrote there: what makes a red dot."""
    me = room.script.cast[who].id
    found: dict[str, int] = {}
    for name, chat in chats(who):
        found[name] = max((int(line.id) for line in _said(room, chat) if line.sender.id != me), default=0)
    return found


def _line(room: Room, desk: Desk, who: str, line: Line) -> View:
    local = room.policy.local(line.at)
    answered = room.channel.lines.get(line.reply_to or "")
    return {
        "id": line.id,
        "from": _speaker(room, line.sender),
        "mine": line.sender.id == room.script.cast[who].id,
        "day": day_full(desk, local.date()),
        "clock": f"{local:%H:%M}",
        "minute": _minutes(line.at),
        "segments": [_segment(room, who, s) for s in line.segments],
        "buttons": [[_button(b) for b in row] for row in line.buttons],
        "photos": [f.ref for f in line.files],
        "reply": {"name": answered.sender.name, "text": answered.text} if answered else None,
        "edited": line.edited and line.sender.kind != "bot",
        "silent": line.silent,
        "opened": line.sender.kind != "bot" and line.text.startswith("/start"),
        "became": _became(room, line),
    }


def _speaker(room: Room, sender: Sender) -> View:
    if sender.kind == "bot":
        town = room.script.words["town"]
        return {"key": "bot", "name": town["bot"], "letter": town["bot_letter"]}
    key = next(key for key, one in room.script.cast.items() if one.id == sender.id)
    return {"key": key, "name": sender.name, "letter": room.script.words["cast"][key]["letter"]}


def _segment(room: Room, who: str, segment: Segment) -> View:
    if isinstance(segment, Text):
        return {"text": segment.text, "bold": segment.bold}
    return {"text": segment.name, "mention": True, "me": segment.id == room.script.cast[who].id}


def _button(button: Button) -> View:
    return {"label": button.label, "action": button.action, "start": button.start}


def _became(room: Room, line: Line) -> View | None:
    outcome = room.outcomes.get(line.id)
    return {"kind": outcome.kind, "tickets": list(outcome.tickets)} if outcome else None


def _minutes(at: datetime) -> int:
    return int(at.timestamp()) // 60
