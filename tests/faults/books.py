"""What the rig reads in the program's database, on either engine, without disturbing it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, func, inspect, select
from sqlalchemy.orm import Session

from models.chats import Chat
from models.database import open_engine
from models.due import next_due
from models.letters import Letter
from models.privacy import LOOSE_LIFE
from models.taken import TakenUpdate

SIDE_BY_SIDE = timedelta(seconds=5)


@dataclass(frozen=True)
class Noted:
    """The number that the program had noted for a letter. `passing`: it belongs to no ticket, so it may be erased."""

    letter: int
    written_at: datetime  # SQLite gives the id of an erased letter to another
    message: str
    chat: str
    passing: bool


_passing = and_(Letter.ticket_id.is_(None), Letter.kind.in_(("ping", "reply", "toast", "edit")))


class Books:
    def __init__(self, url: str) -> None:
        self._engine = open_engine(url).execution_options(read_only=True)
        self._noted: dict[tuple[int, datetime], Noted] = {}
        self.taken: set[str] = set()  # updates that were marked as taken, though the mark may be gone since
        self.too_late: set[str | None] = set()  # presses whose answer was dropped, for nobody waits for it any more
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
            self.taken.update(session.scalars(select(TakenUpdate.event_id)))
            dropped = select(Letter.query_id).where(Letter.state == "stale", Letter.query_id.is_not(None))
            self.too_late.update(session.scalars(dropped))
            columns = Letter.id, Letter.written_at, Letter.message_id, Chat.external_id, _passing
            rows = session.execute(select(*columns).join(Letter.chat).where(Letter.message_id.is_not(None)))
            for number, written_at, message, chat, passing in rows:
                seen = Noted(number, written_at, str(message), chat, passing)
                before = self._noted.setdefault((number, written_at), seen)
                if before.message != message:
                    self.changed.append(f"letter {number} was noted as {before.message}, then as {message}")

    @property
    def noted(self) -> list[Noted]:
        return list(self._noted.values())

    def vanished(self, letters: Iterable[Letter], now: datetime) -> Iterator[str]:
        """Only what belongs to no ticket may go, and only after a day."""
        here = {(letter.id, letter.written_at) for letter in letters}
        for one in self.noted:
            if (one.letter, one.written_at) not in here and not (one.passing and one.written_at < now - LOOSE_LIFE):
                yield f"letter {one.letter} had arrived, and is gone"

    def write_down(self, file: Path) -> None:
        """Every letter, for whoever looks into a difference: a PostgreSQL of the rig's own is gone afterwards."""
        with self.open() as session:
            rows = session.execute(select(Letter.__table__)).mappings()
            file.write_text("".join(json.dumps(dict(row), default=str, ensure_ascii=False) + "\n" for row in rows))

    @property
    def overlap(self) -> timedelta:
        """How long two transactions that write may last side by side: on SQLite there is one at a time."""
        return timedelta(0) if self._engine.dialect.name == "sqlite" else SIDE_BY_SIDE

    def close(self) -> None:
        self._engine.dispose()
