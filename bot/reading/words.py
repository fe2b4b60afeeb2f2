"""jieba's word boundaries, through rjieba (Rust, the same algorithm and dictionary) where it is installed."""

import re
from collections.abc import Callable, Iterable
from functools import cache

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
    """The words of one text, cut only when somebody asks."""

    def __init__(self, text: str, undone: frozenset[str]) -> None:
        self._text, self._undone = text, undone
        self._words: list[tuple[int, int, str]] | None = None

    def whole(self, start: int, end: int) -> bool:
        """False when a dictionary word reaches over an edge of text[start:end]: 水管 in 薪水管理 is no word."""
        return not any(self._torn(word, begin, stop, start, end) for begin, stop, word in self._cut())

    def _torn(self, word: str, begin: int, stop: int, start: int, end: int) -> bool:
        crosses = (begin < start < stop < end) or (start < begin < end < stop)
        return crosses and word not in self._undone and bool(_HAN.match(word)) and engine()[2](word)

    def _cut(self) -> list[tuple[int, int, str]]:
        if self._words is None:
            self._words, at = [], 0
            for word in engine()[1](encodable(self._text)):
                self._words.append((at, at + len(word), word))
                at += len(word)
        return self._words
