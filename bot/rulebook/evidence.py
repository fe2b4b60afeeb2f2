"""For each word or pair of words: in which matters it stood, from how many people, and how often it spoke against."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.reading.rules import Rule
from bot.rulebook.telling import Words
from models.corrections import Correction

OFTEN = 4  # wrong once in so many times is often
PERSONS = 2  # one person's way of speaking makes no rule


@dataclass(frozen=True)
class Line:
    """A corrected line with its words. `lacks`: what the score, or the class, is short of (or has too much)."""

    number: int | None
    person: int | None
    words: frozenset[Words]
    lacks: float
    category: str = ""


@dataclass(frozen=True)
class Evidence:
    """The lines that hold these words; `against` counts those that say the opposite."""

    words: Words
    lines: tuple[Line, ...]
    against: int

    @property
    def persons(self) -> int:
        return len({line.person for line in self.lines if line.person is not None})

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(sorted({line.number for line in self.lines if line.number is not None}))


def weigh(
    lines: Iterable[Line], others: Iterable[frozenset[Words]], at_least: int, never: frozenset[Words] = frozenset()
) -> list[Evidence]:
    """Words with enough behind them and hardly anything against them: the best supported first, of equals pairs."""
    against = list(others)
    holding: defaultdict[Words, list[Line]] = defaultdict(list)
    for line in lines:
        for words in line.words - never:
            holding[words].append(line)
    found = [Evidence(w, tuple(held), sum(w in words for words in against)) for w, held in holding.items()]
    enough = [e for e in found if _is_enough(e, at_least)]
    return list(_covering(sorted(enough, key=lambda e: (-len(e.lines), -len(e.words), e.words))))


def _is_enough(evidence: Evidence, at_least: int) -> bool:
    """Answers whose sender is forgotten count as one person each: nobody can know more."""
    unknown = sum(line.person is None for line in evidence.lines)
    lines = len(evidence.lines)
    return lines >= at_least and evidence.persons + unknown >= PERSONS and evidence.against * 4 <= lines


def _covering(ranked: list[Evidence]) -> Iterator[Evidence]:
    """What only says again what a better one has said is left out."""
    covered: set[int] = set()
    for evidence in ranked:
        mine = {id(line) for line in evidence.lines}
        if not mine <= covered:
            covered |= mine
            yield evidence


@dataclass(frozen=True)
class Record:
    """How a rule did: it spoke in `spoke` matters, `wrong` of them were none; it held down `held` that were."""

    rule: str
    spoke: int
    wrong: tuple[int | None, ...]
    held: tuple[int | None, ...]

    def is_bad(self, at_least: int) -> bool:
        """A rule that speaks a hundred times may be wrong three times."""
        often_wrong = len(self.wrong) >= at_least and len(self.wrong) * OFTEN >= self.spoke
        return often_wrong or len(self.held) >= at_least


def records(found: Iterable[Correction], held: Iterable[tuple[Rule, Correction]], at_least: int) -> list[Record]:
    """Rules that were wrong often, the worst first."""
    spoke: defaultdict[str, list[Correction]] = defaultdict(list)
    kept: defaultdict[str, list[int | None]] = defaultdict(list)
    for correction in _each_once(found):
        for name in {reason["rule"] for reason in correction.verdict.get("because", ())}:
            spoke[name].append(correction)
    for rule, correction in held:
        kept[rule.name].append(correction.number)
    told = [
        Record(name, len(spoke[name]), tuple(c.number for c in spoke[name] if is_wrong(c)), tuple(kept[name]))
        for name in {**spoke, **kept}
    ]
    bad = [record for record in told if record.is_bad(at_least)]
    return sorted(bad, key=lambda record: (-len(record.wrong) - len(record.held), record.rule))


def _each_once(found: Iterable[Correction]) -> Iterator[Correction]:
    """A ticket that was given another class and then set aside is one matter, and a wrong one."""
    known: dict[int, Correction] = {}
    for correction in found:
        if correction.number is None:
            yield correction
        elif correction.number not in known or is_wrong(correction):
            known[correction.number] = correction
    yield from known.values()


def is_wrong(correction: Correction) -> bool:
    """Opened or asked about, and no issue at all (a duplicate was one)."""
    return correction.kind == "no" or (correction.kind == "void" and correction.why in ("chat", "other", ""))
