"""When the next thing of the future comes due: what a clock that is moved by hand must stop at."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.aside import Aside
from models.asks import Ask
from models.chats import Chat
from models.choices import Choice
from models.drafts import Draft
from models.heard import Failed
from models.incidents import Incident
from models.letters import Letter
from models.outages import Outage
from models.requests import Request
from models.roster import Leave
from models.tickets import Ticket

DUE = (
    Ticket.next_at,
    Ticket.tell_at,
    Draft.next_at,
    Ask.next_at,
    Aside.next_at,
    Choice.next_at,
    Leave.next_at,
    Request.next_at,
    Ticket.erase_at,
    Outage.next_at,
    Incident.next_at,
    Failed.next_at,
    Chat.talk_due_at,
    Chat.week_due_at,
)


def next_due(session: Session, after: datetime) -> datetime | None:
    """The first instant after this one at which a row or a letter comes due."""
    found = [session.scalar(select(func.min(c)).where(c > after)) for c in DUE]
    letters = select(func.min(Letter.due_at)).where(Letter.state == "waiting", Letter.due_at > after)
    found.append(session.scalar(letters))
    return min((f for f in found if f is not None), default=None)


def hold_still(session: Session, until: datetime) -> None:
    """Let nothing that is planned come due before `until`, and no letter that waits leave: for a play without trace."""
    for column in DUE:
        table = column.class_
        put_off = update(table).values({column.key: until})
        if table is Chat:  # a group without a plan would be given one
            session.execute(put_off)
        elif table is not Leave:  # who stands in for whom bears on the play
            session.execute(put_off.where(column < until))
    session.execute(update(Letter).where(Letter.state == "waiting").values(state="stale"))
    session.expire_all()
