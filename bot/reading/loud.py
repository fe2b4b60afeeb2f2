"""Which learned words of a text said most: they are named beside the rules in `because`."""

from collections.abc import Sequence

from bot.reading.weights import Table
from models.messages import Reason

AUDIBLE = 0.1  # a learned word that says less is not worth naming
SHOWN = 6


class Loud:
    """The words of one table ranked by how much they say, either way; ties in the order of the text of the word."""

    def __init__(self, words: Sequence[str], table: Table) -> None:
        weight = table.weight
        told = [word for word in words if abs(weight.get(word, 0.0)) >= AUDIBLE]
        told.sort(key=lambda word: (-abs(weight[word]), word))
        self._audible = frozenset(told)
        self._rank = {word: number for number, word in enumerate(told)}.__getitem__
        self._reasons = [Reason(table.name, (word,), weight[word]) for word in told]

    def loudest(self, words: frozenset[str]) -> list[Reason]:
        """The loudest of these words."""
        return [self._reasons[rank] for rank in sorted(map(self._rank, words & self._audible))[:SHOWN]]
