"""What one pass over a text sees: a cheap glance at every line, a close look at those that may matter."""

from math import fsum, inf
from typing import NamedTuple

from bot.reading.lexicon import Found, Lexicon
from bot.reading.library import Library
from bot.reading.normalise import without_numbers
from bot.reading.rules import Rule
from bot.reading.weights import Table, pieces
from bot.reading.words import Boundaries
from models.messages import Speech

THOUSAND = 1000
Met = tuple[Rule, tuple[str, ...]]


class Glance(NamedTuple):
    """The characters, the words that some rule asks for, and what the learned words alone would say."""

    clean: str
    found: Found
    parts: frozenset[str]
    heard: tuple[float, ...]
    asked: frozenset[int]
    speech: tuple[Speech, str] | None
    most: float


class Sight(NamedTuple):
    """A glance and the rules that were met."""

    clean: str
    parts: frozenset[str]
    met: tuple[Met, ...]
    table: Table
    total: float

    @property
    def rules_weight(self) -> float:
        """What is written by hand; the rest of the rules carry a learned weight under their names."""
        return fsum([rule.weight for rule, _ in self.met if rule.weight is not None])

    @property
    def limit(self) -> float:
        """No sum of words may pass it."""
        return min([rule.limit for rule, _ in self.met if rule.limit is not None], default=inf)


class Eye:
    """Immutable after building, so any number of threads may look through it."""

    def __init__(self, library: Library) -> None:
        self._library, self._rules = library, library.rules
        self._always = frozenset(number for number, rule in enumerate(self._rules) if not rule.groups)
        self._rules_of: dict[str, list[int]] = {}
        for number, rule in enumerate(self._rules):
            for word in min(rule.groups, key=len, default=frozenset()):
                self._rules_of.setdefault(word, []).append(number)
        self._lexicon = Lexicon({word for rule in self._rules for word in rule.words()} | library.ear.words)
        self._most = [max(0.0, *(rule_weight(rule, table) for table in library.tables)) for rule in self._rules]
        self._always_most = fsum(self._most[number] for number in self._always)
        self._heard = paired(*library.tables)

    def glance(self, text: str) -> Glance:
        """Enough to know the most that any rule could still add."""
        clean = self._library.normaliser.clean(text)
        parts = pieces(without_numbers(clean))
        found = self._lexicon.find(clean, parts)
        asked = frozenset([number for word in found if word in self._rules_of for number in self._rules_of[word]])
        summed = sum(filter(None, map(self._heard.get, parts)), self._heard[""]) / THOUSAND
        heard = (summed.real, summed.imag)
        most = max(heard) + self._always_most + sum([self._most[number] for number in asked])
        return Glance(clean, found, parts, heard, asked, self._library.ear.hear(clean, found), most)

    def look(self, glance: Glance) -> Sight:
        """Ask every rule that one of its words woke."""
        edges = Boundaries(glance.clean, self._library.undone)
        met: list[Met] = []
        for number in sorted(glance.asked | self._always):
            rule = self._rules[number]
            if words := rule.met(glance.clean, glance.found, edges):
                met.append((rule, words))
        parts = glance.parts.union([rule.piece for rule, _ in met if rule.weight is None])
        sums = [
            base + fsum([rule_weight(rule, table) for rule, _ in met])
            for base, table in zip(glance.heard, self._library.tables, strict=True)
        ]
        best = sums.index(max(sums)) if any(rule_weight(rule, self._library.tables[1]) > 0 for rule, _ in met) else 0
        return Sight(glance.clean, parts, tuple(met), self._library.tables[best], sums[best])


def paired(chat: Table, petition: Table) -> dict[str, complex]:
    """Two tables in one look-up: whole thousandths, which floats add exactly in any order. "" holds the biases."""
    words = chat.weight.keys() | petition.weight.keys()
    both = {word: complex(mills(chat.weight.get(word)), mills(petition.weight.get(word))) for word in words}
    return both | {"": complex(mills(chat.bias), mills(petition.bias))}


def mills(weight: float | None) -> int:
    return round((weight or 0.0) * THOUSAND)


def rule_weight(rule: Rule, table: Table) -> float:
    """As written by hand, else as learned under its name."""
    return rule.weight if rule.weight is not None else table.weight.get(rule.piece, 0.0)
