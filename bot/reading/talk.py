"""What one text shows, whoever says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.reading.library import Library
from bot.reading.normalise import without_numbers
from bot.reading.weights import pieces


@dataclass(frozen=True)
class Shown:
    """What one text shows. `parts`: its pieces, with the first and last letters marked; `pairs`: how rare each is."""

    clean: str
    parts: frozenset[str]
    pairs: Mapping[str, float]
    topics: Mapping[str, str]
    cues: Mapping[str, str]
    numbers: frozenset[str]
    asks: bool
    place_key: str


class Onlooker:
    """Immutable after loading; texts once looked at are remembered."""

    def __init__(self, table: Mapping[str, Any], rarity: Mapping[str, float], library: Library) -> None:
        self._library, self._rarity = library, rarity
        self._rarest = max(rarity.values(), default=0.0)
        self._topic_of, self._cue_of = _owners(table["topics"]), _owners(table["cues"])
        self._words = sorted({*self._topic_of, *self._cue_of}, key=lambda word: (-len(word), word))
        self._asking = tuple(table["asking"])
        self.look = lru_cache(maxsize=4096)(self._look)

    def _look(self, text: str) -> Shown:
        clean = self._library.normaliser.clean(text)
        plain = without_numbers(clean)
        found = [word for word in self._words if word in clean]
        parts = frozenset(part for part in pieces(plain) if " " not in part)
        place = self._library.places.find(text) if clean else None
        return Shown(
            clean=clean,
            parts=parts | _edges(plain),
            pairs={part: self._rarity.get(part, self._rarest) for part in sorted(parts) if len(part) == 2},
            topics=_heard(found, self._topic_of),
            cues=_heard(found, self._cue_of),
            numbers=frozenset(re.findall(r"\d{2,}", clean)),
            asks="?" in clean or clean.endswith(self._asking),
            place_key=place.key if place else "",
        )


def _owners(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Word -> the lists that hold it."""
    words = {word for entry in table.values() for word in entry}
    return {word: tuple(name for name, entry in table.items() if word in entry) for word in sorted(words)}


def _heard(found: list[str], owners: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """List -> its longest word in the text; `found` has the longest first."""
    told: dict[str, str] = {}
    for word in found:
        for name in owners.get(word, ()):
            told.setdefault(name, word)
    return dict(sorted(told.items()))


def _edges(plain: str) -> frozenset[str]:
    """How a line begins and ends tells what it does: ^我家, ^是, 了$."""
    return frozenset({f"^{plain[:1]}", f"^{plain[:2]}", f"{plain[-1:]}$", f"{plain[-2:]}$"}) if plain else frozenset()
