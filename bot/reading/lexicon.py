"""Finds, in one pass over a text, the words that stand in it: in Rust where its wheel is installed, else in Python."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from itertools import chain

from bot.reading.normalise import without_numbers
from bot.reading.weights import pieces

Find = Callable[[str], tuple[frozenset[str], frozenset[str]]]


def finder(words: Collection[str], learned: Collection[str]) -> Find:
    """Finds the words of rules that stand in a text, wherever, and the learned pieces that do.

    In the fastest way that this machine offers; all of them find the same.
    """
    try:
        return fast_finder(words, learned)
    except ImportError:
        return plain_finder(words, learned)


def word_finder(words: Collection[str]) -> Callable[[str], frozenset[str]]:
    """The same for words alone."""
    try:
        from ahocorasick_rs import AhoCorasick
    except ImportError:
        lexicon = Lexicon(words)
        return lambda clean: lexicon.present(clean, pieces(without_numbers(clean)))
    found = AhoCorasick(sorted(words), store_patterns=True).find_matches_as_strings
    return lambda clean: frozenset(found(clean, True))


def fast_finder(words: Collection[str], learned: Collection[str]) -> Find:
    """Two Aho-Corasick automata, which walk a text once however many words they know."""
    from ahocorasick_rs import AhoCorasick

    all_words = AhoCorasick(sorted(words), store_patterns=True).find_matches_as_strings
    all_pieces = AhoCorasick(sorted(learned), store_patterns=True).find_matches_as_strings

    def find(clean: str) -> tuple[frozenset[str], frozenset[str]]:
        return frozenset(all_words(clean, True)), frozenset(all_pieces(without_numbers(clean), True))

    return find


def plain_finder(words: Collection[str], learned: Collection[str]) -> Find:
    """Set operations on the pieces of a text."""
    lexicon, known = Lexicon(words), frozenset(learned)

    def find(clean: str) -> tuple[frozenset[str], frozenset[str]]:
        parts = pieces(without_numbers(clean))
        return lexicon.present(clean, parts), known & parts

    return find


class Lexicon:
    """Words by a telling piece of theirs (two letters, else one): one set operation names those that may stand."""

    def __init__(self, words: Iterable[str]) -> None:
        of_piece: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(set(words)):
            of_piece[telling(word)].append(word)
        self._bare = tuple(of_piece.pop("", ()))
        self._of_piece = {piece: tuple(words) for piece, words in of_piece.items()}.__getitem__
        self._pieces = frozenset(of_piece)

    def present(self, text: str, parts: frozenset[str]) -> frozenset[str]:
        """The words that stand in the text, wherever. `parts` are the pieces of this very text."""
        words = chain.from_iterable(map(self._of_piece, self._pieces & parts))
        return frozenset([word for word in chain(words, self._bare) if word in text])


def telling(word: str) -> str:
    """The first pair of letters, else the first letter; empty for a word of digits and marks only."""
    found = re.search(r"[^\W\d_]{2}|[^\W\d_]", word)
    return found[0] if found else ""


def offsets(word: str, text: str) -> list[int]:
    """Where a word stands, also where two of it overlap."""
    spots, at = [], text.find(word)
    while at >= 0:
        spots.append(at)
        at = text.find(word, at + 1)
    return spots
