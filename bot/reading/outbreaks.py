"""What many say at once in many words: which of the great common troubles a line speaks of, if any."""

import re
from collections.abc import Mapping
from typing import Any

from bot.reading.library import Library, open_library
from bot.reading.tables import SHIPPED, read_table


class Outbreaks:
    """Compiled once from outbreaks.toml; immutable, so any number of threads may ask."""

    def __init__(self, table: Mapping[str, Any], library: Library) -> None:
        self._clean = library.normaliser.clean
        self._anywhere = re.compile(table["anywhere"])
        subjects = {name: entry for name, entry in table.items() if isinstance(entry, dict)}
        self._say = {name: re.compile(entry["say"]) for name, entry in subjects.items()}
        self._not = {name: re.compile(entry["not"]) for name, entry in subjects.items()}

    @classmethod
    def load(cls, library: Library | None = None) -> "Outbreaks":
        """The shipped data. RuleFault names the file that cannot be used."""
        return cls(read_table(SHIPPED / "outbreaks.toml"), library or open_library())

    def subjects(self, text: str) -> frozenset[str]:
        """The names of those that the text speaks of."""
        clean = self._clean(text)
        told = (name for name, pattern in self._say.items() if pattern.search(clean))
        return frozenset(name for name in told if not self._not[name].search(clean))

    def anywhere(self, place_key: str) -> bool:
        """Is it a place that every building has, or none at all?"""
        return not place_key or self._anywhere.search(place_key) is not None
