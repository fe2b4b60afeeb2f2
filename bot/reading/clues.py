"""What speaks for and against a line being about a ticket: named clues, each with the words that showed it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, hypot, log2
from typing import Any, Literal, NamedTuple

from bot.reading.lexicon import Lexicon
from bot.reading.library import Library
from bot.reading.normalise import without_numbers
from bot.reading.weights import pieces
from models.messages import Verdict

NEXT, SOON, LATER = 0, 4, 12  # lines of the group in between
TELLING = 5.0  # rarity from which a shared pair of characters is named
HOURS_REMEMBERED = 2  # an hour of silence is nothing, a day is


@dataclass(frozen=True)
class Candidate:
    """An open ticket as the group knows it. `texts`: the report and what was added, oldest first.

    `lines` and `minutes`: messages of the group, and time, since it was last spoken of (0 lines: just now).
    `same_person`: the sender reported it or spoke of it; `last_speaker`: was also the last who did;
    `pointed`: the line replies to one of its messages, or to the card.
    """

    number: int
    texts: tuple[str, ...]
    category: str | None = None
    place_key: str = ""
    minutes: float = 0.0
    lines: int = 0
    same_person: bool = False
    last_speaker: bool = False
    pointed: bool = False
    settled: bool = False


@dataclass(frozen=True)
class Utterance:
    """A line of the group, with what the judge says of it. `replies`: it answers some message, whichever."""

    text: str
    verdict: Verdict
    role: Literal["resident", "staff", "member"] = "resident"
    photo: bool = False
    replies: bool = False

    @property
    def staff(self) -> bool:
        return self.role != "resident"


class Clue(NamedTuple):
    """`amount` is multiplied with the weight of that name."""

    name: str
    words: tuple[str, ...] = ()
    amount: float = 1.0


@dataclass(frozen=True)
class Sight:
    """What one text shows, whoever says it."""

    clean: str
    parts: frozenset[str]
    topics: Mapping[str, str]
    cues: Mapping[str, str]
    numbers: frozenset[str]
    leaning: tuple[float, ...]
    place_key: str


class Clues:
    """Finds them; immutable after loading, and texts once looked at are remembered."""

    def __init__(self, table: Mapping[str, Any], rarity: Mapping[str, float], library: Library) -> None:
        self._library, self._rarity = library, rarity
        self._rarest = max(rarity.values(), default=0.0)
        self._topic_of, self._cue_of = _owners(table["topics"]), _owners(table["cues"])
        self._lexicon = Lexicon([*self._topic_of, *self._cue_of])
        self.look = lru_cache(maxsize=4096)(self._look)

    def _look(self, text: str) -> Sight:
        clean = self._library.normaliser.clean(text)
        found = self._lexicon.find(clean)
        parts = pieces(without_numbers(clean))
        place = self._library.places.find(text) if clean else None
        return Sight(
            clean=clean,
            parts=parts,
            topics=_heard(found, self._topic_of),
            cues=_heard(found, self._cue_of),
            numbers=frozenset(re.findall(r"\d{2,}", clean)),
            leaning=_direction(self._library.classes.scores(parts)),
            place_key=place.key if place else "",
        )

    def of_line(self, said: Utterance) -> Iterator[Clue]:
        """What the line says by itself: is it the kind of line that is about something already known?"""
        sight, who = self.look(said.text), "staff" if said.staff else "resident"
        yield Clue(f"said by {who}")
        if said.replies:
            yield Clue("replies")
        if said.photo:
            yield Clue("photo" if sight.clean else "bare photo")
        elif not sight.clean:
            yield Clue("no words")
        if said.verdict.speech:
            yield Clue(f"{said.verdict.speech} by {who}")
        for cue, word in sight.cues.items():
            yield Clue(f"{cue}, {who}", (word,))
        yield from _shape(sight.clean, who)
        yield from _judged(said.verdict)

    def of_pair(self, said: Utterance, ticket: Candidate, nearer: int) -> Iterator[Clue]:
        """What ties the line to this ticket. `nearer`: how many others were spoken of later."""
        told = list(self._moment(said, ticket, nearer))
        told += self._matter(said, ticket)
        yield from told
        if said.verdict.decision == "open":
            names = {clue.name for clue in told}
            yield from (Clue(f"open, yet {name}") for name in OVER_OPEN if name in names)

    def _moment(self, said: Utterance, ticket: Candidate, nearer: int) -> Iterator[Clue]:
        who = "staff" if said.staff else "resident"
        when = _when(ticket.lines)
        yield Clue(f"{when}, {who}")
        if ticket.pointed:
            yield Clue(f"points here, {who}")
        elif said.replies:
            yield Clue("points elsewhere")
        if nearer:
            yield Clue("another is nearer")
        if ticket.same_person:
            yield Clue(f"same person, {'next' if when == 'next' else 'later'}")
        if ticket.last_speaker:
            yield Clue(f"goes on, {when}")
        if ticket.settled:
            yield Clue("settled")
        if ticket.minutes > HOURS_REMEMBERED * 60:
            yield Clue("long ago", (), log2(ticket.minutes / HOURS_REMEMBERED / 60))

    def _matter(self, said: Utterance, ticket: Candidate) -> Iterator[Clue]:
        mine, theirs = self.look(said.text), [self.look(text) for text in ticket.texts]
        place = said.verdict.place.key if said.verdict.place else mine.place_key
        if met := doors(place, ticket.place_key):
            yield Clue(met, (place,))
        yield from self._subject(mine, theirs)
        yield from self._shared(mine, theirs)
        if said.verdict.category:
            yield Clue("same class" if said.verdict.category == ticket.category else "other class")
        if theirs:
            like = max(sum(a * b for a, b in zip(mine.leaning, other.leaning, strict=True)) for other in theirs)
            yield Clue("leans alike", (), round(like, 3))

    def _subject(self, mine: Sight, theirs: list[Sight]) -> Iterator[Clue]:
        known = {topic for other in theirs for topic in other.topics}
        shared = [topic for topic in mine.topics if topic in known]
        if shared:
            yield Clue("same subject", tuple(mine.topics[topic] for topic in shared), min(len(shared), 3) ** 0.5)
        elif mine.topics and known:
            yield Clue("other subject", tuple(mine.topics.values())[:2])
        elif not mine.topics:
            yield Clue("no subject")

    def _shared(self, mine: Sight, theirs: list[Sight]) -> Iterator[Clue]:
        """Shared pairs of characters, the rarer the more."""
        words = {part: self._rarity.get(part, self._rarest) for part in mine.parts if len(part) == 2}
        common = {part for part in words if any(part in other.parts for other in theirs)}
        if common:
            total = sum(words[part] for part in common)
            telling = sorted(common, key=lambda part: (-words[part], part))[:3]
            yield Clue("same words", tuple(telling), round(log2(1 + total / TELLING), 3))
            yield Clue("share of words", (), round(total / sum(words.values()), 3))
            if words[telling[0]] >= TELLING:
                yield Clue("rare word", (telling[0],))
        if numbers := mine.numbers.intersection(*[frozenset().union(*(other.numbers for other in theirs))]):
            yield Clue("same number", tuple(sorted(numbers)))


OVER_OPEN = (
    *("next, resident", "points here, resident", "same person, next", "same person, later", "same door", "other door"),
    *("same class", "other class", "same subject", "other subject", "rare word", "another is nearer"),
)


def _when(lines: int) -> str:
    if lines <= NEXT:
        return "next"
    if lines == 1:
        return "one line later"
    return "soon" if lines <= SOON else "later" if lines <= LATER else "much later"


def _shape(clean: str, who: str) -> Iterator[Clue]:
    if clean.endswith(("?", "吗", "呢", "么", "没")) or "?" in clean:
        yield Clue(f"asks, {who}")
    if len(clean) <= 4:
        yield Clue(f"very short, {who}")
    elif len(clean) >= 30:
        yield Clue(f"long, {who}")


def _judged(verdict: Verdict) -> Iterator[Clue]:
    if verdict.decision != "ignore":
        yield Clue(f"judged {verdict.decision}")
    if verdict.urgent:
        yield Clue("urgent")
    yield Clue("sounds like a report", (), min(max(verdict.score, -1.0), 1.5))


def doors(mine: str, theirs: str) -> Literal["same door", "same building", "other door", ""]:
    """3 and 3-2 are one door, 3-1 and 3-2 one building, 3 and 5 are apart; 楼道 and a bare room say nothing."""
    if not _numbered(mine) or not _numbered(theirs):
        return "same door" if mine and mine == theirs else ""
    pairs = list(zip(mine.split("-"), theirs.split("-"), strict=False))
    alike = [a == b or "?" in (a, b) for a, b in pairs]
    if all(alike):
        return "same door"
    return "same building" if alike[0] and pairs[0][0] != "?" else "other door"


def _numbered(key: str) -> bool:
    return any(c.isdigit() for c in key) and not re.fullmatch(r"\d{3,4}", key)


def _owners(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Word -> the lists that hold it."""
    words = {word for entry in table.values() for word in entry}
    return {word: tuple(name for name, entry in table.items() if word in entry) for word in sorted(words)}


def _heard(found: Mapping[str, list[int]], owners: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """List -> its longest word in the text."""
    told: dict[str, str] = {}
    for word in sorted(found, key=lambda word: (-len(word), word)):
        for name in owners.get(word, ()):
            told.setdefault(name, word)
    return dict(sorted(told.items()))


def _direction(scores: list[float]) -> tuple[float, ...]:
    """Towards which classes the words lean, as a vector of length 1."""
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    length = hypot(*raised)
    return tuple(value / length for value in raised)
