"""What one pass over a text sees: a cheap glance at every line, a close look at those that may matter."""

from itertools import chain
from math import fsum, inf
from typing import NamedTuple

from bot.reading.lexicon import Lexicon
from bot.reading.library import Library
from bot.reading.normalise import without_numbers
from bot.reading.rules import Rule
from bot.reading.sums import CHAT, PETITION, Sums
from bot.reading.weights import Table, pieces
from bot.reading.words import Boundaries
from models.messages import Speech

Met = tuple[Rule, tuple[str, ...]]


class Glance(NamedTuple):
    """The characters, the words that some rule asks for, and what the learned words alone would say."""

    clean: str
    found: frozenset[str]
    parts: frozenset[str]
    heard: int
    asked: frozenset[int]
    speech: tuple[Speech, str] | None
    words_alone: float
    most: float


class Sight(NamedTuple):
    """A glance and the rules that were met."""

    clean: str
    bare: frozenset[str]
    met: tuple[Met, ...]
    table: Table
    total: float
    sums: list[float]

    @property
    def parts(self) -> frozenset[str]:
        """The pieces of the text, and the rules whose weight is learned: what a table is taught on."""
        return self.bare.union([rule.piece for rule, _ in self.met if rule.weight is None])

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
        self._gain = [complex(*(rule_weight(rule, table) for table in library.tables)) for rule in self._rules]
        self._most = [max(0.0, gain.real, gain.imag) for gain in self._gain]
        self._always_most = fsum(self._most[number] for number in self._always)
        self._sums = Sums((*library.tables, library.urgent), library.classes)
        self._learned = [0 if rule.weight is not None else self._sums.more(rule.piece) for rule in self._rules]

    def glance(self, text: str) -> Glance:
        """Enough to know the most that any rule could still add."""
        clean = self._library.normaliser.clean(text)
        parts = pieces(without_numbers(clean))
        found = self._lexicon.present(clean, parts)
        asked = frozenset(chain.from_iterable(filter(None, map(self._rules_of.get, found))))
        heard = self._sums.of(parts)
        alone = max(self._sums.read(heard, 2))
        most = alone + self._always_most + sum([self._most[number] for number in asked])
        return Glance(clean, found, parts, heard, asked, self._library.ear.hear(clean, found), alone, most)

    def look(self, glance: Glance) -> Sight:
        """Ask every rule that one of its words woke."""
        edges = Boundaries(glance.clean, self._library.undone)
        met: list[Met] = []
        packed = glance.heard
        for number in sorted(glance.asked | self._always):
            rule = self._rules[number]
            if words := rule.met(glance.clean, glance.found, edges):
                met.append((rule, words))
                packed += self._learned[number]
        return self._weigh(glance, tuple(met), self._sums.read(packed))

    def _weigh(self, glance: Glance, met: tuple[Met, ...], sums: list[float]) -> Sight:
        """Chat and written complaints have words of their own; the table that hears more is believed."""
        by_hand = fsum([rule.weight for rule, _ in met if rule.weight is not None])
        letter = self._library.tables[PETITION]  # words alone make no letter of complaint: a rule must speak for it
        written = sums[PETITION] > sums[CHAT] and fsum([rule_weight(rule, letter) for rule, _ in met]) > 0
        total = by_hand + sums[PETITION if written else CHAT]
        return Sight(glance.clean, glance.parts, met, letter if written else self._library.tables[CHAT], total, sums)


def rule_weight(rule: Rule, table: Table) -> float:
    """As written by hand, else as learned under its name."""
    return rule.weight if rule.weight is not None else table.weight.get(rule.piece, 0.0)
