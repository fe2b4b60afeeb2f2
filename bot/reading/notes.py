"""What is said when a matter ends: does a closing note tell of the work, a low mark what is wrong (closing.toml)."""

import re
from collections.abc import Mapping
from typing import Any

from bot.reading.library import Library, open_library
from bot.reading.tables import SHIPPED, read_table

TOLD = 2  # letters in a row that note and matter must share
SAYS_MORE = 8  # letters: 灯亮了 is no complaint, 灯亮了罩子还在地上 is one
LETTERS = re.compile(r"[^\W_]+")


class Notes:
    """Immutable after loading, so any number of threads may ask."""

    def __init__(self, table: Mapping[str, Any], library: Library) -> None:
        self._clean = library.normaliser.clean
        self._did, self._not_yet = tuple(table["did"]), tuple(table["not_yet"])
        self._slip, self._thanks = tuple(table["slip"]), tuple(table["thanks"])
        self._empty = re.compile("|".join(map(re.escape, sorted(table["empty"], key=len, reverse=True))))

    @classmethod
    def load(cls, library: Library | None = None) -> "Notes":
        """The shipped data. RuleFault names the file that cannot be used."""
        return cls(read_table(SHIPPED / "closing.toml"), library or open_library())

    def tells(self, note: str, matter: str) -> bool:
        """Does the note name an action, or share a word with the text, thing or place of its matter?"""
        if self.denies(note):
            return False
        clean = self._clean(note)
        if any(word in clean for word in self._did):
            return True
        said = self._empty.sub(" ", clean)
        about = self._clean(matter)
        return any(pair in about for run in LETTERS.findall(said) for pair in _pairs(run))

    def denies(self, note: str) -> bool:
        """Does it say that the work is still to be done, or ask?"""
        clean = self._clean(note)
        return any(word in clean for word in self._not_yet)

    def explains(self, text: str, *, good: bool) -> bool:
        """Asked what is wrong: is this a reason? `good`: it also has words that say that something is in order."""
        clean = self._clean(text)
        if any(word in clean for word in self._slip):
            return False
        return not good or (len(clean) >= SAYS_MORE and not any(word in clean for word in self._thanks))


def _pairs(run: str) -> list[str]:
    return [run[i : i + TOLD] for i in range(len(run) - TOLD + 1)]
