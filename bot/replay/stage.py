"""The stage on which a recording is played: the real inbox and heartbeat on a scratch database, the clock by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from bot.clock import MovableClock
from bot.config.load import Config
from bot.heartbeat import Heartbeat
from bot.inbox import Inbox, Outcome
from bot.reading.judge import Judge
from bot.replay.cast import Group, seat, seat_from_file
from bot.replay.events import ACCOUNT, Events
from bot.replay.timeline import Line
from models.database import open_engine, open_sessions
from models.due import next_due
from models.hush import hush_letters
from models.schema import create_tables

REST = timedelta(hours=6)  # the heartbeat also forgets what is past its time; without haste, for speed


class Stage:
    """Use it as a context: the scratch database is gone afterwards."""

    def __init__(self, config: Config, judge: Judge, channel: str, groups: dict[str, Group], start: datetime) -> None:
        self._channel, self._groups = channel, groups
        self._folder = TemporaryDirectory(prefix="gridbot-replay-", ignore_cleanup_errors=True)
        self._engine = open_engine(f"sqlite:///{Path(self._folder.name) / 'replay.db'}", durable=False)
        create_tables(self._engine)
        self.sessions = open_sessions(self._engine)
        self._clock = MovableClock(start)
        self._inbox = Inbox(self.sessions, self._clock, config.policy, judge)
        self._heartbeat = Heartbeat(self.sessions, self._clock, config.policy, also=[self._inbox.read_aside])
        self._events = Events(channel)
        self._seated: set[str] = set()
        self._stop = start  # until then the heartbeat has nothing to do
        if channel == "telegram":
            with self.sessions.begin() as session:
                self._seated |= seat_from_file(session, config, judge, ACCOUNT, start)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._engine.dispose()
        self._folder.cleanup()

    def play(self, lines: Sequence[Line]) -> list[Outcome]:
        """Lines of one instant: let time pass until then, do what comes due on the way, then let them be heard."""
        self._go_to(lines[0].at)
        self._enter({line.message.conv for line in lines} - self._seated)
        outcomes = self._inbox.receive_now([self._events.event_of(line) for line in lines])
        if any(outcome.kind != "ignored" for outcome in outcomes):
            self._look_ahead()
        return outcomes

    def _enter(self, convs: set[str]) -> None:
        """A group is there from its first line on, as if the bot had just been added."""
        if not convs:
            return
        with self.sessions.begin() as session:
            for conv in sorted(convs):
                seat(session, self._channel, ACCOUNT, self._groups[conv], self._clock.now())
        self._seated |= convs
        self._heartbeat.beat_now()
        self._look_ahead()

    def _go_to(self, instant: datetime) -> None:
        """Stop at each due instant in order, else an evening's call is stale before it is written."""
        while self._stop <= instant:
            self._clock.move_to(self._stop)
            self._heartbeat.beat_now()
            self._look_ahead()
        self._clock.move_to(instant)

    def _look_ahead(self) -> None:
        """Send nothing of what was written, and learn when the next thing comes due."""
        now = self._clock.now()
        with self.sessions.begin() as session:
            hush_letters(session, now)
            due = next_due(session, now)
        self._stop = min(due or now + REST, now + REST)
