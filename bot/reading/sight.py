"""What one pass over a text sees: a cheap glance at every line, a close look at those that may matter."""

from collections.abc import Iterable
from math import fsum, inf
from typing import NamedTuple

from bot.reading.lexicon import finder
from bot.reading.library import Library
from bot.reading.loud import Loud
from bot.reading.normalise import without_numbers
from bot.reading.rules import Rule
from bot.reading.sums import Kinds, Scores, both
from bot.reading.wakes import Wakes
from bot.reading.weights import Table, pieces
from bot.reading.words import Boundaries
from models.messages import Reason

LONGEST_PIECE = 2  # characters: the tables know nothing longer
Met = tuple[Rule, tuple[str, ...]]


class Glance(NamedTuple):
    """What stands in a text, what the learned words make of it (packed, and as a score), and the most rules could."""

    clean: str
    words: frozenset[str]
    pieces: frozenset[str]
    packed: int
    words_alone: float
    most: float


class Sight(NamedTuple):
    """A text and the rules that were met; `pieces` are what the tables know, `bare` is all there is to learn."""

    clean: str
    pieces: frozenset[str]
    met: tuple[Met, ...]
    table: Table
    total: float
    limit: float  # no sum of words may pass it
    bare: frozenset[str] = frozenset()

    @property
    def parts(self) -> frozenset[str]:
        """The pieces of the text, and the rules whose weight is learned: what a table is taught on."""
        return self.bare.union([rule.piece for rule, _ in self.met if rule.weight is None])

    @property
    def rules_weight(self) -> float:
        """What is written by hand; the rest of the rules carry a learned weight under their names."""
        return fsum([rule.weight for rule, _ in self.met if rule.weight is not None])


class Eye:
    """Immutable after building, so any number of threads may look through it."""

    def __init__(self, library: Library) -> None:
        self._undone, self._rules, self._tables = library.undone, library.rules, library.tables
        known = library.classes.weight.keys() | library.urgent.weight.keys()
        learned = sorted(filter(is_piece, known.union(*(table.weight for table in self._tables))))
        named = learned + [rule.piece for rule in self._rules]  # rules learn under their names, like words
        self._scores, self._kinds = Scores(named, *self._tables), Kinds(named, library.urgent, library.classes)
        self._loud = {table.name: Loud(learned, table) for table in self._tables}
        words = library.ear.words.union(*(rule.words() for rule in self._rules))
        self._find = finder(words, learned)
        self._know_rules(words)

    def _know_rules(self, words: Iterable[str]) -> None:
        """What each rule adds to the score, and the most that it could."""
        rules, tables = self._rules, self._tables
        self._by_hand = [rule.weight or 0.0 for rule in rules]
        self._packed = [self._scores.of_word(rule.piece) if rule.weight is None else 0 for rule in rules]
        self._weight = {
            table.name: {rule.name: round(rule_weight(rule, table), 3) for rule in rules} for table in tables
        }
        most = [max(0.0, *(weight[rule.name] for weight in self._weight.values())) for rule in rules]
        self._wakes = Wakes(rules, most, words)
        self._wishes = [rule for rule in rules if rule.wish]
        self._wished_for = frozenset(word for rule in self._wishes for group in rule.groups[:1] for word in group)

    def glance(self, clean: str) -> Glance:
        """Enough to know the most that any rule could still add to a normalised text."""
        words, parts = self._find(clean)
        packed = self._scores.of(parts)
        alone = max(both(packed))
        return Glance(clean, words, parts, packed, alone, alone + self._wakes.most(words))

    def asked(self, glance: Glance, bar: float = -inf) -> list[int] | None:
        """The rules to ask; None where they could not lift the text to the bar, which is asked the cheap way first."""
        if glance.most < bar:
            return None
        asked = self._wakes.asked(self._wakes.lists(glance.words))
        return asked if glance.words_alone + self._wakes.most_of(asked) >= bar else None

    def look(self, glance: Glance, asked: Iterable[int]) -> Sight:
        """Ask these rules."""
        clean, words, packed = glance.clean, glance.words, glance.packed
        edges = Boundaries(clean, self._undone)
        met: list[Met] = []
        by_hand = []
        for number in asked:
            rule = self._rules[number]
            if told := rule.told(clean, words, edges):
                met.append((rule, told))
                packed += self._packed[number]
                by_hand.append(self._by_hand[number])
        table, learned = self._believe(*both(packed))
        limit = min([rule.limit for rule, _ in met if rule.limit is not None], default=inf)
        return Sight(clean, glance.pieces, tuple(met), table, fsum(by_hand) + learned, limit)

    def wish(self, glance: Glance) -> str:
        """The kind of wish that the text names, even where it is no issue by itself; the first that fits."""
        if self._wished_for.isdisjoint(glance.words):
            return ""
        edges = Boundaries(glance.clean, self._undone)
        return next((rule.wish for rule in self._wishes if rule.met(glance.clean, glance.words, edges)), "")

    def _believe(self, chat: float, letter: float) -> tuple[Table, float]:
        """Chat and written complaints have words of their own; the table that hears more is believed."""
        for_chat, for_letter = self._tables
        return (for_letter, letter) if letter > chat else (for_chat, chat)

    def kinds(self, sight: Sight) -> list[float]:
        """How much the learned words, and the rules under their names, speak of danger, then for each class."""
        rules = [rule.piece for rule, _ in sight.met if rule.weight is None]
        return self._kinds.of([*sight.pieces, *rules])

    def reasons(self, sight: Sight) -> tuple[Reason, ...]:
        """Every rule that was met, and the words that said most."""
        weight = self._weight[sight.table.name]
        rules = [Reason(rule.name, words, weight[rule.name]) for rule, words in sight.met]
        return (*rules, *self._loud[sight.table.name].loudest(sight.pieces))


def is_piece(word: str) -> bool:
    """Whether a text can hold it as one of its pieces; the names of rules, and what nobody writes, are none."""
    return len(word) <= LONGEST_PIECE and (word.isalpha() or word in pieces(without_numbers(word)))


def everything(sight: Sight) -> Sight:
    """The same with all pieces of the text, also those that no table knows yet: what there is to learn from it."""
    return sight._replace(bare=pieces(without_numbers(sight.clean)))


def rule_weight(rule: Rule, table: Table) -> float:
    """As written by hand, else as learned under its name."""
    return rule.weight if rule.weight is not None else table.weight.get(rule.piece, 0.0)
