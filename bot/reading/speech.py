"""Short acts about a matter already known: done, take, confirmed, fair, poor, unsolved … (data: speech.toml)."""

import re
from collections.abc import Mapping
from typing import Any, get_args

from models.messages import Speech

ORDER: tuple[Speech, ...] = ("metoo", "chase", "unsolved", "poor", "fair", "done", "confirmed", "take")


class Ear:
    """Hears which act a line is; `words` are what the common pass over the text must look for."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._trim = str(table["trim"])
        self._longest, self._longest_done = int(table["longest"]), int(table["longest_done"])
        self._acts = {act: table[act] for act in get_args(Speech)}
        self._any = {act: frozenset(entry.get("any", ())) for act, entry in self._acts.items()}
        self._not = {act: tuple(entry["not"]) for act, entry in self._acts.items() if "not" in entry}
        self._whole = {word: act for act, entry in self._acts.items() for word in entry.get("whole", ())}
        patterns = {act: re.compile(entry["pattern"]) for act, entry in self._acts.items() if "pattern" in entry}
        self._shaped = [(act, self._limit(act), pattern.search) for act, pattern in patterns.items()]
        self.words = frozenset(word for words in self._any.values() for word in words)

    def hear(self, clean: str, found: frozenset[str]) -> tuple[Speech, str] | None:
        """(act, the word that told); None for a line that is no such act."""
        bare = clean.strip(self._trim)
        if bare in self._whole:
            return self._whole[bare], bare
        if len(clean) > self._longest_done:
            return None
        told = self.words & found
        shapes = self._shapes(clean)
        for act in ORDER if told or shapes else ():
            if len(clean) > self._limit(act):
                continue
            words = (told & self._any[act]) | {shapes[act]} if act in shapes else told & self._any[act]
            if words and not any(word in clean for word in self._not.get(act, ())):
                return act, max(words, key=lambda word: (len(word), word))
        return None

    def _limit(self, act: str) -> int:
        return self._longest_done if act == "done" else self._longest

    def _shapes(self, clean: str) -> dict[str, str]:
        """What the patterns find; a longer line is no such act, whatever stands in it."""
        found = {}
        for act, longest, search in self._shaped:
            if len(clean) <= longest and (shape := search(clean)):
                found[act] = shape[0]
        return found
