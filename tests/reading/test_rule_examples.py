"""Every rule shows what it means: it is met by its own hits and by none of its own misses."""

from collections.abc import Iterator

import pytest

from bot.reading.judge import Judge
from bot.reading.rules import LONG, Rule
from bot.rulebook.examples import failures

RULES = Judge.load().rules


def risks(rule: Rule) -> Iterator[str]:
    """What may keep a rule from what it means, or let it say too much: a miss must show it."""
    if rule.never:
        yield "not"
    if rule.limit is not None:
        yield "limit"
    if not rule.loose and any(len(word) <= LONG for group in rule.groups for word in group):
        yield "short words"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_does_what_its_examples_say(judge, rule):
    assert [(f.text, f.why, f.values) for f in failures(judge, (rule,))] == []


def test_every_rule_has_a_hit():
    assert [rule.name for rule in RULES if not rule.hits] == []


def test_every_rule_with_a_risk_has_a_miss():
    assert [(rule.name, *risks(rule)) for rule in RULES if any(risks(rule)) and not rule.misses] == []
