"""`gridbot rules diff`: which decisions on recorded messages flip between two sets of rules, and through what."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.reading.judge import Judge
from bot.reading.sight import Sight, rule_weight
from bot.rulebook.lines import RecordedLine
from models.messages import Verdict

MOST_PIECES = 4  # learned words named for one line
ORDER = ("opened", "closed", "asked", "unasked", "reclassed", "urgent", "moved")


@dataclass(frozen=True)
class Change:
    """A rule (or a learned word, with an empty rule) that speaks differently; None: it does not speak."""

    rule: str
    words: tuple[str, ...]
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Flip:
    """A line on which the two disagree. `kinds`: some of ORDER."""

    line: RecordedLine
    before: Verdict
    after: Verdict
    kinds: tuple[str, ...]
    because: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    lines: int
    flips: tuple[Flip, ...]

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(kind for flip in self.flips for kind in flip.kinds)
        return {kind: counted[kind] for kind in ORDER}


def compare(old: Judge, new: Judge, lines: Iterable[RecordedLine]) -> Comparison:
    total, flips = 0, []
    for line in lines:
        total += 1
        before, after = old.read(line.text, line.speaker), new.read(line.text, line.speaker)
        if kinds := tuple(kind for kind in ORDER if _differs(kind, before, after)):
            flips.append(Flip(line, before, after, kinds, changes(old.look(line.text), new.look(line.text))))
    return Comparison(total, tuple(flips))


def _differs(kind: str, before: Verdict, after: Verdict) -> bool:
    match kind:
        case "opened" | "closed":
            one, other = (after, before) if kind == "opened" else (before, after)
            return one.decision == "open" and other.decision != "open"
        case "asked" | "unasked":
            one, other = (after, before) if kind == "asked" else (before, after)
            return one.decision == "ask" and other.decision == "ignore"
    if "ignore" in (before.decision, after.decision):
        return False  # what nobody hears of has neither class nor place
    if kind == "reclassed":
        return _classes(before) != _classes(after)
    if kind == "urgent":
        return before.emergency != after.emergency
    return before.place != after.place


def _classes(verdict: Verdict) -> list[str | None]:
    return [part.category for part in (verdict, *verdict.also)]


def changes(before: Sight, after: Sight) -> tuple[Change, ...]:
    """Rules first, then the learned words whose weights differ most."""
    old, new = _rules(before), _rules(after)
    named = [name for name in {**old, **new} if old.get(name, (None,))[1:] != new.get(name, (None,))[1:]]
    rules = [Change(n, (new.get(n) or old[n])[0], _weight(old, n), _weight(new, n)) for n in named]
    return (*rules, *_pieces(before, after))


Spoken = dict[str, tuple[tuple[str, ...], float, object]]


def _rules(sight: Sight) -> Spoken:
    """Name -> words, weight, and whatever else of the rule counts."""
    return {
        rule.name: (words, rule_weight(rule, sight.table), (rule.category, rule.strength, rule.limit, rule.urgency))
        for rule, words in sight.met
    }


def _weight(spoken: Spoken, name: str) -> float | None:
    return round(spoken[name][1], 3) if name in spoken else None


def _pieces(before: Sight, after: Sight) -> list[Change]:
    known = sorted(before.bare | after.bare)
    told = [Change("", (p,), _piece(before, p), _piece(after, p)) for p in known]
    differ = [c for c in told if c.before != c.after]
    return sorted(differ, key=lambda c: (-abs((c.after or 0.0) - (c.before or 0.0)), c.words))[:MOST_PIECES]


def _piece(sight: Sight, piece: str) -> float | None:
    return sight.table.weight.get(piece) if piece in sight.bare else None
