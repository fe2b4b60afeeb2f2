"""From one line of group chat to a verdict: is it an issue, which class, where, how urgent - and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from bot.reading.lexicon import Lexicon
from bot.reading.library import Library, open_library
from bot.reading.normalise import without_numbers
from bot.reading.rules import Rule
from bot.reading.things import clip
from bot.reading.weights import Table, pieces
from bot.reading.words import Boundaries
from models.messages import CATEGORIES, Decision, Place, Reason, Speaker, Speech, Verdict

RESIDENT = Speaker()
PHOTO = 0.1  # what a photo beside the words adds to the score
UNNAMED_DANGER = "collapse"  # 119 is the right number when nobody knows what it is
SHOWN = 6  # learned words named in `because`, besides every rule


@dataclass(frozen=True)
class Sight:
    """What one pass over a text saw, before anything is decided."""

    clean: str
    parts: frozenset[str]
    met: tuple[tuple[Rule, tuple[str, ...]], ...]
    speech: tuple[Speech, str] | None

    @property
    def limit(self) -> float:
        """No sum of words may pass it."""
        return min([rule.limit for rule, _ in self.met if rule.limit is not None], default=inf)

    @property
    def rules_weight(self) -> float:
        """What is written by hand; the rest of the rules carry a learned weight under their names."""
        return sum([rule.weight for rule, _ in self.met if rule.weight is not None])


class Judge:
    """Immutable after loading, so any number of threads may ask it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._rules_of: dict[str, list[int]] = {}
        self._always = [number for number, rule in enumerate(library.rules) if not rule.groups]
        for number, rule in enumerate(library.rules):
            for word in rule.groups[0] if rule.groups else ():
                self._rules_of.setdefault(word, []).append(number)
        words = {word for rule in library.rules for word in rule.words()}
        self._lexicon = Lexicon(words | library.ear.words)

    @classmethod
    def load(cls, rules_file: Path | None = None) -> "Judge":
        """The shipped rules, and a deployment's own file above them. RuleFault names file, rule, fault and cure."""
        return cls(open_library(rules_file))

    @property
    def rules_version(self) -> str:
        return self._library.version

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self._library.rules

    def read(
        self,
        text: str,
        speaker: Speaker = RESIDENT,
        *,
        open_at: float = 1.0,
        ask_at: float = 0.6,
        landmarks: Sequence[str] = (),
    ) -> Verdict:
        """The verdict on one message. Never raises; the same arguments always give the same answer."""
        sight = self.look(text)
        table = self._fitting(sight)
        total = table.score(sight.parts) + sight.rules_weight + PHOTO * speaker.photo * bool(sight.clean)
        score = round(min(total, sight.limit), 3)
        emergency = self._emergency(sight) if score >= min(ask_at, open_at) else None
        decision = self._decide(score, speaker, emergency, open_at, ask_at) if sight.clean else "ignore"
        speech = sight.speech[0] if sight.speech else None
        because = self._because(sight, table)
        if decision == "ignore":
            place = self._library.places.find(text, landmarks) if score >= ask_at or speech else None
            return Verdict(
                decision, score, place=place, speech=speech, because=because, rules_version=self.rules_version
            )
        place = self._library.places.find(text, landmarks)
        return Verdict(
            decision=decision,
            score=score,
            category=self.classify(sight),
            thing=self._thing(text, sight, place),
            emergency=emergency,
            place=place,
            speech=speech,
            because=because,
            rules_version=self.rules_version,
        )

    def place(self, text: str) -> Place | None:
        """The place that a text names, if any."""
        return self._library.places.find(text)

    def look(self, text: str) -> Sight:
        """Everything that rules and weights need to know of a text."""
        clean = self._library.normaliser.clean(text)
        found = self._lexicon.find(clean)
        edges = Boundaries(clean, self._library.undone)
        asked = {number for word in found for number in self._rules_of.get(word, ())}
        met = []
        for number in sorted(asked.union(self._always)):
            rule = self._library.rules[number]
            if words := rule.met(clean, found, edges):
                met.append((rule, words))
        named = [rule.piece for rule, _ in met if rule.weight is None]
        parts = pieces(without_numbers(clean)).union(named)
        return Sight(clean, parts, tuple(met), self._library.ear.hear(clean, found))

    def classify(self, sight: Sight) -> str:
        """The class with the most weight behind it; of equals the first in the order of R16."""
        scores = self._library.classes.scores(sight.parts)
        for rule, _ in sight.met:
            if rule.category:
                scores[CATEGORIES.index(rule.category)] += rule.strength
        return CATEGORIES[scores.index(max(scores))]

    def _emergency(self, sight: Sight) -> str | None:
        """The kind of danger: by a rule that says so, else by words that spoke of danger in other lines."""
        told = [rule for rule, _ in sight.met if rule.urgency]
        if told:
            return max(told, key=lambda rule: rule.strength).urgency
        if self._library.urgent.score(sight.parts) < 1.0:
            return None
        dangers = [rule for rule, _ in sight.met if rule.danger]
        return max(dangers, key=lambda rule: rule.strength).danger if dangers else UNNAMED_DANGER

    def _fitting(self, sight: Sight) -> Table:
        """Chat and written complaints have words of their own; the table that hears more is believed."""
        return max(self._library.tables, key=lambda table: table.score(sight.parts))

    def _decide(self, score: float, speaker: Speaker, emergency: str | None, open_at: float, ask_at: float) -> Decision:
        if speaker.role != "resident":
            return "ignore"  # what staff and members write is a notice; they open by command
        if score >= open_at or (emergency and score >= ask_at):
            return "open"  # an urgent line is never only asked
        return "ask" if score >= ask_at else "ignore"

    def _thing(self, text: str, sight: Sight, place: Place | None) -> str:
        named = [rule for rule, _ in sight.met if rule.thing]
        if named:
            return max(named, key=lambda rule: rule.strength).thing
        telling = tuple(word for rule, words in sight.met if rule.category for word in words)
        return clip(text, place.text if place else "", telling)

    def _because(self, sight: Sight, table: Table) -> tuple[Reason, ...]:
        rules = [Reason(rule.name, words, rule_weight(rule, table)) for rule, words in sight.met]
        loud = table.loudest(sight.parts.difference(rule.piece for rule, _ in sight.met), SHOWN)
        return tuple(rules + [Reason(table.name, (word,), round(weight, 3)) for word, weight in loud])


def rule_weight(rule: Rule, table: Table) -> float:
    """As written by hand, else as learned."""
    return rule.weight if rule.weight is not None else round(table.weight.get(rule.piece, 0.0), 3)
