"""`gridbot rules learn`: what the corrections of members say about the rules, as proposals for a person to decide."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from bot.reading.judge import Judge
from bot.reading.lexicon import Lexicon
from bot.reading.rules import Rule
from bot.reading.weights import pieces
from bot.reading.words import Boundaries
from bot.rulebook.evidence import Evidence, Line, Record, is_wrong, records, weigh
from bot.rulebook.telling import NEAR, Telling, Words
from models.corrections import Correction
from models.messages import CATEGORIES

TABLES = frozenset({"chat", "petition"})  # learned words name their table where a rule names itself
MARGIN = 0.05  # beyond the threshold, so that a rounding cannot matter
MOST = 2.0  # a proposal says no more than this, either way
SHARE = 0.8  # of its lines a proposal must set right
MOST_PROPOSALS = 20


@dataclass(frozen=True)
class Proposal:
    """A rule to paste, and what speaks for it. `kind`: report (opens), quiet (leaves alone), class (another class).

    `opens` counts its lines that would then be decided as people did.
    """

    kind: Literal["report", "quiet", "class"]
    rule: Rule
    evidence: Evidence
    opens: int = 0


@dataclass(frozen=True)
class Lessons:
    counts: Counter[str]
    proposals: tuple[Proposal, ...]
    records: tuple[Record, ...]
    at_least: int


@dataclass(frozen=True)
class Thresholds:
    open: float
    ask: float


def learn(
    found: Sequence[Correction], judge: Judge, thresholds: Thresholds, at_least: int, names: Iterable[str] = ()
) -> Lessons:
    """Never changes anything. What the rules have learned meanwhile is proposed no more."""
    pupil = _Pupil(judge, thresholds, at_least, Telling(judge, names))
    opened = [c for c in found if c.kind not in ("by_hand", "merged", "split")]
    held = [pair for c in found if c.kind == "by_hand" for pair in pupil.held_down(c)]
    proposals = (*pupil.reports(found), *pupil.misleading(found), *pupil.classes(found))
    return Lessons(
        counts=Counter(c.kind for c in found),
        proposals=proposals[:MOST_PROPOSALS],
        records=tuple(r for r in records(opened, held, at_least) if r.rule not in TABLES),
        at_least=at_least,
    )


class _Pupil:
    def __init__(self, judge: Judge, thresholds: Thresholds, at_least: int, telling: Telling) -> None:
        self._judge, self._at, self._at_least, self._telling = judge, thresholds, at_least, telling
        quiet = [text for rule in judge.rules for text in (rule.misses if rule.limit is None else rule.hits)]
        self._quiet = frozenset(w for text in quiet if judge.read(text).decision == "ignore" for w in telling.of(text))
        self._urgent = {word for rule in judge.rules if rule.urgency for word in rule.words()}
        self._names = {rule.name for rule in judge.rules}

    def reports(self, found: Sequence[Correction]) -> Iterator[Proposal]:
        """Words of what people registered by hand, or said yes to, and the rules do not open."""
        none = {c.number for c in found if is_wrong(c)}
        missed = [c for c in found if c.kind in ("by_hand", "yes") and c.text and c.number not in none]
        lines = [line for c in missed if (line := self._missed(c))]
        wrong = [self._words(c) for c in found if is_wrong(c)]
        for evidence in weigh(lines, wrong, self._at_least, self._quiet):
            category = Counter(line.category for line in evidence.lines).most_common(1)[0][0]
            weight = _enough_for(evidence)
            rule = self._rule(evidence.words, category=category, weight=weight, strength=1.0)
            yield Proposal("report", rule, evidence, sum(line.lacks <= weight for line in evidence.lines))

    def misleading(self, found: Sequence[Correction]) -> Iterator[Proposal]:
        """Words of what was opened or asked about and was no issue. Danger is never made quiet."""
        wrong = [c for c in found if is_wrong(c)]
        lines = [line for c in wrong if (line := self._mistaken(c))]
        numbers = {c.number for c in wrong}
        right = [self._telling.of(c.text) for c in found if c.text and c.number not in numbers]
        for evidence in weigh(lines, right, self._at_least):
            if self._urgent.isdisjoint(evidence.words):
                weight = _enough_for(evidence)
                rule = self._rule(evidence.words, weight=-weight)
                yield Proposal("quiet", rule, evidence, sum(line.lacks <= weight for line in evidence.lines))

    def classes(self, found: Sequence[Correction]) -> Iterator[Proposal]:
        """Words of what was given another class, one class after the other."""
        last = {c.number: c for c in found if c.kind == "class" and c.text}
        for category in CATEGORIES:
            moved = [c for c in last.values() if c.category == category]
            others = {c.number: c for c in found if c.text and c.category != category}
            lines = [line for c in moved if (line := self._misplaced(c))]
            against = [self._telling.of(c.text) for c in others.values()]
            for evidence in weigh(lines, against, self._at_least):
                strength = _enough_for(evidence)
                rule = self._rule(evidence.words, category=category, weight=0.0, strength=strength)
                yield Proposal("class", rule, evidence, sum(line.lacks <= strength for line in evidence.lines))

    def held_down(self, correction: Correction) -> Iterator[tuple[Rule, Correction]]:
        """Rules whose limit keeps the line from opening, whatever its words add up to."""
        for rule, _ in self._judge.look(correction.text).met:
            if rule.limit is not None and rule.limit < self._at.open:
                yield rule, correction

    def _missed(self, correction: Correction) -> Line | None:
        """None for a line that opens by now, or that no word could open."""
        sight = self._judge.look(correction.text)
        lacks = self._at.open + MARGIN - min(sight.total, sight.limit)
        if lacks <= MARGIN or sight.limit < self._at.open:
            return None
        return self._line(correction, self._telling.of(correction.text), lacks)

    def _mistaken(self, correction: Correction) -> Line | None:
        """None for a line that is left alone by now. Of an answer only the words that spoke are kept."""
        score = self._judge.read(correction.text).score if correction.text else correction.verdict.get("score", 0.0)
        over = score - self._at.ask + MARGIN
        return self._line(correction, self._words(correction), over) if over > MARGIN else None

    def _misplaced(self, correction: Correction) -> Line | None:
        sight = self._judge.look(correction.text)
        scores = self._judge.class_scores(sight)
        lacks = max(scores) - scores[CATEGORIES.index(correction.category)] + MARGIN
        if CATEGORIES[scores.index(max(scores))] == correction.category:
            return None
        return self._line(correction, self._telling.of(correction.text), lacks)

    def _words(self, correction: Correction) -> frozenset[Words]:
        if correction.text:
            return self._telling.of(correction.text)
        because = correction.verdict.get("because", ())
        told = {word for reason in because if reason["weight"] >= 0 for word in reason["words"]}
        return frozenset((word,) for word in told if self._telling.rare(word))

    def _line(self, correction: Correction, words: frozenset[Words], lacks: float) -> Line:
        return Line(correction.number, correction.person, words, lacks, correction.category)

    def _rule(self, words: Words, category: str | None = None, weight: float = 0.0, strength: float = 0.0) -> Rule:
        """Its example is made of its own words, never of a line that somebody wrote."""
        groups = tuple(frozenset({word}) for word in words)
        pair = len(words) > 1
        rule = Rule(
            name=self._new_name("+".join(words)),
            category=category,
            groups=groups,
            near=NEAR if pair else 0,
            order=pair,
            weight=weight,
            strength=strength,
            hits=("".join(words),),
        )
        return rule if self._meets(rule) else replace(rule, loose=True)

    def _new_name(self, wanted: str) -> str:
        """A name that stands nowhere yet, or the proposal would replace a rule."""
        names = (wanted, *(f"{wanted} {n}" for n in range(2, 1000)))
        name = next(name for name in names if name not in self._names)
        self._names.add(name)
        return name

    def _meets(self, rule: Rule) -> bool:
        library = self._judge.library
        clean = library.normaliser.clean(rule.hits[0])
        found = Lexicon(rule.words()).present(clean, pieces(clean))
        return bool(rule.met(clean, found, Boundaries(clean, library.undone)))


def _enough_for(evidence: Evidence) -> float:
    """What most of the lines need, in hundredths: of three all of them, of many not the strangest."""
    lacks = sorted(line.lacks for line in evidence.lines)
    return min(ceil(100 * lacks[ceil(SHARE * len(lacks)) - 1]) / 100, MOST)
