"""The signs that the loops give of their life and work; by default nobody looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.outcome import Outcome
    from models.messages import Event


class Signs:
    """Does nothing; bot/observing/counts.py counts what it is told. Every method may be called from any thread.

    No value that is passed here names a person, a chat or what somebody wrote.
    """

    def turned(self, loop: str, within: float) -> None:
        """This loop lives, and says so again within so many seconds."""

    def took(self, events: Sequence[Event], outcomes: Sequence[Outcome], now: datetime, seconds: float) -> None:
        """A batch is committed; from its arrival with us this took so many seconds."""

    def letter(self, kind: str, outcome: str, late: float | None = None) -> None:
        """It is sent, later, uncertain, moved, gone, dead or stale; `late`: so many seconds after it was due."""

    def stepped(self, step: str, outcome: str) -> None:
        """A due thing was done, or failed in our hands."""

    def beat(self, seconds: float) -> None:
        """Everything that was due is done; it took so many seconds."""

    def holds_inbox(self, held: bool) -> None:
        """Do we fetch the messages, or stand by for the process that does?"""

    def called(self, method: str, outcome: str, seconds: float) -> None:
        """A call to the chat platform: ok, or the kind of its error."""

    def database_failed(self, kind: str) -> None:
        """The engine complained; `kind` is its error's type."""

    def connected(self) -> None:
        """The channel is open: the platform knows us, and updates have a way to us."""

    def stopping(self) -> None:
        """Told to stop: no new work is begun."""


SILENT = Signs()
