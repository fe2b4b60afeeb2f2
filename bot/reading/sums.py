"""All learned weights of a piece in one whole number: a text costs one look-up a piece, whatever is asked of it.

The tables are large and a look-up misses the processor's cache; ten numbers side by side miss it once. Whole
thousandths also add up the same in any order.
"""

from collections.abc import Iterable

from bot.reading.weights import Classes, Table

THOUSAND = 1000
BITS = 32  # a field holds sums of two million: room for any message
HALF, FIELD = 1 << (BITS - 1), (1 << BITS) - 1
CHAT, PETITION, URGENT, FIRST_CLASS = range(4)


class Sums:
    """Adds up pieces over the three tables and the seven classes."""

    def __init__(self, tables: tuple[Table, ...], classes: Classes) -> None:
        words = set(classes.weight).union(*(table.weight for table in tables))
        none = (0,) * len(classes.bias)
        self._packed = {
            word: pack([mills(t.weight.get(word, 0.0)) for t in tables] + tens(classes.weight.get(word, none)))
            for word in words
        }
        self._bias = pack([mills(table.bias) for table in tables] + tens(classes.bias))
        self._fields = len(tables) + len(none)

    def of(self, parts: Iterable[str]) -> int:
        """The packed sum of these pieces and the biases."""
        return sum(filter(None, map(self._packed.get, parts)), self._bias)

    def more(self, piece: str) -> int:
        return self._packed.get(piece, 0)

    def read(self, packed: int, fields: int | None = None) -> list[float]:
        """The sums, in units of the score and of the classes; only the first so many, if that is enough."""
        told = []
        for _ in range(fields or self._fields):
            value = ((packed & FIELD) ^ HALF) - HALF
            told.append(value / THOUSAND)
            packed = (packed - value) >> BITS
        return told


def pack(values: list[int]) -> int:
    total = 0
    for value in reversed(values):
        total = (total << BITS) + value
    return total


def mills(weight: float) -> int:
    return round(weight * THOUSAND)


def tens(hundredths: Iterable[int]) -> list[int]:
    return [10 * value for value in hundredths]
