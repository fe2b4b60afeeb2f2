"""What was heard in a group in the last minutes, without its words: who spoke, when, and whether of some ticket."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from models.chats import Chat
from models.direct import among, columns, plain
from models.heard import HEAR, MESSAGE_MEMORY, Heard, own_time
from models.once import one_of, sees_once, write_held_back
from models.people import STAFF, Identity, Post, find_person
from models.pointers import Pointer

HEARD, POINTER, CHAT, IDENTITY, POST = (columns(table) for table in (Heard, Pointer, Chat, Identity, Post))
NEVER = datetime.max.replace(tzinfo=UTC)
ENOUGH = 61  # lines of one group that are kept in mind during a transaction


class Line(NamedTuple):
    """A line that was heard: `pointed` when it belongs to some ticket, `staff` when somebody in office said it."""

    number: str
    sender_id: str | None
    at: datetime
    pointed: bool
    staff: bool


@dataclass
class _Memory:
    """The newest lines of a group, newest first; `whole`: there are no others; `oldest`: none of
    them was said earlier. What is heard now is appended as the row that will be written.
    """

    lines: deque[Line]
    whole: bool
    oldest: datetime
    fresh: list[Mapping[str, Any]]

    @property
    def append(self) -> Callable[[Mapping[str, Any]], None]:
        return self.fresh.append

    def hears(self, line: Line) -> None:
        self.whole = self.whole and len(self.lines) < ENOUGH
        self.lines.appendleft(line)
        self.oldest = min(self.oldest, line.at)


def lines_before(session: Session, chat: Chat, but: str, at: datetime, most: int = 60) -> list[Line]:
    """The minutes of the group before `at` without this message, newest first."""
    known = one_of(session, HEAR, chat.id, lambda chats: _newest(session, chats)) if sees_once(session) else None
    if known is None:
        return _lines(session, chat, but, at, most)
    for row in known.fresh:
        known.hears(_as_line(session, chat, row))
    del known.fresh[:]
    since = at - MESSAGE_MEMORY
    if known.oldest >= since:  # most groups: no time has to be compared
        told = [line for line in known.lines if line.number != but][:most]
    else:
        told = [line for line in known.lines if line.at >= since and line.number != but][:most]
    return told if known.whole or len(told) >= most else _lines(session, chat, but, at, most)


def _newest(session: Session, chats: Collection[int]) -> dict[int, _Memory]:
    write_held_back(session)
    told: dict[int, deque[Line]] = {chat: deque(maxlen=ENOUGH) for chat in chats}
    for chat, *line in plain(session, NEWEST, chats=list(chats)):
        told[chat].append(Line._make(line))
    return {chat: _Memory(lines, len(lines) < ENOUGH, _oldest(lines), []) for chat, lines in told.items()}


def _oldest(lines: Iterable[Line]) -> datetime:
    return min((line.at for line in lines), default=NEVER)


def _as_line(session: Session, chat: Chat, row: Mapping[str, Any]) -> Line:
    """What was heard just now; whatever makes a line belong to a ticket is written, and then it is read again."""
    known = find_person(session, chat.channel, row["sender_id"])
    staff = known is not None and any(post.role in STAFF for post in known.held())
    return Line(row["message_id"], row["sender_id"], row["said_at"] or row["at"], False, staff)


def _lines(session: Session, chat: Chat, but: str, at: datetime, most: int) -> list[Line]:
    write_held_back(session)
    told = (HEARD.message_id, HEARD.sender_id, own_time(HEARD), _pointed(), _said_by_staff())
    here = (HEARD.chat_id == chat.id, HEARD.message_id != but, own_time(HEARD) >= at - MESSAGE_MEMORY)
    return list(map(Line._make, plain(session, select(*told).where(*here).order_by(HEARD.id.desc()).limit(most))))


def _pointed() -> ColumnElement[bool]:
    return exists().where(POINTER.chat_id == HEARD.chat_id, POINTER.message_id == HEARD.message_id)


def _said_by_staff() -> ColumnElement[bool]:
    account = (IDENTITY.channel == CHAT.channel) & (IDENTITY.external_id == HEARD.sender_id)
    held = (POST.person_id == IDENTITY.person_id) & among(POST.role, sorted(STAFF)) & POST.ended_at.is_(None)
    return exists().where(CHAT.id == HEARD.chat_id, account, held)


def _newest_lines() -> Select[Any]:
    """The newest lines of each of `chats`."""
    place = func.row_number().over(partition_by=HEARD.chat_id, order_by=HEARD.id.desc()).label("place")
    near = select(HEARD.id, place).where(HEARD.chat_id.in_(bindparam("chats", expanding=True))).subquery()
    told = (HEARD.chat_id, HEARD.message_id, HEARD.sender_id, own_time(HEARD), _pointed(), _said_by_staff())
    found = select(*told).where(near.c.id == HEARD.id, near.c.place <= ENOUGH)
    return found.order_by(HEARD.id.desc())


NEWEST = _newest_lines()
