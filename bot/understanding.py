"""The understanding of text as plain functions, as handlers are given it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.complaints import Complaints
from bot.reading.judge import Judge
from bot.reading.notes import Notes
from bot.reading.outbreaks import Outbreaks
from bot.reading.privacy import mask
from bot.reading.threads import Threads
from handlers.reader import Reader
from models.messages import Ground, Place, Speaker, Verdict


@lru_cache(maxsize=4)
def _beside(judge: Judge) -> tuple[Threads, Outbreaks, Notes, Complaints]:
    """What else reads of the same library; loading takes a while, and it never changes."""
    library = judge.library
    return Threads.load(library), Outbreaks.load(library), Notes.load(library), Complaints.load(library)


@dataclass(frozen=True)
class Understanding:
    """Immutable after loading, so any number of threads may ask."""

    judge: Judge
    threads: Threads
    outbreaks: Outbreaks
    notes: Notes
    complaints: Complaints

    @classmethod
    def of(cls, judge: Judge) -> "Understanding":
        return cls(judge, *_beside(judge))

    def reader(self, me: str | None = None) -> Reader:
        """`me`: the bot's own @username."""
        return Reader(
            judge=self._read,
            insist=self._insist,
            place=self._place,
            mask=mask,
            thread=self.threads.joined,
            subjects=self.outbreaks.subjects,
            anywhere=self.outbreaks.anywhere,
            tells=self.notes.tells,
            denies=self.notes.denies,
            explains=self.notes.explains,
            complaint=self.complaints.find,
            me=me,
        )

    def _place(self, text: str, landmarks: Sequence[str] = ()) -> Place | None:
        return self.judge.place(mask(text), landmarks)

    def _insist(self, text: str, ground: Ground) -> Verdict:
        return self.judge.read(mask(text), open_at=-math.inf, ask_at=-math.inf, landmarks=ground.landmarks)

    def _read(self, text: str, speaker: Speaker, ground: Ground) -> Verdict:
        """Of masked words only: a verdict quotes them, and is kept."""
        bars = {"open_at": ground.open_at, "ask_at": ground.ask_at}
        return self.judge.read(mask(text), speaker, **bars, landmarks=ground.landmarks)
