"""jieba's word boundaries, through rjieba (Rust, the same algorithm and dictionary) where it is installed."""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

MARGIN = 4  # characters cut on either side, enough for jieba to choose as it would in the whole text
_HAN = re.compile(r"^[\u4e00-\u9fff]{2,}$")


Cut = Callable[[str], Iterable[str]]


@cache
def engine() -> tuple[str, Cut]:
    """(name, cut into dictionary words). jieba takes 1.6 s to load, so it is only loaded when rjieba is missing.

    Without jieba's guessing of new words (HMM): a guess may not forbid a rule's word, and it costs time.
    """
    try:
        import rjieba
    except ImportError:
        return slow_engine()
    return "rjieba", lambda text: rjieba.cut(text, False)  # rjieba.Jieba() would load the dictionary once more


def slow_engine() -> tuple[str, Cut]:
    """The pure-Python one."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return "jieba", lambda text: jieba.cut(text, HMM=False)


def encodable(text: str) -> str:
    """rjieba wants valid UTF-8: a lone surrogate becomes a question mark of the same length."""
    return text.encode("utf-8", "replace").decode()


class Boundaries:
    """Where the words of one text begin and end, cut only when somebody asks, and with jieba itself only near there."""

    def __init__(self, text: str, undone: frozenset[str]) -> None:
        self._text, self._undone = encodable(text), undone
        self._all: list[tuple[int, int, str]] | None = None

    def whole(self, start: int, end: int) -> bool:
        """False when a dictionary word reaches over an edge of text[start:end]: 水管 in 薪水管理 is no word."""
        for begin, stop, word in self._words(start, end):
            crosses = (begin < start < stop < end) or (start < begin < end < stop)
            if crosses and word not in self._undone and _HAN.match(word):
                return False
        return True

    def _words(self, start: int, end: int) -> list[tuple[int, int, str]]:
        if engine()[0] == "jieba":  # slow: a window, which comes again and again, instead of the whole text
            left = max(0, start - MARGIN)
            return placed(cut_window(self._text[left : end + MARGIN]), left)
        if self._all is None:
            self._all = placed(engine()[1](self._text), 0)
        return self._all


def placed(words: Iterable[str], at: int) -> list[tuple[int, int, str]]:
    """Each word with where it begins and ends; single letters cannot cross an edge and are left out."""
    spots = []
    for word in words:
        if len(word) > 1:
            spots.append((at, at + len(word), word))
        at += len(word)
    return spots


@lru_cache(maxsize=4096)
def cut_window(window: str) -> tuple[str, ...]:
    return tuple(engine()[1](window))
