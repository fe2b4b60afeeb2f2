"""What ought to have happened by now: matters that nobody looks at, questions that hang, letters that never leave."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.asks import Ask
from models.base import Base
from models.chats import Chat
from models.choices import Choice
from models.drafts import Draft
from models.due import DUE
from models.integrity.finding import Finding, found
from models.letters import FOLDED, Letter
from models.pulses import Pulse
from models.requests import Request
from models.states import OPEN_STATES
from models.taken import TakenUpdate
from models.tickets import Ticket, TicketEvent

PATIENCE = timedelta(days=1)
FOLD_LASTS = timedelta(hours=2)  # at least as long as one line takes others in
SETTLING_IN = timedelta(hours=1)
STILL_OPEN = Ticket.state.in_(OPEN_STATES)
PLANNED = Chat.present & Chat.unit_id.is_not(None)
ONLY: tuple[tuple[InstrumentedAttribute[datetime | None], ColumnElement[bool]], ...] = (
    (Ticket.erase_at, (Ticket.thing != "") & Ticket.state.not_in(OPEN_STATES)),
    (Ask.next_at, Ask.answer.is_(None)),
    (Choice.next_at, Choice.answer.is_(None)),
    (Request.next_at, Request.decided_at.is_(None)),
    (Chat.talk_due_at, PLANNED),
    (Chat.week_due_at, PLANNED),
)
"""Due columns at which the heartbeat does not look in every row."""


def last_sign(session: Session, before: datetime) -> datetime | None:
    """When the program last did anything on this database: what came due later waits for nobody's fault."""
    columns = (Pulse.beat_at, TakenUpdate.at, TicketEvent.at, Letter.sent_at)
    signs = [session.scalar(select(func.max(column)).where(column <= before)) for column in columns]
    return max((sign for sign in signs if sign is not None), default=None)


def overdue(session: Session, now: datetime) -> Iterator[Finding]:
    """Measured against the program's own last sign: of a backup, or while it stands still, nothing is late. It has an
    hour to catch up after it slept.
    """
    newest = last_sign(session, now) or now
    alive = last_sign(session, newest - SETTLING_IN) or newest
    yield from _asleep(session)
    yield from _left_lying(session, alive - PATIENCE)
    yield from _hanging(session, alive - PATIENCE)
    yield from _unsent(session, alive - PATIENCE)
    yield from _folded_nowhere(session, now)


def _asleep(session: Session) -> Iterator[Finding]:
    for number in session.scalars(select(Ticket.number).where(STILL_OPEN, Ticket.next_at.is_(None))):
        yield found("asleep", number=number)


def _left_lying(session: Session, since: datetime) -> Iterator[Finding]:
    for column in DUE:
        table = column.class_
        looked_at = next((rows for name, rows in ONLY if name is column), true())
        lying = select(func.count(), func.min(table.id)).where(column < since, looked_at)
        yield from _some(session, lying, "left_lying", table=table.__tablename__, column=column.key)


def _hanging(session: Session, since: datetime) -> Iterator[Finding]:
    """Questions without an answer at which nobody will look again."""
    hangs: tuple[tuple[type[Base], ColumnElement[bool]], ...] = (
        (Draft, Draft.next_at.is_(None)),
        (Ask, Ask.answer.is_(None) & (Ask.expires_at < since)),
        (Choice, Choice.answer.is_(None) & Choice.next_at.is_(None)),
        (Request, Request.decided_at.is_(None) & Request.next_at.is_(None)),
    )
    for table, hanging in hangs:
        counts = select(func.count(), func.min(table.id)).where(hanging)
        yield from _some(session, counts, "hangs", table=table.__tablename__)


def _unsent(session: Session, since: datetime) -> Iterator[Finding]:
    waiting = (Letter.state == "waiting") & (Letter.due_at < since)
    yield from _some(session, select(func.count(), func.min(Letter.id)).where(waiting), "unsent")


def _folded_nowhere(session: Session, now: datetime) -> Iterator[Finding]:
    """A line that stood for others is erased after a day, and they stay."""
    nowhere = (Letter.state == FOLDED) & Letter.folded_id.is_(None) & (Letter.written_at > now - PATIENCE + FOLD_LASTS)
    yield from _some(session, select(func.count(), func.min(Letter.id)).where(nowhere), "folded_nowhere")


def _some(session: Session, counts: Select[int, int | None], kind: str, **values: object) -> Iterator[Finding]:
    count, first = session.execute(counts).one()
    if count:
        yield found(kind, **values, count=count, first=first)
