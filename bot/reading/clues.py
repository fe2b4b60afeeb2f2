"""What speaks for and against a line being about a ticket: named clues, each with the words that showed it."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import log2
from typing import Literal, NamedTuple

from bot.reading.talk import Onlooker, Shown
from models.talk import Candidate, Utterance

SOON, LATER = 4, 12  # lines of the group in between
TELLING = 5.0  # rarity from which a shared pair of characters is named
SUBSTANCE = 7  # letters from which an answer says something
SIZES = (0, 2, 4, 7, 11, 16, 24)  # letters
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

    def of_line(self, said: Utterance) -> Iterator[Clue]:
        """What the line says by itself: is it the kind of line that is about something already known?"""
        sight, who = self.look(said.text), _who(said)
        yield Clue(f"said by {who}")
        yield Clue(f"{_size(sight.clean)}, {who}")
        if said.replies:
            yield Clue("replies")
        if said.photo:
            yield Clue("photo" if sight.clean else "bare photo")
        if said.verdict.speech:
            yield Clue(f"{said.verdict.speech} by {who}")
        if sight.asks:
            yield Clue(f"asks, {who}")
        for cue, word in sight.cues.items():
            yield Clue(f"{cue}, {who}", (word,))
        if said.verdict.decision == "open":
            yield Clue("opens a ticket of its own")
        yield from _before(said, who)

    def of_pair(self, said: Utterance, ticket: Candidate, tickets: Sequence[Candidate]) -> Iterator[Clue]:
        """What ties the line to this ticket, one of `tickets`."""
        when = "next" if when_of(ticket) in ("next", "pointed at") else "later"
        told = [
            *self.pointing(said, ticket, tickets),
            *self.moment(said, ticket, tickets),
            *self._matter(said, ticket),
        ]
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

    def moment(self, said: Utterance, ticket: Candidate, tickets: Sequence[Candidate]) -> Iterator[Clue]:
        when, who = when_of(ticket), _who(said)
        yield Clue(f"{when}, {who}")
        if len(ticket.texts) == 1:
            yield Clue(f"first word on it, {when}, {who}")
        if not ticket.pointed and any(other.lines < ticket.lines for other in tickets):
            yield Clue("another is nearer")
        if ticket.same_person:
            yield Clue("same person")
        if ticket.last_speaker:
            yield Clue(f"goes on, {when}")
        if ticket.settled:
            yield Clue("settled")
        if ticket.minutes > HOURS_REMEMBERED * 60 and not ticket.pointed:
            yield Clue("long ago", (), round(log2(ticket.minutes / HOURS_REMEMBERED / 60), 3))

    def pointing(self, said: Utterance, ticket: Candidate, tickets: Sequence[Candidate]) -> Iterator[Clue]:
        if ticket.pointed:
            if len(self.look(said.text).clean) >= SUBSTANCE:
                yield Clue(f"answer of substance, {_who(said)}")
        elif any(other.pointed for other in tickets):
            yield Clue("points to another ticket")
        elif said.replies:
            yield Clue("points elsewhere")

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


def _who(said: Utterance) -> str:
    return "staff" if said.staff else "resident"


def when_of(ticket: Candidate) -> str:
    """A reply may come late: what it answers counts, not how long ago that was said."""
    if ticket.pointed:
        return "pointed at"
    if ticket.lines <= 1:
        return "one line later" if ticket.lines == 1 else "next"
    return "soon" if ticket.lines <= SOON else "later" if ticket.lines <= LATER else "much later"


def _size(clean: str) -> str:
    for most in SIZES:
        if len(clean) <= most:
            return f"up to {most} letters"
    return "more letters"


def _before(said: Utterance, who: str) -> Iterator[Clue]:
    if said.after_own_chatter:
        yield Clue("own chatter just before")
    if said.after_staff:
        yield Clue(f"after staff, {who}")
    if said.chatters:
        yield Clue(f"last line was chatter, {who}")


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
