"""From one line of group chat to a verdict: is it an issue, which class, where, how urgent - and why."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.reading.library import Library, open_library
from bot.reading.rules import Rule
from bot.reading.sight import Eye, Glance, Sight, rule_weight
from bot.reading.sums import FIRST_CLASS, URGENT
from bot.reading.things import clip
from models.messages import CATEGORIES, Decision, Place, Reason, Speaker, Verdict

RESIDENT = Speaker()
PHOTO = 0.1  # what a photo beside the words adds to the score
UNNAMED_DANGER = "collapse"  # 119 is the right number when nobody knows what it is
LONG_ENOUGH_FOR_TWO, SHORTEST_PROBLEM = 16, 6  # characters
SHOWN = 6  # learned words named in `because`, besides every rule


class Judge:
    """Immutable after loading: any number of threads may ask. A line opens from `open_at` and asks from `ask_at`."""

    def __init__(self, library: Library, open_at: float = 1.0, ask_at: float = 0.6) -> None:
        self._library, self._eye = library, Eye(library)
        self._open_at, self._ask_at = open_at, ask_at

    @classmethod
    def load(cls, rules_file: Path | None = None, *, open_at: float = 1.0, ask_at: float = 0.6) -> "Judge":
        """The shipped rules, and a deployment's own file above them. RuleFault names file, rule, fault and cure."""
        return cls(open_library(rules_file), open_at, ask_at)

    @property
    def library(self) -> Library:
        """The rules and tables, for those who read beside the judge."""
        return self._library

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
        open_at: float | None = None,
        ask_at: float | None = None,
        landmarks: Sequence[str] = (),
    ) -> Verdict:
        """The verdict on one message. Never raises; the same arguments always give the same answer."""
        open_at = self._open_at if open_at is None else open_at
        ask_at = self._ask_at if ask_at is None else ask_at
        verdict = self._read(text, speaker, open_at, ask_at, landmarks)
        sentences = separate(text) if verdict.decision == "open" and len(text) >= LONG_ENOUGH_FOR_TWO else []
        if len(sentences) < 2:
            return verdict
        parts = [self._read(sentence, speaker, open_at, ask_at, landmarks) for sentence in sentences]
        first, *more = problems(parts) or [verdict]
        return replace(first, also=tuple(more)) if more else verdict

    def _read(self, text: str, speaker: Speaker, open_at: float, ask_at: float, landmarks: Sequence[str]) -> Verdict:
        glance = self._eye.glance(text)
        if not glance.clean or speaker.role != "resident" or glance.most + PHOTO < ask_at:
            return self._leave_alone(text, glance, landmarks)  # what staff write is a notice; they open by command
        sight = self._eye.look(glance)
        score = round(min(sight.total + PHOTO * speaker.photo, sight.limit), 3)
        emergency = self._emergency(sight) if score >= ask_at else None
        decision = decide(score, emergency, open_at, ask_at)
        place = self.place(text, landmarks) if decision != "ignore" or glance.speech else None
        category = self.classify(sight) if decision != "ignore" else None
        return Verdict(
            decision=decision,
            score=score,
            category=category,
            thing=self._thing(text, sight, place, category) if category else "",
            emergency=emergency,
            place=place,
            speech=glance.speech[0] if glance.speech else None,
            because=self._because(sight) if decision != "ignore" else (),
            rules_version=self.rules_version,
        )

    def _leave_alone(self, text: str, glance: Glance, landmarks: Sequence[str]) -> Verdict:
        """The score is that of the learned words alone: no rule was asked, for none could have changed the decision."""
        return Verdict(
            decision="ignore",
            score=round(glance.words_alone, 3) if glance.clean else 0.0,
            place=self.place(text, landmarks) if glance.speech else None,
            speech=glance.speech[0] if glance.speech else None,
            rules_version=self.rules_version,
        )

    def place(self, text: str, landmarks: Sequence[str] = ()) -> Place | None:
        """The place that a text names, if any."""
        return self._library.places.find(text, landmarks)

    def look(self, text: str) -> Sight:
        """Everything that rules and weights know of a text, however plain it is."""
        return self._eye.look(self._eye.glance(text))

    def classify(self, sight: Sight) -> str:
        """The class with the most weight behind it; of equals the first in the order of R16."""
        scores = sight.sums[FIRST_CLASS:]
        for rule, _ in sight.met:
            if rule.category:
                scores[CATEGORIES.index(rule.category)] += rule.strength
        return CATEGORIES[scores.index(max(scores))]

    def _emergency(self, sight: Sight) -> str | None:
        """The kind of danger: by a rule that says so, else by words that spoke of danger in other lines."""
        told = [rule for rule, _ in sight.met if rule.urgency]
        if told:
            return max(told, key=lambda rule: rule.strength).urgency
        if sight.sums[URGENT] < 1.0:
            return None
        dangers = [rule for rule, _ in sight.met if rule.danger]
        return max(dangers, key=lambda rule: rule.strength).danger if dangers else UNNAMED_DANGER

    def _thing(self, text: str, sight: Sight, place: Place | None, category: str) -> str:
        """A rule of the same class names it; else the person's own words do. A name of another class would mislead."""
        named = [rule for rule, _ in sight.met if rule.thing and rule.category == category]
        if named:
            return max(named, key=lambda rule: rule.strength).thing
        telling = tuple(word for rule, words in sight.met if rule.category in (category, None) for word in words)
        return clip(text, place.text if place else "", telling)

    def _because(self, sight: Sight) -> tuple[Reason, ...]:
        rules = [Reason(rule.name, words, round(rule_weight(rule, sight.table), 3)) for rule, words in sight.met]
        loud = sight.table.loudest(sight.bare, SHOWN)
        return tuple(rules + [Reason(sight.table.name, (word,), weight) for word, weight in loud])


def decide(score: float, emergency: str | None, open_at: float, ask_at: float) -> Decision:
    """An urgent line is never only asked."""
    if score >= open_at or (emergency and score >= ask_at):
        return "open"
    return "ask" if score >= ask_at else "ignore"


_SEPARATE = re.compile(
    r"(?=[。；;\n另还再顺对第二])(?:[。；;\n]+|另外|还有(?:就是|个事|一个|一件)?|再(?:一个|就是|说)|顺便(?:说|问|反映)?(?:一?下|一句)?|对了|第二|二是)"
)


def separate(text: str) -> list[str]:
    """The sentences of a message that may tell of two things."""
    return [part for part in _SEPARATE.split(text) if len(part.strip()) >= SHORTEST_PROBLEM]


def problems(parts: Sequence[Verdict]) -> list[Verdict]:
    """The parts that would open a ticket by themselves, one a class, danger first."""
    told: dict[str | None, Verdict] = {}
    for part in parts:
        if part.decision == "open":
            told.setdefault(part.category, part)
    return sorted(told.values(), key=lambda part: not part.urgent)
