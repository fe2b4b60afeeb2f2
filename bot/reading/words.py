"""jieba's word boundaries, through rjieba (Rust, the same algorithm and dictionary) where it is installed."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from bot.reading.lexicon import offsets

LONG = 2  # letters of a word that may lie across two others: one letter cannot, and a longer word hardly ever does
MARGIN = 4  # characters on either side, enough for jieba to choose as it would in the whole text
_HAN = re.compile(r"^[\u4e00-\u9fff]{2,}$")


class Engine(NamedTuple):
    """Cuts a text into dictionary words, and knows whether a word is one: to ask costs far less than to cut."""

    name: str
    cut: Callable[[str], Iterable[str]]
    knows: Callable[[str], object]


@cache
def engine() -> Engine:
    """jieba takes 1.6 s to load, so it is only loaded when rjieba is missing.

    Without jieba's guessing of new words (HMM): a guess may not forbid a rule's word, and it costs time.
    """
    try:
        import rjieba
    except ImportError:
        return slow_engine()
    # rjieba.Jieba() would load the dictionary once more
    return Engine("rjieba", lambda text: rjieba.cut(text, False), rjieba.has_word)


def slow_engine() -> Engine:
    """The pure-Python one."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return Engine("jieba", lambda text: jieba.cut(text, HMM=False), jieba.dt.FREQ.get)


def tags(text: str) -> Iterable[tuple[str, str]]:
    """Each word with its part of speech, nr for names of people; the plain engine loads a second for it, once."""
    if engine().name == "rjieba":
        import rjieba

        return rjieba.tag(text)
    import jieba.posseg

    return [(word.word, word.flag) for word in jieba.posseg.cut(text)]


def encodable(text: str) -> str:
    """rjieba wants valid UTF-8: a lone surrogate becomes a question mark of the same length."""
    return text.encode("utf-8", "replace").decode()


class Boundaries:
    """Where words stand by themselves in one text, which is cut only where a dictionary word could be in the way."""

    __slots__ = ("_spots", "_text", "_undone")

    def __init__(self, text: str, undone: frozenset[str]) -> None:
        self._text, self._undone = text, undone
        self._spots: dict[str, list[int]] = {}

    def spots(self, word: str) -> list[int]:
        """The offsets at which a word stands whole; several rules ask for the same words."""
        if (known := self._spots.get(word)) is None:
            known = offsets(word, self._text)
            if len(word) == LONG:
                known = [at for at in known if self.whole(at)]
            self._spots[word] = known
        return known

    def whole(self, at: int) -> bool:
        """False when a dictionary word holds one of the two letters and a neighbour: 水管 in 薪水管理 is no word."""
        left, right = self._near(at + 1, engine().knows)
        return not (self._forbids(left) or self._forbids(right))

    def _forbids(self, word: str) -> bool:
        return len(word) > 1 and word not in self._undone and _HAN.match(word) is not None

    def _near(self, middle: int, knows: Callable[[str], object]) -> tuple[str, str]:
        """The words that meet between the two letters; none when one word holds both, or none could be in the way."""
        start, end = max(0, middle - 1 - MARGIN), middle + 1 + MARGIN
        text = self._text
        if not any(map(knows, self._across(start, middle, end))):
            return "", ""
        words = list(engine().cut(text[start:end]))
        return met_at(middle - start, words, list(accumulate(map(len, words))))

    def _across(self, start: int, middle: int, end: int) -> Iterator[str]:
        """What could be a word that holds one of the two letters and a neighbour."""
        text = self._text
        if is_han(text[max(start, middle - 2)]):
            for begin in range(middle - 2, start - 1, -1):
                yield text[begin:middle]
        if is_han(text[middle + 1 : middle + 2]):
            for stop in range(middle + 2, min(end, len(text)) + 1):
                yield text[middle:stop]


IDEOGRAPHS = 0x4E00, 0x9FFF  # the block of CJK ideographs


def is_han(letter: str) -> bool:
    """Only words of such letters may forbid another."""
    return letter != "" and IDEOGRAPHS[0] <= ord(letter) <= IDEOGRAPHS[1]


def met_at(middle: int, words: Sequence[str], ends: Sequence[int]) -> tuple[str, str]:
    """The word that ends at an offset, and the one that begins there."""
    if middle not in ends:
        return "", ""
    number = ends.index(middle)
    return words[number], words[number + 1]
