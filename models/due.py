"""When the next thing of the future comes due: what a clock that is moved by hand must stop at."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.asks import Ask
from models.chats import Chat
from models.choices import Choice
from models.drafts import Draft
from models.letters import Letter
from models.roster import Leave
from models.tickets import Ticket


def next_due(session: Session, after: datetime) -> datetime | None:
    """The first instant after this one at which a row or a letter comes due."""
    columns = (
        Ticket.next_at,
        Ticket.tell_at,
        Draft.next_at,
        Ask.next_at,
        Choice.next_at,
        Leave.next_at,
        Chat.talk_due_at,
        Chat.week_due_at,
    )
    found = [session.scalar(select(func.min(c)).where(c > after)) for c in columns]
    letters = select(func.min(Letter.due_at)).where(Letter.state == "waiting", Letter.due_at > after)
    found.append(session.scalar(letters))
    return min((f for f in found if f is not None), default=None)
