"""Every rule against its own examples, and in plain words why one fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from bot.reading.judge import Judge
from bot.reading.rules import Rule
from bot.reading.words import Boundaries

Met = Callable[[Rule, str], tuple[str, ...]]


@dataclass(frozen=True)
class Failure:
    """An example that does not show what it should. `why` is the key of a sentence, `values` fill it in."""

    rule: Rule
    text: str
    kind: str  # hit_missed, miss_met
    why: str
    values: dict[str, object] = field(default_factory=dict)


def failures(judge: Judge, rules: tuple[Rule, ...], met: Met | None = None) -> Iterator[Failure]:
    """`met` tells the words that woke a rule, where the judge does not ask it."""
    meets = met or partial(_met, judge)
    for rule in rules:
        for text in rule.hits:
            if not meets(rule, text):
                why, values = why_not(judge, rule, text)
                yield Failure(rule, text, "hit_missed", why, values)
        for text in rule.misses:
            if words := meets(rule, text):
                yield Failure(rule, text, "miss_met", "woke", {"words": words})


def _met(judge: Judge, rule: Rule, text: str) -> tuple[str, ...]:
    return next((words for met, words in judge.look(text).met if met.name == rule.name), ())


def why_not(judge: Judge, rule: Rule, text: str) -> tuple[str, dict[str, object]]:
    """The first thing that keeps this rule from being met."""
    clean = judge.library.normaliser.clean(text)
    found = frozenset(word for word in rule.words() if word in clean)
    if forbidden := sorted(rule.never & found):
        return "forbidden", {"words": forbidden}
    edges = Boundaries(clean, judge.library.undone)
    for group in rule.groups:
        heard = sorted(group & found)
        if not heard:
            return "absent", {"words": sorted(group)}
        if not rule.loose and not any(edges.spots(word) for word in heard):
            return "inside", {"words": heard}
    return ("apart", {"near": rule.near}) if len(rule.groups) > 1 and not rule.pattern else ("pattern", {})
