"""How far the clues could carry a line at the most: most of what is said is about no ticket, and that is soon told."""

from collections.abc import Mapping
from functools import lru_cache
from math import log2

from bot.reading.clues import TELLING, long_ago, numbered
from bot.reading.talk import Shown
from bot.reading.traits import Around, Nearness, near_clues, nearness
from models.talk import Candidate, Utterance

SUBJECTS = (1.0, 2**0.5, 3**0.5)  # what one, two and more shared subjects amount to
DOORS = ("same door", "same building", "other door")
NEVER = float("inf")  # no bound is known


class Bounds:
    """Immutable after loading. No sum of the clues is above what it tells, whatever the weights are."""

    def __init__(self, weight: Mapping[str, float], rarest: float) -> None:
        self._weight, self._rarest = weight, rarest
        self._near = lru_cache(maxsize=4096)(self._sum_of_near)
        self._door = lru_cache(maxsize=None)(self._most_of_door)
        self._subject = lru_cache(maxsize=None)(self._most_of_subject)
        self._words = lru_cache(maxsize=4096)(self._most_of_words)

    def most(self, said: Utterance, shown: Shown, ticket: Candidate, others: Around) -> float:
        """Above any sum of the clues that tie the line to the ticket."""
        if ticket.same_person or ticket.pointed or said.verdict.decision == "open" or said.verdict.category:
            return NEVER
        near = nearness(said, shown, ticket, others)
        when = "next" if near.when == "next" else "later"
        past = sum(clue.amount * self._weight.get(clue.name, 0.0) for clue in long_ago(ticket))
        words = self._words(when, len(shown.clean), bool(shown.numbers))
        return self._near(near) + past + self._subject(when) + words + self._place(when, said, shown, ticket)

    def _sum_of_near(self, near: Nearness) -> float:
        return sum(self._weight.get(name, 0.0) for name in near_clues(near))

    def _place(self, when: str, said: Utterance, shown: Shown, ticket: Candidate) -> float:
        if not ticket.place_key:
            return 0.0
        nowhere = said.verdict.place is None and not shown.has_figure and numbered(ticket.place_key)
        return 0.0 if nowhere else self._door(when)

    def _most_of_words(self, when: str, letters: int, numbers: bool) -> float:
        """As if all its pairs of characters, and the rarest there are, had been said of the ticket."""
        shared = log2(1 + letters * self._rarest / TELLING) + 0.001
        number = max(0.0, self._both(when, "same number")) if numbers else 0.0
        return number + max(0.0, self._both(when, "rare word")) + max(0.0, self._both(when, "same words")) * shared

    def _most_of_door(self, when: str) -> float:
        return max(0.0, *(self._both(when, met) for met in DOORS))

    def _most_of_subject(self, when: str) -> float:
        same = [self._both(when, "same subject") * amount for amount in SUBJECTS]
        return max(0.0, *same, self._both(when, "other subject"), self._both(when, "no subject"))

    def _both(self, when: str, name: str) -> float:
        """The clue and what it is worth more at that moment."""
        return self._weight.get(name, 0.0) + self._weight.get(f"{when}: {name}", 0.0)
