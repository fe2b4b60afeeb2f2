"""`gridbot rules diff`: which decisions on recorded messages flip between two sets of rules, and through what."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.reading.judge import Judge
from bot.reading.rules import Rule
from bot.reading.sight import Sight, rule_weight
from bot.reading.weights import Table
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
            flips.append(Flip(line, before, after, kinds, changes(old, new, line.text)))
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


def changes(old: Judge, new: Judge, text: str) -> tuple[Change, ...]:
    """Rules first, then the learned words whose weights differ most; weighed by one table, whichever each believed."""
    before, after = old.look(text), new.look(text)
    for name in (after.table.name, before.table.name):
        tables = [next(t for t in judge.library.tables if t.name == name) for judge in (old, new)]
        if told := (*_rules(before, after, *tables), *_pieces(before, after, *tables)):
            return told
    return ()


def _rules(before: Sight, after: Sight, old: Table, new: Table) -> Iterator[Change]:
    spoke, speaks = ({rule.name: (rule, words) for rule, words in sight.met} for sight in (before, after))
    for name in {**spoke, **speaks}:
        was, now = (_spoken(said, name, table) for said, table in ((spoke, old), (speaks, new)))
        if was != now:
            yield Change(name, (speaks.get(name) or spoke[name])[1], was[0] if was else None, now[0] if now else None)


def _spoken(said: dict[str, tuple[Rule, tuple[str, ...]]], name: str, table: Table) -> tuple[Any, ...] | None:
    """What counts of a rule that was met, its weight first."""
    if name not in said:
        return None
    rule = said[name][0]
    return round(rule_weight(rule, table), 3), rule.category, rule.strength, rule.limit, rule.urgency


def _pieces(before: Sight, after: Sight, old: Table, new: Table) -> list[Change]:
    known = sorted(before.bare | after.bare)
    told = [Change("", (p,), _piece(before, p, old), _piece(after, p, new)) for p in known]
    differ = [c for c in told if c.before != c.after]
    return sorted(differ, key=lambda c: (-abs((c.after or 0.0) - (c.before or 0.0)), c.words))[:MOST_PIECES]


def _piece(sight: Sight, piece: str, table: Table) -> float | None:
    return table.weight.get(piece) if piece in sight.bare else None
