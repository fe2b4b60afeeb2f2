"""What one text shows, whoever says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from bot.reading.lexicon import word_finder
from bot.reading.library import Library
from bot.reading.normalise import without_numbers
from bot.reading.places import CHINESE
from bot.reading.weights import pieces


@dataclass(frozen=True)
class Shown:
    """What one text shows, each thing found when it is asked for: of most lines little is."""

    text: str
    clean: str
    by: "Onlooker"

    @cached_property
    def parts(self) -> frozenset[str]:
        """Its pieces, with the first and last letters marked."""
        plain = without_numbers(self.clean)
        return _unbroken(pieces(plain)) | _edges(plain)

    @cached_property
    def pairs(self) -> Mapping[str, float]:
        """Its pairs of characters, and how rare each is."""
        plain = _unbroken(pieces(without_numbers(self.clean)))
        rarity, rarest = self.by.rarity, self.by.rarest
        return {pair: rarity.get(pair, rarest) for pair in sorted(plain) if len(pair) == 2}

    @cached_property
    def topics(self) -> Mapping[str, str]:
        return _heard(self._words, self.by.topic_of)

    @cached_property
    def cues(self) -> Mapping[str, str]:
        return _heard(self._words, self.by.cue_of)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(re.findall(r"\d{2,}", self.clean))

    @cached_property
    def asks(self) -> bool:
        return "?" in self.clean or self.clean.endswith(self.by.asking)

    @cached_property
    def has_figure(self) -> bool:
        return any(c.isdigit() or c in CHINESE for c in self.text)

    @cached_property
    def place_key(self) -> str:
        place = self.by.places.find(self.text) if self.clean else None
        return place.key if place else ""

    @cached_property
    def _words(self) -> frozenset[str]:
        return self.by.find(self.clean)


class Onlooker:
    """Immutable after loading; texts once looked at are remembered."""

    def __init__(self, table: Mapping[str, Any], rarity: Mapping[str, float], library: Library) -> None:
        self.rarity, self.rarest = rarity, max(rarity.values(), default=0.0)
        self.topic_of, self.cue_of = _owners(table["topics"]), _owners(table["cues"])
        self.find = word_finder({*self.topic_of, *self.cue_of})
        self.asking, self.places = tuple(table["asking"]), library.places
        clean = library.normaliser.clean
        self.look = lru_cache(maxsize=4096)(lambda text: Shown(text, clean(text), self))


def _owners(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Word -> the lists that hold it."""
    words = {word for entry in table.values() for word in entry}
    return {word: tuple(name for name, entry in table.items() if word in entry) for word in sorted(words)}


def _unbroken(found: frozenset[str]) -> frozenset[str]:
    """Without what a mark stands in; where one stands, the blank itself is a piece."""
    return frozenset([part for part in found if " " not in part]) if " " in found else found


def _heard(found: frozenset[str], owners: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """List -> its longest word in the text."""
    told: dict[str, str] = {}
    for word in sorted(owners.keys() & found, key=lambda word: (-len(word), word)):
        for name in owners[word]:
            told.setdefault(name, word)
    return dict(sorted(told.items()))


def _edges(plain: str) -> frozenset[str]:
    """How a line begins and ends tells what it does: ^我家, ^是, 了$."""
    return frozenset({f"^{plain[:1]}", f"^{plain[:2]}", f"{plain[-1:]}$", f"{plain[-2:]}$"}) if plain else frozenset()
