"""What was said of the open tickets, and what was heard in between: the memory in which a new line finds its matter."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from models.chats import Chat
from models.heard import HEAR, MESSAGE_MEMORY, Heard, own_time, remembered_at
from models.matters import IS_OPEN, OWN, home_where
from models.once import expect, one_of, sees_once, write_held_back
from models.people import STAFF, Identity, Post, find_person
from models.pointers import Pointer
from models.states import OPEN_STATES
from models.tickets import Ticket, TicketEvent

WORDS = ("opened", "added", "edited", "joined", "chased")  # history rows that are somebody speaking of the matter
SLACK = timedelta(hours=1)  # read earlier than asked for: the next line of a batch may be a little older
ENOUGH = 61  # rows of one group or unit that are kept in mind during a transaction
MOST = 12  # tickets that a line is held against: those last opened


@dataclass(frozen=True)
class Spoken:
    """One time that somebody spoke of a ticket; `note` is empty where the report itself was meant."""

    at: datetime
    by_id: int | None
    note: str


@dataclass(frozen=True)
class Line:
    """A line that was heard: `pointed` when it belongs to some ticket, `staff` when somebody in office said it."""

    sender_id: str | None
    at: datetime
    pointed: bool
    staff: bool


def lively_tickets(session: Session, unit_id: int, since: datetime) -> list[Ticket]:
    """What is open in the unit and was opened since then, and what was settled since then; the newest."""
    if not sees_once(session):
        return _lively(session, unit_id, since)
    floor = since - SLACK
    known = one_of(session, "lively", unit_id, lambda units: _lively_in(session, units, floor))
    if known is None or known.floor > since:
        return _lively(session, unit_id, since)
    return [t for t in known.tickets if _is_alive(t, since)][:MOST]


@dataclass(frozen=True)
class _Alive:
    """Everything that was alive in a unit since `floor`, newest first."""

    floor: datetime
    tickets: list[Ticket]


def _is_alive(ticket: Ticket, since: datetime) -> bool:
    settled = ticket.settled_at is not None and ticket.settled_at >= since
    return settled or (ticket.opened_at >= since and ticket.state in OPEN_STATES)


SINCE: Any = bindparam("since")
ALIVE = home_where(IS_OPEN & (Ticket.opened_at >= SINCE), Ticket.settled_at >= SINCE)
LIVELY = select(Ticket).where(ALIVE).order_by(Ticket.number.desc()).limit(MOST)
LIVELY_IN = select(Ticket, Chat.unit_id).join(Chat, Chat.id == Ticket.chat_id, isouter=True).where(ALIVE)
LIVELY_IN = LIVELY_IN.order_by(Ticket.number.desc()).limit(bindparam("most"))


def _lively(session: Session, unit_id: int, since: datetime) -> list[Ticket]:
    return list(session.scalars(LIVELY, {"units": [unit_id], "since": since}))


def _lively_in(session: Session, units: Collection[int], floor: datetime) -> dict[int, _Alive]:
    """Of several units at once; nothing where there is too much for that."""
    most = ENOUGH * len(units)
    rows = session.execute(LIVELY_IN, {"units": list(units), "since": floor, "most": most}).all()
    if len(rows) == most:
        return {}
    expect(session, "spoken", [ticket.id for ticket, _ in rows])
    return {unit: _Alive(floor, [t for t, home in rows if unit in (t.unit_id, home)]) for unit in units}


def spoken_of(session: Session, tickets: list[Ticket]) -> dict[int, list[Spoken]]:
    """By ticket id, oldest first; with what was said of tickets that were merged into one of these."""
    if not sees_once(session):
        return _spoken(session, [t.id for t in tickets])
    return {t.id: one_of(session, "spoken", t.id, lambda ids: _spoken(session, ids)) or [] for t in tickets}


def spoken_since(session: Session, unit_id: int, since: datetime) -> list[Ticket]:
    """What is open in the unit and of which somebody spoke since then, or of what was merged into it; in a batch also
    what was spoken of a little earlier.
    """
    if not sees_once(session):
        return list(session.scalars(SPOKEN_SINCE, {"units": [unit_id], "since": since}))
    floor = since - SLACK
    known = one_of(session, "spoken lately", unit_id, lambda units: _spoken_lately(session, units, floor))
    if known is None or known.floor > since:
        return list(session.scalars(SPOKEN_SINCE, {"units": [unit_id], "since": since}))
    return known.tickets


def _spoken_lately(session: Session, units: Collection[int], floor: datetime) -> dict[int, _Alive]:
    tickets = list(session.scalars(SPOKEN_SINCE, {"units": list(units), "since": floor}))
    return {unit: _Alive(floor, [t for t in tickets if t.unit_id == unit]) for unit in units}


def _spoken_since() -> Select[Ticket]:
    part = aliased(Ticket)
    said = (TicketEvent.at >= SINCE, TicketEvent.kind.in_(WORDS))
    directly = exists().where(TicketEvent.ticket_id == Ticket.id, *said)
    as_part = exists().where(part.merged_into_id == Ticket.id, TicketEvent.ticket_id == part.id, *said)
    return select(Ticket).where(OWN, IS_OPEN, directly | as_part).order_by(Ticket.number)


def _all_said() -> Select[Any]:
    these: Any = bindparam("tickets", expanding=True)
    columns = (TicketEvent.kind, TicketEvent.at, TicketEvent.by_id, TicketEvent.note, TicketEvent.data)
    said = select(Ticket.id, Ticket.merged_into_id, Ticket.text, *columns).join(Ticket.history)
    said = said.where(Ticket.id.in_(these) | Ticket.merged_into_id.in_(these), TicketEvent.kind.in_(WORDS))
    return said.order_by(TicketEvent.id)


SPOKEN_SINCE, ALL_SAID = _spoken_since(), _all_said()


def _spoken(session: Session, ids: Collection[int]) -> dict[int, list[Spoken]]:
    found: dict[int, list[Spoken]] = defaultdict(list)
    rows = session.execute(ALL_SAID, {"tickets": list(ids)}) if ids else ()
    for ticket_id, merged_into, text, kind, heard, by_id, note, data in rows:
        at = datetime.fromisoformat(data["said_at"]) if "said_at" in data else heard
        if merged_into is None:
            found[ticket_id].append(Spoken(at, by_id, note))
        else:
            found[merged_into].append(Spoken(at, by_id, text if kind == "opened" else note))
    return found


@dataclass
class _Memory:
    """The newest lines of a group with their numbers, newest first; `whole`: there are no others. What is heard now
    is appended as the row that will be written.
    """

    lines: deque[tuple[str, Line]]
    whole: bool
    fresh: list[Mapping[str, Any]]

    @property
    def append(self) -> Callable[[Mapping[str, Any]], None]:
        return self.fresh.append


def lines_before(session: Session, chat: Chat, but: str, at: datetime, most: int = 60) -> list[Line]:
    """The minutes of the group before `at` without this message, newest first."""
    known = one_of(session, HEAR, chat.id, lambda chats: _newest(session, chats)) if sees_once(session) else None
    if known is None:
        return _lines(session, chat, but, at, most)
    known.lines.extendleft((row["message_id"], _as_line(session, chat, row)) for row in known.fresh)
    known.fresh.clear()
    since = at - MESSAGE_MEMORY
    told = list(islice((line for number, line in known.lines if line.at >= since and number != but), most))
    return told if known.whole or len(told) >= most else _lines(session, chat, but, at, most)


def _newest(session: Session, chats: Collection[int]) -> dict[int, _Memory]:
    write_held_back(session)
    told = {chat: _Memory(deque(), True, []) for chat in chats}
    for chat, number, sender, at, pointed, staff in session.execute(NEWEST, {"chats": list(chats)}):
        told[chat].lines.append((number, Line(sender, at, pointed, staff)))
    for known in told.values():
        known.whole = len(known.lines) < ENOUGH
    return told


def _as_line(session: Session, chat: Chat, row: Mapping[str, Any]) -> Line:
    """What was heard just now; whatever makes a line belong to a ticket is written, and then it is read again."""
    known = find_person(session, chat.channel, row["sender_id"])
    staff = known is not None and any(post.role in STAFF for post in known.held())
    return Line(row["sender_id"], row["said_at"] or row["at"], False, staff)


def _lines(session: Session, chat: Chat, but: str, at: datetime, most: int) -> list[Line]:
    write_held_back(session)
    columns = (Heard.sender_id, own_time(), _pointed(), _said_by_staff())
    found = select(*columns).where(Heard.chat_id == chat.id, Heard.message_id != but, remembered_at(at))
    return [Line(*row) for row in session.execute(found.order_by(Heard.id.desc()).limit(most))]


def _pointed() -> ColumnElement[bool]:
    return exists().where(Pointer.chat_id == Heard.chat_id, Pointer.message_id == Heard.message_id)


def _said_by_staff() -> ColumnElement[bool]:
    account = (Identity.channel == Chat.channel) & (Identity.external_id == Heard.sender_id)
    held = (Post.person_id == Identity.person_id) & Post.role.in_(sorted(STAFF)) & Post.ended_at.is_(None)
    return exists().where(Chat.id == Heard.chat_id, account, held)


def _newest_lines() -> Select[Any]:
    """The newest lines of each of `chats`."""
    place = func.row_number().over(partition_by=Heard.chat_id, order_by=Heard.id.desc()).label("place")
    near = select(Heard.id, place).where(Heard.chat_id.in_(bindparam("chats", expanding=True))).subquery()
    columns = (Heard.chat_id, Heard.message_id, Heard.sender_id, own_time(), _pointed(), _said_by_staff())
    found: Select[Any] = select(*columns)  # type: ignore[assignment]
    return found.join(near, near.c.id == Heard.id).where(near.c.place <= ENOUGH).order_by(Heard.id.desc())


NEWEST = _newest_lines()
