"""Learned weights of a word, several packed into one whole number: one look-up a word, not one a table.

What decides whether a line matters stands in a number that fits a machine word, which adds up fastest; danger and
class, which few lines are asked for, stand in another. Whole numbers also add up the same in any order.
"""

from collections.abc import Iterable, Sequence
from struct import Struct

from bot.reading.weights import Classes, Table

THOUSAND = 1000
BITS = 31
HALF, FIELD = 1 << (BITS - 1), (1 << BITS) - 1  # each of two holds sums of a million: room for any message
MIDDLE = 1 << 31  # of a field of 32 bits; added to each of many: a field below nothing would borrow from its neighbour


class Scores:
    """What chats, and written complaints, make of a word; both sums travel packed."""

    def __init__(self, words: Sequence[str], chat: Table, letter: Table) -> None:
        self._bias = pair(chat.bias, letter.bias)
        chats, letters = chat.weight, letter.weight
        self.of_word = {word: pair(chats.get(word, 0.0), letters.get(word, 0.0)) for word in words}.__getitem__

    def of(self, words: Iterable[str]) -> int:
        """The packed sums of these words, from where an empty text stands."""
        return sum(map(self.of_word, words), self._bias)


def pair(chat: float, letter: float) -> int:
    return mills(chat) + (mills(letter) << BITS)


def both(packed: int) -> tuple[float, float]:
    """The two sums, in units of the score."""
    chat = ((packed & FIELD) ^ HALF) - HALF
    return chat / THOUSAND, ((packed - chat) >> BITS) / THOUSAND


class Kinds:
    """How much words speak of danger, then for each class."""

    def __init__(self, words: Sequence[str], urgent: Table, classes: Classes) -> None:
        none = (0,) * len(classes.bias)
        bias = (mills(urgent.bias), *tens(classes.bias))
        self._fields = Struct(f"<{len(bias)}I")
        middle = self._packed([0] * len(bias))
        of_word = dict.fromkeys(words, 0)  # two of five speak of neither
        for word in of_word.keys() & (urgent.weight.keys() | classes.weight.keys()):
            kinds = mills(urgent.weight.get(word, 0.0)), *tens(classes.weight.get(word, none))
            of_word[word] = self._packed(kinds) - middle
        self._of_word = of_word.__getitem__
        self._bias = self._packed(bias)

    def _packed(self, values: Iterable[int]) -> int:
        return int.from_bytes(self._fields.pack(*[MIDDLE + value for value in values]), "little")

    def of(self, words: Iterable[str]) -> list[float]:
        """The sums of these words."""
        total = sum(map(self._of_word, words), self._bias)
        fields = self._fields.unpack(total.to_bytes(self._fields.size, "little"))
        return [(field - MIDDLE) / THOUSAND for field in fields]


def mills(weight: float) -> int:
    return round(weight * THOUSAND)


def tens(hundredths: Iterable[int]) -> list[int]:
    return [10 * value for value in hundredths]
