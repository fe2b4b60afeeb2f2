"""Finds, in one pass over a text, every word that any rule asks for."""

import re
from collections import defaultdict
from collections.abc import Iterable

Found = dict[str, list[int]]


class Lexicon:
    """Words by a telling piece of theirs (two letters, else one): one set operation names those that may stand."""

    def __init__(self, words: Iterable[str]) -> None:
        of_piece: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(set(words)):
            of_piece[telling(word)].append(word)
        self._bare = tuple(of_piece.pop("", ()))
        self._of_piece = {piece: tuple(words) for piece, words in of_piece.items()}

    def present(self, text: str, parts: frozenset[str]) -> frozenset[str]:
        """The words that stand in the text, wherever. `parts` are the pieces of this very text."""
        words = [word for piece in self._of_piece.keys() & parts for word in self._of_piece[piece] if word in text]
        return frozenset(words + [word for word in self._bare if word in text])

    def find(self, text: str, parts: frozenset[str] | None = None) -> Found:
        """Word -> the offsets at which it stands, in order. `parts`: the pieces of this very text, where known."""
        parts = parts or frozenset([*text, *map(str.__add__, text, text[1:])])
        return {word: offsets(word, text) for word in self.present(text, parts)}


def telling(word: str) -> str:
    """The first pair of letters, else the first letter; empty for a word of digits and marks only."""
    found = re.search(r"[^\W\d_]{2}|[^\W\d_]", word)
    return found[0] if found else ""


def offsets(word: str, text: str) -> list[int]:
    spots, at = [], text.find(word)
    while at >= 0:
        spots.append(at)
        at = text.find(word, at + 1)
    return spots
