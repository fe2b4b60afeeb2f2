"""The words of a line that may tell what it is about: whole words of jieba's that are not everybody's, and pairs."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from bot.reading.judge import Judge
from bot.reading.tables import SHIPPED, read_table
from bot.reading.threads import unpacked
from bot.reading.words import encodable, engine

COMMON = 5.3  # a pair of letters that is no rarer stands in all kinds of talk
NEAR = 8  # characters between the words of a pair

Words = tuple[str, ...]


class Telling:
    """Finds them. `names` are people's: no word that is part of one is told."""

    def __init__(self, judge: Judge, names: Iterable[str] = ()) -> None:
        rarity = unpacked(read_table(SHIPPED / "threads_learned.toml"))["rarity"]
        self._judge, self._rarity, self._rarest = judge, rarity, max(rarity.values())
        self._names = tuple(names)

    def of(self, text: str) -> frozenset[Words]:
        """Single words that are rare, and pairs in their order of which one is."""
        spots = list(self._spots(text))
        pairs = {
            (one, other)
            for (at, one), (there, other) in combinations(spots, 2)
            if one != other and 0 <= there - at - len(one) <= NEAR and (self.rare(one) or self.rare(other))
        }
        return frozenset({(word,) for _, word in spots if self.rare(word)} | pairs)

    def rare(self, word: str) -> bool:
        pairs = (word[i : i + 2] for i in range(len(word) - 1))
        return max((self._rarity.get(pair, self._rarest) for pair in pairs), default=0.0) > COMMON

    def _spots(self, text: str) -> Iterator[tuple[int, str]]:
        """(offset, word) of every whole word of two letters or more; the place is left out."""
        place = self._judge.place(text)
        rest = text.replace(place.text, " ", 1) if place else text
        at = 0
        for word in engine()[1](encodable(self._judge.library.normaliser.clean(rest))):
            if len(word) > 1 and word.isalpha() and not any(word in name or name in word for name in self._names):
                yield at, word
            at += len(word)
