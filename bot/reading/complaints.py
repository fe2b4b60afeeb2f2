"""Does a line complain of somebody in charge: of whom, and of what? (data: staff.toml)"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from bot.reading.lexicon import word_finder
from bot.reading.library import Library, open_library
from bot.reading.rules import Rule, read_rules
from bot.reading.tables import SHIPPED, read_table
from bot.reading.words import Boundaries
from models.talk import Complaint

FILE = SHIPPED / "staff.toml"


class Complaints:
    """Immutable after loading, so any number of threads may ask."""

    def __init__(self, table: Mapping[str, Any], library: Library) -> None:
        self._mark: str = table["mark"]
        self._clean, self._undone = library.normaliser.clean, library.undone
        self._conduct = tuple(read_rules(FILE, {"rule": table["conduct"]}))
        self._neglect = tuple(read_rules(FILE, {"rule": table["neglect"]}))
        self._posts = {word: role for role, words in table["posts"].items() for word in words}
        self._words = frozenset(word for rule in self.rules for word in rule.words())
        groups = chain.from_iterable(rule.groups for rule in self.rules)
        self._telling = word_finder({word for group in groups for word in group if word != self._mark})

    @classmethod
    def load(cls, library: Library | None = None) -> "Complaints":
        """The shipped data. RuleFault names the rule that cannot be used."""
        return cls(read_table(FILE), library or open_library())

    @property
    def rules(self) -> tuple[Rule, ...]:
        return (*self._conduct, *self._neglect)

    def find(self, text: str, names: Callable[[], Sequence[str]]) -> Complaint | None:
        """The gravest complaint; `names` of people in charge are asked for only if the words could be one."""
        clean = self._clean(text)
        if not self._telling(clean):
            return None
        subjects = list(self._subjects(clean, names()))
        for rules in (self._conduct, self._neglect):
            for subject, role in subjects:
                if rule := self._about(rules, clean.replace(subject, self._mark)):
                    return Complaint(subject if role is None else "", role or "", rule.thing, rules is self._conduct)
        return None

    def met(self, rule: Rule, text: str) -> tuple[str, ...]:
        """The words that woke it; `text` speaks of 某某."""
        clean = self._clean(text)
        return rule.met(clean, self._heard(clean), Boundaries(clean, self._undone))

    def _about(self, rules: Sequence[Rule], marked: str) -> Rule | None:
        words, edges = self._heard(marked), Boundaries(marked, self._undone)
        return next((rule for rule in rules if rule.met(marked, words, edges)), None)

    def _heard(self, clean: str) -> frozenset[str]:
        return frozenset(word for word in self._words if word in clean)

    def _subjects(self, clean: str, names: Sequence[str]) -> Iterator[tuple[str, str | None]]:
        """Names first, then the words for posts, the longest first: each with the role that it means."""
        for name in sorted({self._clean(name) for name in names}, key=len, reverse=True):
            if len(name) > 1 and name in clean:
                yield name, None
        told = sorted((word for word in self._posts if word in clean), key=len, reverse=True)
        for word in told:
            if not any(word != longer and word in longer for longer in told):
                yield word, self._posts[word]
