"""`gridbot rules check`: are the rules sound, and does each do what its own examples say?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config.faults import Fault
from bot.reading.complaints import Complaints
from bot.reading.judge import Judge
from bot.reading.library import open_library
from bot.reading.rules import Rule
from bot.reading.tables import read_table
from bot.rulebook.examples import Failure, failures
from bot.rulebook.oddities import Oddity, oddities, own_sections
from bot.sentences import say

MOST_WORDS = 6  # named in a sentence


@dataclass(frozen=True)
class RulesReport:
    """Faults must be mended; warnings only say that a rule will not do what somebody may expect."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    notes: tuple[str, ...]

    def lines(self, language: str) -> Iterator[str]:
        for title, found in (("rules_faults", self.faults), ("rules_warnings", self.warnings)):
            if found:
                yield say(language, title, count=len(found))
                yield from map(str, found)
        yield from self.notes
        if not self.faults:
            yield say(language, "rules_sound")


def check_rules(judge: Judge, own: Path | None, ask_at: float, language: str) -> RulesReport:
    """The shipped rules and the deployment's own, as this judge has read them."""
    odd = list(oddities(judge, ask_at))
    if own is not None:
        odd += own_sections(judge, read_table(own), own.name)
    complaints = Complaints.load(judge.library)
    failed = (*failures(judge, judge.rules), *failures(judge, complaints.rules, complaints.met))
    return RulesReport(
        faults=tuple(_failed(language, failure) for failure in failed),
        warnings=tuple(_odd(language, found) for found in odd),
        notes=(*_counted(judge, (*judge.rules, *complaints.rules), language), *_replaced(judge, own, language)),
    )


def listed(language: str, words: Sequence[object]) -> str:
    """A few of them, and that there are more."""
    named = say(language, "check_comma").join(map(str, words[:MOST_WORDS]))
    return f"{named}…" if len(words) > MOST_WORDS else named


def _failed(language: str, failure: Failure) -> Fault:
    values = {k: listed(language, v) if isinstance(v, list | tuple) else v for k, v in failure.values.items()}
    why = say(language, f"rules_why_{failure.why}", **values)
    fault = say(language, f"rules_{failure.kind}", text=failure.text, why=why)
    return Fault(
        _at(language, failure.rule.file, failure.rule.name), fault, say(language, f"rules_{failure.kind}_cure")
    )


def _odd(language: str, odd: Oddity) -> Fault:
    fault = say(language, f"rules_{odd.kind}", words=listed(language, odd.words))
    cure = say(language, f"rules_{odd.kind}_cure", words=say(language, "check_comma").join(odd.words))
    return Fault(_at(language, odd.file, odd.at), fault, cure)


def _at(language: str, file: str, rule: str) -> str:
    return say(language, "rule_at", file=file, rule=rule)


def _counted(judge: Judge, rules: Sequence[Rule], language: str) -> Iterator[str]:
    hits, misses = (sum(len(getattr(rule, kind)) for rule in rules) for kind in ("hits", "misses"))
    yield say(language, "rules_counted", rules=len(rules), hits=hits, misses=misses, version=judge.rules_version)


def _replaced(judge: Judge, own: Path | None, language: str) -> Iterator[str]:
    """Which shipped rules the own file changes: what somebody must look at again after an update."""
    if own is None:
        return
    shipped, now = {rule.name for rule in open_library().rules}, {rule.name: rule.file for rule in judge.rules}
    if replaced := sorted(name for name in shipped & now.keys() if now[name] == own.name):
        yield say(language, "rules_replaced", names=listed(language, replaced))
    if switched_off := sorted(shipped - now.keys()):
        yield say(language, "rules_off", names=listed(language, switched_off))
