"""What the understanding of text can do for a handler, as plain functions that bot/ hands down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from models.messages import Ground, Place, Speaker, Verdict
from models.talk import Candidate, Complaint, Pick, Utterance


class FindPlace(Protocol):
    def __call__(self, text: str, landmarks: Sequence[str] = ()) -> Place | None:
        """The place that a text names, if any."""


class Explains(Protocol):
    def __call__(self, text: str, *, good: bool) -> bool:
        """Asked after a low mark what is wrong: is this a reason? `good`: some of its words praise."""


@dataclass
class Reader:
    judge: Callable[[str, Speaker, Ground], Verdict]
    insist: Callable[[str, Ground], Verdict]  # the same for what somebody registers: an issue, whatever the words say
    place: FindPlace
    mask: Callable[[str], str]
    thread: Callable[[Utterance, Sequence[Candidate]], Pick]
    subjects: Callable[[str], frozenset[str]]  # which of the common troubles a text speaks of
    anywhere: Callable[[str], bool]  # is this place key one that every building has?
    tells: Callable[[str, str], bool]  # does a closing note (first) say anything of its matter (second)?
    denies: Callable[[str], bool]  # does such a note say that the work is still to be done?
    complaint: Callable[[str, Callable[[], Sequence[str]]], Complaint | None]  # of whom of these, by name or post?
    explains: Explains
    me: str | None = None  # the bot's own @username
