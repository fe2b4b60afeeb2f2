"""Learned weights of characters and word pairs: a reviewable table of words and numbers, summed and nothing else."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.reading.faults import RuleFault
from models.messages import CATEGORIES

_MARKS = re.compile(r"[\W_]+")


def pieces(clean: str) -> frozenset[str]:
    """The single characters of a text without numbers, and the pairs that no punctuation parts."""
    runs = _MARKS.split(clean)
    pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    return frozenset(pairs).union("".join(runs))


@dataclass(frozen=True)
class Table:
    """How much each piece speaks for a report; `bias` is where an empty text stands."""

    name: str
    bias: float
    weight: Mapping[str, float]

    def score(self, found: Iterable[str]) -> float:
        known = self.weight
        return self.bias + sum([known[piece] for piece in found if piece in known])

    def loudest(self, found: Iterable[str], most: int) -> list[tuple[str, float]]:
        """The pieces that said most, either way; ties in the order of the text of the piece."""
        told = [(piece, self.weight[piece]) for piece in found if piece in self.weight]
        return sorted(told, key=lambda pair: (-abs(pair[1]), pair[0]))[:most]


@dataclass(frozen=True)
class Classes:
    """How much each piece speaks for each class, in the order of CATEGORIES."""

    bias: tuple[float, ...]
    weight: Mapping[str, tuple[float, ...]]

    def scores(self, found: Iterable[str]) -> list[float]:
        rows = [self.weight[piece] for piece in sorted(found) if piece in self.weight]
        return [sum(column) for column in zip(self.bias, *rows, strict=True)]


def read_table(file: Path, name: str, entry: Mapping[str, Any]) -> Table:
    weight = {word: numbers[0] for word, numbers in _lines(file, name, entry, 1)}
    return Table(name, float(entry["bias"]), weight)


def read_classes(file: Path, entry: Mapping[str, Any]) -> Classes:
    """Written in hundredths, to keep the file short."""
    weight = {
        word: tuple(n / 100 for n in numbers) for word, numbers in _lines(file, "classes", entry, len(CATEGORIES))
    }
    return Classes(tuple(map(float, entry["bias"])), weight)


def _lines(file: Path, name: str, entry: Mapping[str, Any], columns: int) -> Iterable[tuple[str, tuple[float, ...]]]:
    for line in filter(str.strip, str(entry["words"]).splitlines()):
        word, *numbers = line.split()
        try:
            if len(numbers) != columns:
                raise ValueError(f"{len(numbers)} numbers, {columns} expected")
            yield word, tuple(map(float, numbers))
        except ValueError as fault:
            raise RuleFault(file, name, f"line {line!r}: {fault}", "Write a word and its numbers.") from fault
