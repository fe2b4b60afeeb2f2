"""Every rule is met by its own hits and by none of its own misses."""

import pytest

from bot.reading.judge import Judge

RULES = Judge.load().rules


@pytest.mark.parametrize(("name", "text"), [(rule.name, text) for rule in RULES for text in rule.hits])
def test_a_rule_is_met_by_its_own_example(judge, name, text):
    assert name in [rule.name for rule, _ in judge.look(text).met]


@pytest.mark.parametrize(("name", "text"), [(rule.name, text) for rule in RULES for text in rule.misses])
def test_a_rule_leaves_its_counter_example_alone(judge, name, text):
    assert name not in [rule.name for rule, _ in judge.look(text).met]


def test_every_emergency_shows_what_it_means():
    assert [rule.name for rule in RULES if rule.urgency and not rule.hits] == []
