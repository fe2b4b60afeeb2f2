"""What speaks for and against a line being about a ticket: named clues, each with the words that showed it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import log2
from typing import Literal, NamedTuple

from bot.reading.talk import Onlooker, Shown
from bot.reading.traits import Around, line_clues, near_clues, nearness, traits_of, when_of
from models.talk import Candidate, Utterance

TELLING = 5.0  # rarity from which a shared pair of characters is named
HOURS_REMEMBERED = 2  # an hour of silence is nothing, a day is


class Clue(NamedTuple):
    """`amount` is multiplied with the weight of that name."""

    name: str
    words: tuple[str, ...] = ()
    amount: float = 1.0


class Told(NamedTuple):
    """What has been said of a ticket, all together."""

    topics: frozenset[str]
    pairs: frozenset[str]
    numbers: frozenset[str]


class Clues:
    """Finds them."""

    def __init__(self, onlooker: Onlooker) -> None:
        self.look = onlooker.look
        self._told = lru_cache(maxsize=1024)(self._tell)

    def _tell(self, texts: tuple[str, ...]) -> "Told":
        shown = [self.look(text) for text in texts]
        return Told(
            frozenset().union(*(other.topics for other in shown)),
            frozenset().union(*(other.pairs for other in shown)),
            frozenset().union(*(other.numbers for other in shown)),
        )

    def of_line(self, said: Utterance) -> list[Clue]:
        """What the line says by itself: is it the kind of line that is about something already known?"""
        shown = self.look(said.text)
        return [Clue(name, (shown.cues[cue],) if cue else ()) for name, cue in line_clues(traits_of(said, shown))]

    def of_pair(self, said: Utterance, ticket: Candidate, others: Around) -> Iterator[Clue]:
        """What ties the line to this ticket, one of several."""
        when = "next" if when_of(ticket) in ("next", "pointed at") else "later"
        near = [Clue(name) for name in near_clues(nearness(said, self.look(said.text), ticket, others))]
        told = [*near, *long_ago(ticket), *self._matter(said, ticket)]
        yield from told
        for clue in told:
            if clue.name in BY_TIME:
                yield Clue(f"{when}: {clue.name}", clue.words, clue.amount)
            if clue.name in OVER_OPEN and said.verdict.decision == "open":
                yield Clue(f"open, yet {clue.name}", clue.words)
        yield from self._own(said, ticket)

    def _own(self, said: Utterance, ticket: Candidate) -> Iterator[Clue]:
        """Who raised a matter comes back to it."""
        if ticket.same_person and not said.staff:
            cues = self.look(said.text).cues
            yield from (Clue(f"own matter, {cue}", (cues[cue],)) for cue in OF_OWN if cue in cues)

    def _matter(self, said: Utterance, ticket: Candidate) -> Iterator[Clue]:
        mine, theirs = self.look(said.text), self._told(ticket.texts)
        place = said.verdict.place.key if said.verdict.place else _likely(mine, ticket)
        if met := doors(place, ticket.place_key):
            yield Clue(met, (place,))
        yield from self._subject(mine, theirs)
        yield from self._shared(mine, theirs)
        if said.verdict.category:
            yield Clue("same class" if said.verdict.category == ticket.category else "other class")

    def _subject(self, mine: Shown, theirs: Told) -> Iterator[Clue]:
        shared = [topic for topic in mine.topics if topic in theirs.topics]
        if shared:
            yield Clue("same subject", tuple(mine.topics[topic] for topic in shared), min(len(shared), 3) ** 0.5)
        elif mine.topics and theirs.topics:
            yield Clue("other subject", tuple(mine.topics.values())[:2])
        elif not mine.topics:
            yield Clue("no subject")

    def _shared(self, mine: Shown, theirs: Told) -> Iterator[Clue]:
        """Shared pairs of characters, the rarer the more."""
        common = [part for part in mine.pairs if part in theirs.pairs]
        if common:
            total = sum(mine.pairs[part] for part in common)
            telling = sorted(common, key=lambda part: (-mine.pairs[part], part))[:3]
            yield Clue("same words", tuple(telling), round(log2(1 + total / TELLING), 3))
            if mine.pairs[telling[0]] >= TELLING:
                yield Clue("rare word", (telling[0],))
        if numbers := mine.numbers & theirs.numbers:
            yield Clue("same number", tuple(sorted(numbers)))


BY_TIME = frozenset(  # worth more, or less, right after the ticket was spoken of
    ("same person", "same subject", "other subject", "no subject", "rare word", "same words")
    + ("same door", "same building", "other door", "same number", "same class", "other class")
)
OVER_OPEN = BY_TIME - {"same words"} | {
    *("pointed at, resident", "next, resident", "another is nearer", "settled"),
}
OF_OWN = ("fixed", "thanks", "chase", "worse", "metoo")


def _likely(mine: Shown, ticket: Candidate) -> str:
    """The line's own place, where the ticket has one that it could be: without a figure it names no numbered door."""
    if not ticket.place_key or (numbered(ticket.place_key) and not mine.has_figure):
        return ""
    return mine.place_key


def long_ago(ticket: Candidate) -> tuple[Clue, ...]:
    """For each doubling of the hours that are remembered."""
    if ticket.minutes <= HOURS_REMEMBERED * 60 or ticket.pointed:
        return ()
    return (Clue("long ago", (), round(log2(ticket.minutes / HOURS_REMEMBERED / 60), 3)),)


def doors(mine: str, theirs: str) -> Literal["same door", "same building", "other door", ""]:
    """3 and 3-2 are one door, 3-1 and 3-2 one building, 3 and 5 are apart; 楼道 and a bare room say nothing."""
    if not numbered(mine) or not numbered(theirs):
        return "same door" if mine and mine == theirs else ""
    pairs = list(zip(mine.split("-"), theirs.split("-"), strict=False))
    alike = [a == b or "?" in (a, b) for a, b in pairs]
    if all(alike):
        return "same door"
    return "same building" if alike[0] and pairs[0][0] != "?" else "other door"


def numbered(key: str) -> bool:
    return any(c.isdigit() for c in key) and not re.fullmatch(r"\d{3,4}", key)
