"""How far the clues could carry a line at the most: most of what is said is about no ticket, and that is soon told."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log2

from bot.reading.clues import TELLING, Clues, numbered, when_of
from bot.reading.talk import Shown
from models.talk import Candidate, Utterance

SUBJECTS = (1.0, 2**0.5, 3**0.5)  # what one, two and more shared subjects amount to
DOORS = ("same door", "same building", "other door")
NEVER = float("inf")  # no bound is known


class Bounds:
    """Immutable after loading. No sum of the clues is above what it tells, whatever the weights are."""

    def __init__(self, clues: Clues, weight: Mapping[str, float], rarest: float) -> None:
        self._clues, self._weight, self._rarest = clues, weight, rarest
        self._door = lru_cache(maxsize=None)(self._most_of_door)
        self._subject = lru_cache(maxsize=None)(self._most_of_subject)

    def most(self, said: Utterance, ticket: Candidate, tickets: Sequence[Candidate]) -> float:
        """Above any sum of the clues that tie the line to the ticket."""
        if ticket.same_person or ticket.pointed or said.verdict.decision == "open" or said.verdict.category:
            return NEVER
        shown, when = self._clues.look(said.text), "next" if when_of(ticket) == "next" else "later"
        told = [*self._clues.pointing(said, ticket, tickets), *self._clues.moment(said, ticket, tickets)]
        sure = sum(clue.amount * self._weight.get(clue.name, 0.0) for clue in told)
        return sure + self._subject(when) + self._words(when, shown) + self._place(when, said, shown, ticket)

    def _place(self, when: str, said: Utterance, shown: Shown, ticket: Candidate) -> float:
        nowhere = said.verdict.place is None and numbered(ticket.place_key) and not shown.has_figure
        return 0.0 if nowhere or not ticket.place_key else self._door(when)

    def _words(self, when: str, shown: Shown) -> float:
        """As if all its pairs of characters, and the rarest there are, had been said of the ticket."""
        shared = log2(1 + len(shown.clean) * self._rarest / TELLING) + 0.001
        number = max(0.0, self._both(when, "same number")) if shown.numbers else 0.0
        return number + max(0.0, self._both(when, "rare word")) + max(0.0, self._both(when, "same words")) * shared

    def _most_of_door(self, when: str) -> float:
        return max(0.0, *(self._both(when, met) for met in DOORS))

    def _most_of_subject(self, when: str) -> float:
        same = [self._both(when, "same subject") * amount for amount in SUBJECTS]
        return max(0.0, *same, self._both(when, "other subject"), self._both(when, "no subject"))

    def _both(self, when: str, name: str) -> float:
        """The clue and what it is worth more at that moment."""
        return self._weight.get(name, 0.0) + self._weight.get(f"{when}: {name}", 0.0)
