"""jieba's word boundaries, through rjieba (Rust, the same algorithm and dictionary) where it is installed."""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

REACH = 3  # the longest dictionary word that is looked for across an edge
MARGIN = 4  # characters cut on either side, enough for jieba to choose as it would in the whole text
_HAN = re.compile(r"^[\u4e00-\u9fff]{2,}$")


@cache
def engine() -> tuple[str, Callable[[str], Iterable[str]], Callable[[str], bool]]:
    """(name, cut, is a dictionary word). jieba takes 1.6 s to load, so it is only loaded when rjieba is missing."""
    try:
        import rjieba
    except ImportError:
        return slow_engine()
    fast = rjieba.Jieba()
    return "rjieba", fast.cut, fast.has_word


def slow_engine() -> tuple[str, Callable[[str], Iterable[str]], Callable[[str], bool]]:
    """The pure-Python one."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return "jieba", lambda text: jieba.cut(text), lambda word: jieba.dt.FREQ.get(word, 0) > 0


def encodable(text: str) -> str:
    """rjieba wants valid UTF-8: a lone surrogate becomes a question mark of the same length."""
    return text.encode("utf-8", "replace").decode()


class Boundaries:
    """Where the words of one text begin and end, looked at only near the places that somebody asks about."""

    def __init__(self, text: str, undone: frozenset[str]) -> None:
        self._text, self._undone = encodable(text), undone

    def whole(self, start: int, end: int) -> bool:
        """False when a dictionary word reaches over an edge of text[start:end]: 水管 in 薪水管理 is no word."""
        return not (self._suspect(start) or self._suspect(end)) or not self._torn(start, end)

    def _suspect(self, edge: int) -> bool:
        """Whether any dictionary word at all could lie across this edge; most edges need no cutting."""
        known, text = engine()[2], self._text
        begins = range(max(0, edge - REACH + 1), edge)
        return any(known(text[at:stop]) for at in begins for stop in range(edge + 1, min(len(text), at + REACH) + 1))

    def _torn(self, start: int, end: int) -> bool:
        left = max(0, start - MARGIN)
        at = left
        for word in cut_window(self._text[left : end + MARGIN]):
            begin, at = at, at + len(word)
            crosses = (begin < start < at < end) or (start < begin < end < at)
            if crosses and word not in self._undone and _HAN.match(word) and engine()[2](word):
                return True
        return False


@lru_cache(maxsize=4096)
def cut_window(window: str) -> tuple[str, ...]:
    """The words of a short stretch; the same stretches come again and again."""
    return tuple(engine()[1](window))
