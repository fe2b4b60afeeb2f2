"""Finds, in one pass over a text, every word that any rule asks for."""

from collections import defaultdict
from collections.abc import Iterable

Found = dict[str, list[int]]


class Lexicon:
    """Words by their first two characters: a look-up a character, however many rules there are."""

    def __init__(self, words: Iterable[str]) -> None:
        pairs: defaultdict[str, list[str]] = defaultdict(list)
        self._single: set[str] = set()
        for word in sorted(set(words)):
            if len(word) == 1:
                self._single.add(word)
            else:
                pairs[word[:2]].append(word)
        self._pairs = {pair: tuple(words) for pair, words in pairs.items()}

    def find(self, text: str) -> Found:
        """Word -> the offsets at which it stands, in order."""
        found: Found = {}
        for at, pair in enumerate(map(str.__add__, text, text[1:])):
            if pair in self._pairs:
                for word in self._pairs[pair]:
                    if text.startswith(word, at):
                        found.setdefault(word, []).append(at)
        for letter in self._single.intersection(text):
            found[letter] = [at for at, other in enumerate(text) if other == letter]
        return found
