"""Puts the messages of a recording on one clock: groups beside each other, and time never goes backwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.replay.recorded import Recorded

DEFAULT_START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in China, a Monday
STEP = timedelta(minutes=1)  # between lines without a time


@dataclass(frozen=True, slots=True)
class Line:
    """One message with its place in the file (from 0) and the instant at which it is replayed."""

    place: int
    message: Recorded
    at: datetime


def on_one_clock(messages: Iterable[Recorded]) -> list[Line]:
    """All lines in the order of time. Each group keeps the order of the file, also where its times go back."""
    lines: dict[str, list[tuple[int, Recorded]]] = {}
    for place, message in enumerate(messages):
        lines.setdefault(message.conv, []).append((place, message))
    timed = [line for conv in lines.values() for line in _timed(conv)]
    return sorted(timed, key=lambda line: (line.at, line.place))


def _timed(conv: list[tuple[int, Recorded]]) -> Iterable[Line]:
    """A group without times starts at DEFAULT_START; a line without one follows its neighbour by a minute."""
    at = next((m.sent_at for _, m in conv if m.sent_at), DEFAULT_START) - STEP
    for place, message in conv:
        at = max(at, message.sent_at) if message.sent_at else at + STEP
        yield Line(place, message, at)
