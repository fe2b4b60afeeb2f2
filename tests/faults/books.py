"""What the rig reads in the program's database, on either engine, without disturbing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from models.chats import Chat
from models.database import open_engine
from models.due import next_due
from models.letters import Letter


class Books:
    """`noted`: for each letter the message number that the program had noted when a life ended."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url).execution_options(read_only=True)
        self.noted: dict[int, str] = {}
        self.changed: list[str] = []

    @contextmanager
    def open(self) -> Iterator[Session]:
        with Session(self._engine) as session:
            yield session

    def made(self) -> bool:
        """Are there tables yet? The program may die before it has made them."""
        return inspect(self._engine).has_table(Letter.__tablename__)

    def waiting(self, now: datetime) -> int:
        """Letters that should have left."""
        with self.open() as session:
            due = select(func.count()).select_from(Letter).where(Letter.state == "waiting", Letter.due_at <= now)
            return session.scalar(due) or 0

    def due(self, now: datetime) -> bool:
        """Is there anything that the heartbeat has not done yet?"""
        with self.open() as session:
            first = next_due(session, datetime.fromtimestamp(0, now.tzinfo))
            return first is not None and first <= now

    def next_due(self, after: datetime) -> datetime | None:
        with self.open() as session:
            return next_due(session, after)

    def next_call(self, after: datetime) -> datetime | None:
        """When the next 说事日 call or summary of any group comes: no leap may go beyond it."""
        with self.open() as session:
            found = [session.scalar(select(func.min(c)).where(c > after)) for c in (Chat.talk_due_at, Chat.week_due_at)]
            return min((f for f in found if f is not None), default=None)

    def remember_noted(self) -> None:
        """A letter whose number was noted has arrived for good: it may never get another."""
        if not self.made():
            return
        with self.open() as session:
            rows = session.execute(select(Letter.id, Letter.message_id).where(Letter.message_id.is_not(None)))
            for letter, message in rows:
                if self.noted.setdefault(letter, message) != message:
                    self.changed.append(f"letter {letter} was noted as {self.noted[letter]}, then as {message}")

    def close(self) -> None:
        self._engine.dispose()
