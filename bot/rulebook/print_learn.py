"""What was learned, as lines that may be pasted into a rule file whole: everything but the rules is a comment."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.reading.rules import Rule
from bot.rulebook.evidence import PERSONS, Record
from bot.rulebook.learn import Lessons, Proposal
from bot.sentences import say

MOST_NUMBERS = 6  # of tickets named in a line
KINDS = ("by_hand", "yes", "no", "void", "class", "merged", "split")


def as_text(told: Lessons, language: str) -> str:
    counts = {f"{kind}s": told.counts[kind] for kind in KINDS}
    lines = [f"# {say(language, 'rules_learn_from', **counts)}"]
    for proposal in told.proposals:
        lines += ["", *(f"# {line}" for line in _evidence(proposal, language)), *toml(proposal.rule)]
    if not told.proposals:
        lines.append(f"# {say(language, 'rules_learn_too_little', tickets=told.at_least, persons=PERSONS)}")
    lines += [f"# {_record(record, language)}" for record in told.records]
    return "\n".join(lines)


def toml(rule: Rule) -> Iterator[str]:
    """The rule as it stands in a file."""
    yield "[[rule]]"
    yield f"name = {_quoted(rule.name)}"
    if rule.category:
        yield f"category = {_quoted(rule.category)}"
    words = [sorted(group) for group in rule.groups]
    yield f"all = {_quoted(words)}" if len(words) > 1 else f"any = {_quoted(words[0])}"
    if rule.near:
        yield f"near = {rule.near}"
        yield "order = true"
    if rule.loose:
        yield "loose = true"
    yield f"weight = {rule.weight}"
    if rule.category and rule.strength != 1.0:
        yield f"strength = {rule.strength}"
    yield f"hits = {_quoted(list(rule.hits))}"


def as_data(told: Lessons, language: str) -> dict[str, Any]:
    return {
        "corrections": {kind: told.counts[kind] for kind in KINDS},
        "at_least": told.at_least,
        "proposals": [_data(proposal) for proposal in told.proposals],
        "rules": [
            {"rule": r.rule, "spoke": r.spoke, "wrong": list(r.wrong), "held": list(r.held)} for r in told.records
        ],
        "paste": as_text(told, language),
    }


def _data(proposal: Proposal) -> dict[str, Any]:
    rule, evidence = proposal.rule, proposal.evidence
    return {
        "kind": proposal.kind,
        "words": list(evidence.words),
        "category": rule.category,
        "weight": rule.weight,
        "strength": rule.strength,
        "lines": len(evidence.lines),
        "tickets": list(evidence.numbers),
        "persons": evidence.persons,
        "against": evidence.against,
        "would_follow": proposal.opens,
    }


def _evidence(proposal: Proposal, language: str) -> Iterator[str]:
    evidence = proposal.evidence
    yield say(
        language,
        f"rules_learn_{proposal.kind}",
        words="+".join(evidence.words),
        lines=len(evidence.lines),
        persons=evidence.persons,
        tickets=_numbers(evidence.numbers, language),
    )
    yield say(
        language, "rules_learn_effect", follow=proposal.opens, lines=len(evidence.lines), against=evidence.against
    )


def _record(record: Record, language: str) -> str:
    if record.held:
        numbers = _numbers(record.held, language)
        return say(language, "rules_learn_held", rule=record.rule, count=len(record.held), tickets=numbers)
    numbers = _numbers(record.wrong, language)
    values = {"rule": record.rule, "spoke": record.spoke, "count": len(record.wrong), "tickets": numbers}
    return say(language, "rules_learn_wrong", **values)


def _numbers(numbers: Sequence[int | None], language: str) -> str:
    """A few ticket numbers; answers to questions have none."""
    known = sorted({number for number in numbers if number is not None})
    named = [say(language, "replay_ticket", number=number) for number in known[:MOST_NUMBERS]]
    more = "…" if len(known) > MOST_NUMBERS else ""
    return (say(language, "check_comma").join(named) + more) or say(language, "rules_learn_answers")


def _quoted(value: object) -> str:
    """JSON strings and lists are TOML as well."""
    return json.dumps(value, ensure_ascii=False)
