"""What a line is by itself, and how near a ticket is to it: the same few combinations come again and again."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.reading.talk import Shown
from models.messages import Speech
from models.talk import Candidate, Utterance

SOON, LATER = 4, 12  # lines of the group in between
SUBSTANCE = 7  # letters from which an answer says something
SIZES = (0, 2, 4, 7, 11, 16, 24)  # letters
POINTS = {
    "here, with substance": "answer of substance, {who}",
    "another": "points to another ticket",
    "elsewhere": "points elsewhere",
}


class Traits(NamedTuple):
    """Of a line; `cues` are the lists of words of which it holds one."""

    who: str
    letters: int  # the most that a line of its size has, -1 for a long one
    replies: bool
    photo: bool
    speech: Speech | None
    asks: bool
    cues: tuple[str, ...]
    opens: bool
    after_own_chatter: bool
    after_staff: bool
    chatters: bool


class Around(NamedTuple):
    """Of all tickets that a line is held against: how many lines ago the nearest was spoken of, and whether the line
    replies to one.
    """

    nearest: int
    pointed: bool


class Nearness(NamedTuple):
    """Of a ticket to a line; how long ago that was is no part of it."""

    who: str
    when: str
    points: str
    only_word: bool
    another_nearer: bool
    same_person: bool
    last_speaker: bool
    settled: bool


def traits_of(said: Utterance, shown: Shown) -> Traits:
    verdict = said.verdict
    return Traits(
        who_says(said),
        next((most for most in SIZES if len(shown.clean) <= most), -1),
        said.replies,
        said.photo,
        verdict.speech,
        shown.asks,
        tuple(shown.cues),
        verdict.decision == "open",
        said.after_own_chatter,
        said.after_staff,
        said.chatters,
    )


def around(tickets: Sequence[Candidate]) -> Around:
    return Around(min([t.lines for t in tickets], default=0), any(t.pointed for t in tickets))


def nearness(said: Utterance, shown: Shown, ticket: Candidate, others: Around) -> Nearness:
    return Nearness(
        who_says(said),
        when_of(ticket),
        _points(said, shown, ticket, others),
        len(ticket.texts) == 1,
        not ticket.pointed and others.nearest < ticket.lines,
        ticket.same_person,
        ticket.last_speaker,
        ticket.settled,
    )


def who_says(said: Utterance) -> str:
    return "staff" if said.staff else "resident"


def when_of(ticket: Candidate) -> str:
    """A reply may come late: what it answers counts, not how long ago that was said."""
    if ticket.pointed:
        return "pointed at"
    if ticket.lines <= 1:
        return "one line later" if ticket.lines == 1 else "next"
    return "soon" if ticket.lines <= SOON else "later" if ticket.lines <= LATER else "much later"


def _points(said: Utterance, shown: Shown, ticket: Candidate, others: Around) -> str:
    if ticket.pointed:
        return "here, with substance" if len(shown.clean) >= SUBSTANCE else "here"
    if others.pointed:
        return "another"
    return "elsewhere" if said.replies else ""


@lru_cache(maxsize=4096)
def line_clues(traits: Traits) -> tuple[tuple[str, str], ...]:
    """The name of each clue, with the list of words that showed it, if any."""
    return tuple(_line_clues(traits))


def _line_clues(line: Traits) -> Iterator[tuple[str, str]]:
    who = line.who
    yield f"said by {who}", ""
    yield f"{_size(line.letters)}, {who}", ""
    if line.replies:
        yield "replies", ""
    if line.photo:
        yield "photo" if line.letters else "bare photo", ""
    if line.speech:
        yield f"{line.speech} by {who}", ""
    if line.asks:
        yield f"asks, {who}", ""
    for cue in line.cues:
        yield f"{cue}, {who}", cue
    if line.opens:
        yield "opens a ticket of its own", ""
    if line.after_own_chatter:
        yield "own chatter just before", ""
    if line.after_staff:
        yield f"after staff, {who}", ""
    if line.chatters:
        yield f"last line was chatter, {who}", ""


def _size(letters: int) -> str:
    return "more letters" if letters < 0 else f"up to {letters} letters"


@lru_cache(maxsize=4096)
def near_clues(near: Nearness) -> tuple[str, ...]:
    """Their names."""
    return tuple(_near_clues(near))


def _near_clues(near: Nearness) -> Iterator[str]:
    when, who = near.when, near.who
    if near.points in POINTS:
        yield POINTS[near.points].format(who=who)
    yield f"{when}, {who}"
    if near.only_word:
        yield f"first word on it, {when}, {who}"
    if near.another_nearer:
        yield "another is nearer"
    if near.same_person:
        yield "same person"
    if near.last_speaker:
        yield f"goes on, {when}"
    if near.settled:
        yield "settled"
