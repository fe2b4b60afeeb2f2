"""Rule files: what one rule says, how it is read, and whether a text meets it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.reading.faults import RuleFault, Wanted
from bot.reading.lexicon import offsets
from bot.reading.words import LONG, Boundaries
from models.messages import CATEGORIES

EMERGENCIES = ("gas", "fire", "electric", "lift", "medical", "crime", "missing", "collapse", "crisis", "violence")
Shape = tuple[type, Wanted]
Words = frozenset[str]
Spot = tuple[int, int, str]
Search = Callable[[str], re.Match[str] | None]
NOWHERE = re.compile(r"(?!)")
KEYS: dict[str, Shape] = {
    "name": (str, Wanted("name")),
    "any": (list, Wanted("words")),
    "all": (list, Wanted("lists")),
    "near": (int, Wanted("count")),
    "order": (bool, Wanted("flag")),
    "not": (list, Wanted("words")),
    "pattern": (str, Wanted("pattern")),
    "weight": (float, Wanted("number")),
    "strength": (float, Wanted("number")),
    "limit": (float, Wanted("limit")),
    "urgency": (str, Wanted("one_of", ", ".join(EMERGENCIES))),
    "danger": (str, Wanted("one_of", ", ".join(EMERGENCIES))),
    "thing": (str, Wanted("thing")),
    "wish": (str, Wanted("wish")),
    "private": (bool, Wanted("flag")),
    "loose": (bool, Wanted("flag")),
    "category": (str, Wanted("one_of", "、".join(CATEGORIES))),
    "hits": (list, Wanted("sentences")),
    "misses": (list, Wanted("sentences")),
}


@dataclass(frozen=True)
class Rule:
    """One rule. A text meets it when each group has a word in it (near each other, in order) and no `never` word.

    It adds `weight` to the score (None: as learned), `strength` to its class, and may hold the score under a `limit`.
    `urgency` makes the line an emergency; `danger` only says of which kind it would be, if other words make it one.
    `wish` names the kind of a wish for all, under which others of the same kind gather; `private`: the matter leaves
    the open group, whatever its class.
    """

    name: str
    category: str | None
    groups: tuple[frozenset[str], ...] = ()
    near: int = 0
    order: bool = False
    never: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    weight: float | None = None
    limit: float | None = None
    strength: float = 0.0
    urgency: str | None = None
    danger: str | None = None
    thing: str = ""
    wish: str = ""
    private: bool = False
    loose: bool = False
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    file: str = field(default="", compare=False)

    @cached_property
    def piece(self) -> str:
        """Under this name its weight is learned, unless one is written."""
        return f"‹{self.name}›"

    def words(self) -> Iterator[str]:
        for group in (*self.groups, self.never):
            yield from group

    def met(self, text: str, words: Words, edges: Boundaries) -> tuple[str, ...]:
        """The words that woke it, or nothing. `words` are those of the rules that stand in the text, wherever."""
        if not self.never.isdisjoint(words) or any(group.isdisjoint(words) for group in self.groups):
            return ()
        return self.told(text, words, edges)

    def told(self, text: str, words: Words, edges: Boundaries) -> tuple[str, ...]:
        """The same, once it is known that each group has one among the words, and that none of them forbids it."""
        if not self.groups:
            return self._seen(text, ())
        if self.near or self.order:
            told = self._chain(text, [group & words for group in self.groups], edges)
        elif len(self.groups) == 1:
            told = self._standing_one(self.groups[0] & words, edges)
        else:
            told = self._any(words, edges)
        return self._seen(text, told) if told and self.pattern else told

    @cached_property
    def _search(self) -> Search:
        """A search would try an anchored pattern at every letter of the text."""
        pattern = self.pattern or NOWHERE
        return pattern.match if anchored(pattern.pattern) else pattern.search

    def _seen(self, text: str, told: tuple[str, ...]) -> tuple[str, ...]:
        """What the pattern finds, too."""
        hit = self._search(text)
        return (*told, hit[0]) if hit else ()

    def _any(self, words: Words, edges: Boundaries) -> tuple[str, ...]:
        """One word of each group, wherever it stands."""
        told: tuple[str, ...] = ()
        for group in self.groups:
            if not (one := self._standing_one(group & words, edges)):
                return ()
            told += one
        return told

    def _standing_one(self, heard: Words, edges: Boundaries) -> tuple[str, ...]:
        for word in sorted(heard) if len(heard) > 1 else heard:
            if self.loose or len(word) != LONG or edges.spots(word):
                return (word,)
        return ()

    def _chain(self, text: str, heard: Sequence[Words], edges: Boundaries) -> tuple[str, ...]:
        """One word of each group, near each other and in order where the rule says so."""
        places = [self._standing(text, group, edges) for group in heard]
        for first in places[0]:
            if chain := self._walk(first, places[1:]):
                return chain
        return ()

    def _walk(self, here: Spot, rest: list[list[Spot]]) -> tuple[str, ...]:
        if not rest:
            return (here[2],)
        for there in rest[0]:
            if self._close(here, there) and (chain := self._walk(there, rest[1:])):
                return (here[2], *chain)
        return ()

    def _close(self, here: Spot, there: Spot) -> bool:
        gap = there[0] - here[1] if there[0] >= here[0] else here[0] - there[1]
        if self.order and there[0] < here[1]:
            return False
        return not self.near or gap <= self.near

    def _standing(self, text: str, group: Words, edges: Boundaries) -> list[Spot]:
        """Each word of a group wherever it stands: begin, end, word."""
        spots = []
        for word in group:
            for at in offsets(word, text) if self.loose else edges.spots(word):
                spots.append((at, at + len(word), word))
        return sorted(spots)


def read_rules(file: Path, table: Mapping[str, Any]) -> Iterator[Rule]:
    """Every [[rule]] of a file; RuleFault names the first that cannot be used."""
    common = {key: table[key] for key in ("category", "loose") if key in table}
    for number, entry in enumerate(table.get("rule", ()), 1):
        yield _read_rule(file, number, {**common, **entry})


def _read_rule(file: Path, number: int, entry: Mapping[str, Any]) -> Rule:
    name = str(entry.get("name") or f"number {number}")
    _check_shape(file, name, entry)
    groups = tuple(frozenset(group) for group in entry.get("all", ()))
    if entry.get("any"):
        groups += (frozenset(entry["any"]),)
    if not groups and "pattern" not in entry:
        raise RuleFault(file, name, "empty")
    return Rule(
        name=name,
        category=entry.get("category"),
        groups=groups,
        near=entry.get("near", 0),
        order=entry.get("order", False),
        never=frozenset(entry.get("not", ())),
        pattern=_pattern(file, name, entry.get("pattern")),
        weight=float(entry["weight"]) if "weight" in entry else None,
        limit=float(entry["limit"]) if "limit" in entry else None,
        strength=float(entry.get("strength", 1.0)) if "category" in entry else 0.0,
        urgency=entry.get("urgency"),
        danger=entry.get("danger"),
        thing=entry.get("thing", ""),
        wish=entry.get("wish", ""),
        private=entry.get("private", False),
        loose=entry.get("loose", False),
        hits=tuple(entry.get("hits", ())),
        misses=tuple(entry.get("misses", ())),
        file=file.name,
    )


def _check_shape(file: Path, name: str, entry: Mapping[str, Any]) -> None:
    if "name" not in entry:
        raise RuleFault(file, name, "nameless")
    for key, value in entry.items():
        if key not in KEYS:
            raise RuleFault(file, name, "unknown_key", key=key, known=", ".join(KEYS))
        kind, wanted = KEYS[key]
        if not isinstance(value, (int, float) if kind is float else kind):
            raise RuleFault(file, name, "misfit", key=key, written=repr(value), wanted=wanted)
    for key, known in (("urgency", EMERGENCIES), ("danger", EMERGENCIES), ("category", CATEGORIES)):
        if key in entry and entry[key] not in known:
            raise RuleFault(file, name, "unknown_value", key=key, written=repr(entry[key]), wanted=KEYS[key][1])
    _check_words(file, name, entry)


def _check_words(file: Path, name: str, entry: Mapping[str, Any]) -> None:
    lists = [entry.get(key, []) for key in ("any", "not", "hits", "misses")] + list(entry.get("all", []))
    for words in lists:
        if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
            raise RuleFault(file, name, "no_words", written=repr(words))


def _pattern(file: Path, name: str, written: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(written) if written else None
    except re.error as fault:
        raise RuleFault(file, name, "pattern", why=fault) from fault


_CLOSED = re.compile(r"\\.|\[\^?\]?[^\]]*\]|\([^()|]*(?:\|[^()|]*)*\)")


def anchored(pattern: str) -> bool:
    """Whether it can match nowhere but where the text begins; groups are taken out from within."""
    while (rest := _CLOSED.sub("", pattern)) != pattern:
        pattern = rest
    return pattern.startswith("^") and "|" not in pattern
