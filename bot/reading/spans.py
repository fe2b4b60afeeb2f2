"""Where the words of a place begin and end: learned weights of the letters at its edges and inside it."""

import re
from collections.abc import Mapping
from itertools import repeat
from operator import add, concat
from typing import Any

Span = tuple[int, int]
Weights = Mapping[str, int]
PARTS = {"start": ("across", "letter", "pair"), "end": ("across", "letter", "pair"), "inside": ("letter", "pair")}
BEFORE, AFTER = 10, 12  # letters
BITS = 20  # of a field: room for the sum of three weights, either sign
HALF, FIELD = 1 << (BITS - 1), (1 << BITS) - 1
ZERO = HALF + (HALF << BITS)  # each letter adds it once: no field but the highest is ever negative
NEVER = -1 << 2 * BITS
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
        here = _packed(rows["start", "across"], rows["end", "pair"], rows["inside", "pair"])
        before = _packed(rows["start", "pair"], rows["end", "across"], {})
        self._pair = {pair: (here.get(pair, 0), before.get(pair, 0)) for pair in here.keys() | before.keys()}
        self._hint_start, self._hint_end, self._hint_inside = (int(table["hint"][part]) for part in PARTS)
        self._least = int(table["none"]) + 2 * HALF

    def best(self, text: str, hint: Span | None = None) -> Span | None:
        """The likeliest span of two letters or more; None when it is likelier that the text names no place."""
        if hint is None:
            return self._best(text, None) if len(text) > 1 else None
        left = max(0, hint[0] - BEFORE)  # a long letter is only read around what the rules found
        found = self._best(text[left : hint[1] + AFTER], (hint[0] - left, hint[1] - left))
        return (found[0] + left, found[1] + left) if found else None

    def _best(self, text: str, hint: Span | None) -> Span | None:
        total = self._summed(digits_alike(text))
        if hint is not None:
            self._lean(total, *hint)
        return self._likeliest(total)

    def _summed(self, plain: str) -> list[int]:
        """For each letter what it, the pair that it ends and the pair that it begins say; most pairs say nothing."""
        total = [*map(self._letter.get, plain, repeat(ZERO)), ZERO]  # the last is for the end: no letter stands there
        for at, told in enumerate(map(self._pair.get, map(concat, f"^{plain}", f"{plain}$"))):  # type: ignore[arg-type]
            if told:
                total[at] += told[0]
                total[at - 1] += told[1]
        return total[:-1]

    def _lean(self, total: list[int], start: int, end: int) -> None:
        total[start] += self._hint_start
        total[end - 1] += self._hint_end << BITS
        total[start:end] = map(add, total[start:end], repeat(self._hint_inside << 2 * BITS))

    def _likeliest(self, total: list[int]) -> Span | None:
        """A span scores its two edges and all between, so the best start before each end is all that has to be kept."""
        highest, best_begun, so_far = self._least, NEVER, 0
        found, first = None, 0
        for at, fields in enumerate(total):
            inside = so_far + (fields >> 2 * BITS)
            ended = best_begun + inside + (fields >> BITS & FIELD)
            if ended > highest:
                highest, found = ended, (first, at + 1)
            begun = (fields & FIELD) - so_far
            if begun > best_begun:
                best_begun, first = begun, at
            so_far = inside
        return found


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
