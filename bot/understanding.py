"""The understanding of text as plain functions, as handlers are given it."""

import math
from dataclasses import dataclass

from bot.reading.judge import Judge
from bot.reading.outbreaks import Outbreaks
from bot.reading.privacy import mask
from bot.reading.threads import Threads
from handlers.reader import Reader
from models.messages import Ground, Speaker, Verdict


@dataclass(frozen=True)
class Understanding:
    """Immutable after loading, so any number of threads may ask."""

    judge: Judge
    threads: Threads
    outbreaks: Outbreaks

    @classmethod
    def of(cls, judge: Judge) -> "Understanding":
        return cls(judge, Threads.load(judge.library), Outbreaks.load(judge.library))

    def reader(self, me: str | None = None) -> Reader:
        """`me`: the bot's own @username."""
        return Reader(
            self._read,
            self._insist,
            self.judge.place,
            mask,
            self.threads.pick,
            self.outbreaks.subjects,
            self.outbreaks.anywhere,
            me,
        )

    def _insist(self, text: str, ground: Ground) -> Verdict:
        return self.judge.read(text, open_at=-math.inf, ask_at=-math.inf, landmarks=ground.landmarks)

    def _read(self, text: str, speaker: Speaker, ground: Ground) -> Verdict:
        return self.judge.read(text, speaker, open_at=ground.open_at, ask_at=ground.ask_at, landmarks=ground.landmarks)
