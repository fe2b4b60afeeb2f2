"""Learned weights of characters and word pairs: a reviewable table of words and numbers, summed and nothing else."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import concat
from pathlib import Path
from typing import Any

from bot.reading.faults import RuleFault
from models.messages import CATEGORIES

_MARKS = re.compile(r"[\W_]+")


def pieces(clean: str) -> frozenset[str]:
    """The single characters of a text without numbers, and their pairs. No table knows a piece with a blank in it."""
    plain = _MARKS.sub(" ", clean)
    return frozenset([*plain, *map(concat, plain, plain[1:])])


@dataclass(frozen=True)
class Table:
    """How much each piece speaks for a report; `bias` is where an empty text stands."""

    name: str
    bias: float
    weight: Mapping[str, float]


@dataclass(frozen=True)
class Classes:
    """How much each piece speaks for each class, in the order of CATEGORIES."""

    bias: tuple[int, ...]
    weight: Mapping[str, tuple[int, ...]]  # in hundredths, as written: whole numbers add up the same in any order


def read_table(file: Path, name: str, entry: Mapping[str, Any]) -> Table:
    weight = {word: numbers[0] for word, numbers in _lines(file, name, entry, 1)}
    return Table(name, float(entry["bias"]), weight)


def read_classes(file: Path, entry: Mapping[str, Any]) -> Classes:
    """Written in hundredths, to keep the file short."""
    lines = _lines(file, "classes", entry, len(CATEGORIES))
    weight = {word: tuple(map(round, numbers)) for word, numbers in lines}
    return Classes(tuple(round(100 * number) for number in entry["bias"]), weight)


def check_words(file: Path, name: str, entry: Mapping[str, Any]) -> None:
    """RuleFault on the first line of a deployment's own words that is not a word and its numbers."""
    for _ in _lines(file, name, entry, len(CATEGORIES) if name == "classes" else 1):
        pass


def _lines(file: Path, name: str, entry: Mapping[str, Any], columns: int) -> Iterable[tuple[str, tuple[float, ...]]]:
    for line in filter(str.strip, str(entry["words"]).splitlines()):
        word, *numbers = line.split()
        try:
            if len(numbers) != columns:
                raise ValueError(line)
            yield word, tuple(map(float, numbers))
        except ValueError as fault:
            raise RuleFault(file, name, "weights", line=line, columns=columns) from fault
