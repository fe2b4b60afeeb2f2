"""Where the words of a place begin and end: learned weights of the letters at its edges and inside it."""

import re
from collections.abc import Mapping
from itertools import accumulate, islice, repeat
from operator import add, concat, sub
from typing import Any

Span = tuple[int, int]
Weights = Mapping[str, int]
PARTS = {"start": ("across", "letter", "pair"), "end": ("across", "letter", "pair"), "inside": ("letter", "pair")}
BEFORE, AFTER = 10, 12  # letters
BITS = 20  # of a field: room for the sum of three weights, either sign
HALF, FIELD = 1 << (BITS - 1), (1 << BITS) - 1
ZERO = HALF + (HALF << BITS) + (HALF << 2 * BITS)  # each letter adds it once: no field is ever negative
_DIGIT = re.compile(r"[1-9]")


class Spans:
    """Immutable after loading. Each step walks the whole text at once: letter by letter in Python would be slow.

    An edge is weighed by the pair of letters across it, the letter within and the pair within; the inside by its
    letters and pairs. `hint` is what edges and letters of a span that the rules found get besides. Thousandths.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        rows = {(part, name): _rows(table[part][name]) for part, names in PARTS.items() for name in names}
        letters = _packed(rows["start", "letter"], rows["end", "letter"], rows["inside", "letter"])
        self._letter = {letter: ZERO + fields for letter, fields in letters.items()}
        self._here = _packed(rows["start", "across"], rows["end", "pair"], rows["inside", "pair"])
        self._next = _packed(rows["start", "pair"], rows["end", "across"], {})
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
        total = self._summed(digits_alike(text))
        starts = [(fields & FIELD) - HALF for fields in total]
        ends = [(fields >> BITS & FIELD) - HALF for fields in total]
        inside = [(fields >> 2 * BITS) - HALF for fields in total]
        if hint is not None:
            self._lean(starts, ends, inside, hint)
        return self._likeliest(starts, ends, inside)

    def _summed(self, plain: str) -> list[int]:
        """For each letter what it, the pair that it ends and the pair that it begins say: three look-ups a letter."""
        pairs: list[str] = list(map(concat, f"^{plain}", f"{plain}$"))  # type: ignore[arg-type]
        letters = map(self._letter.get, plain, repeat(ZERO))
        here = map(self._here.get, pairs, repeat(0))
        following = map(self._next.get, islice(pairs, 1, None), repeat(0))
        return list(map(add, map(add, letters, here), following))

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
    return _DIGIT.sub("0", text)


def _packed(start: Weights, end: Weights, inside: Weights) -> dict[str, int]:
    """Three weights in one whole number, so that one look-up and one sum serve all three."""
    grams = start.keys() | end.keys() | inside.keys()
    return {gram: start.get(gram, 0) + (end.get(gram, 0) << BITS) + (inside.get(gram, 0) << 2 * BITS) for gram in grams}


def _rows(written: str) -> Weights:
    """`gram number` lines, in thousandths."""
    rows = (line.rsplit(" ", 1) for line in written.splitlines() if line.strip())
    return {gram: int(number) for gram, number in rows}
