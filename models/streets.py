"""Several streets share a database, each with a bot and settings of its own: whose rows are ours to see to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models.base import Base
from models.chats import Chat
from models.people import Post
from models.pulses import Pulse
from models.requests import Request
from models.roster import Leave
from models.tickets import Ticket

LONG_GONE = timedelta(days=7)  # a bot of which nothing was seen so long, as after a new token: anybody sees to its rows


class Street:
    """Kept in a session's info under "street". `account` is channel:account of the bot that this process runs."""

    def __init__(self, account: str, now: Callable[[], datetime]) -> None:
        self._account, self._now = account, now

    def __call__(self, table: type[Base]) -> ColumnElement[bool]:
        """Rows of this table that no other bot sees to: texts, limits and talk days are that street's own."""
        if table is Chat:
            return ~self._theirs()
        if table is Leave:
            return or_(self._served_by(_bot() == self._account), ~self._served_by(self._theirs()))
        if table is Request:
            asked = exists().where(Ticket.id == Request.ticket_id, Chat.id == Ticket.chat_id, self._theirs())
            return ~asked
        columns: Any = table
        if hasattr(table, "account"):
            other: ColumnElement[bool] = columns.account.not_in(self._others())
            return other
        return ~exists().where(Chat.id == columns.chat_id, self._theirs())

    def _theirs(self) -> ColumnElement[bool]:
        return _bot().in_(self._others())

    def _others(self) -> Select[str]:
        seen = Pulse.beat_at > self._now() - LONG_GONE
        return select(Pulse.account).where(Pulse.account != self._account, seen)

    def _served_by(self, which: ColumnElement[bool]) -> ColumnElement[bool]:
        """Somebody with posts in two streets is either's to see to."""
        post: InstrumentedAttribute[int] = Post.person_id
        return exists().where(post == Leave.person_id, Post.ended_at.is_(None), Chat.unit_id == Post.unit_id, which)


def _bot() -> ColumnElement[str]:
    return Chat.channel + ":" + Chat.account
