"""Where the words of a place begin and end: learned weights of the letters at its edges and inside it."""

from collections.abc import Iterable, Mapping
from functools import partial, reduce
from itertools import accumulate, repeat
from operator import add, concat, sub
from typing import Any

Span = tuple[int, int]
Weights = Mapping[str, int]
PARTS = {"start": ("across", "letter", "pair"), "end": ("across", "letter", "pair"), "inside": ("letter", "pair")}
BEFORE, AFTER = 12, 16  # letters
_DIGITS = str.maketrans("123456789", "0" * 9)


class Spans:
    """Immutable after loading. Each step walks the whole text at once: letter by letter in Python would be slow.

    An edge is weighed by the pair of letters across it, the letter within and the pair within; the inside by its
    letters and pairs. `hint` is what edges and letters of a span that the rules found get besides. Thousandths.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._start, self._end, self._inside = (
            tuple(_rows(table[part][name]) for name in PARTS[part]) for part in PARTS
        )
        self._hint_start, self._hint_end, self._hint_inside = (int(table["hint"][part]) for part in PARTS)
        self._none = int(table["none"])

    def best(self, text: str, hint: Span | None = None) -> Span | None:
        """The likeliest span of two letters or more; None when it is likelier that the text names no place."""
        if hint is None:
            return self._best(text, None) if len(text) > 1 else None
        left = max(0, hint[0] - BEFORE)  # a long letter is only read around what the rules found
        found = self._best(text[left : hint[1] + AFTER], (hint[0] - left, hint[1] - left))
        return (found[0] + left, found[1] + left) if found else None

    def _best(self, text: str, hint: Span | None) -> Span | None:
        plain = digits_alike(text)
        across: list[str] = list(map(concat, f"^{plain}", f"{plain}$"))  # type: ignore[arg-type]
        before, after = across[:-1], across[1:]
        starts = _summed(self._start, before, plain, after)
        ends = _summed(self._end, after, plain, before)
        inside = _summed(self._inside, plain, before)
        if hint is not None:
            self._lean(starts, ends, inside, hint)
        return self._likeliest(starts, ends, inside)

    def _lean(self, starts: list[int], ends: list[int], inside: list[int], hint: Span) -> None:
        begin, stop = hint
        starts[begin] += self._hint_start
        ends[stop - 1] += self._hint_end
        inside[begin:stop] = map(add, inside[begin:stop], repeat(self._hint_inside))

    def _likeliest(self, starts: list[int], ends: list[int], inside: list[int]) -> Span | None:
        """A span scores its two edges and all between, so the best start before each end is a running maximum."""
        so_far = list(accumulate(inside, initial=0))
        begun = list(map(sub, starts, so_far))
        best_begun = list(accumulate(begun, max))
        ended = list(map(add, map(add, ends[1:], so_far[2:]), best_begun))
        highest = max(ended)
        if highest <= self._none:
            return None
        last = ended.index(highest)
        return begun.index(best_begun[last]), last + 2


def digits_alike(text: str) -> str:
    """House numbers must not be learned by heart: every digit is 0, each letter keeps its offset."""
    return text.translate(_DIGITS)


def _summed(tables: Iterable[Weights], *keys: Iterable[str]) -> list[int]:
    """For each letter the sum of what each table says of its key."""
    looked = (map(table.get, row, repeat(0)) for table, row in zip(tables, keys, strict=True))
    return list(reduce(partial(map, add), looked))


def _rows(written: str) -> Weights:
    """`gram number` lines, in thousandths."""
    rows = (line.rsplit(" ", 1) for line in written.splitlines() if line.strip())
    return {gram: int(number) for gram, number in rows}
