"""Rules that are written soundly and still cannot do what their author wanted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.reading.judge import Judge
from bot.reading.rules import Rule
from bot.reading.threads import Threads

TABLES = ("chat", "petition", "urgent", "classes")
SECTIONS = frozenset({*TABLES, "rule", "category", "loose", "off", "undo", "same", "threads"})
LONGEST_PIECE = 2  # characters: the tables know nothing longer


@dataclass(frozen=True)
class Oddity:
    """`kind` is the key of a sentence; `at` is where it stands in the file."""

    file: str
    at: str
    kind: str
    words: tuple[str, ...] = ()


def oddities(judge: Judge, ask_at: float) -> Iterator[Oddity]:
    """What is odd about single rules, and about one beside the others."""
    twins: dict[tuple[object, ...], Rule] = {}
    for rule in judge.rules:
        for kind, words in _about(judge, rule, ask_at):
            yield Oddity(rule.file, rule.name, kind, tuple(words))
        same = twins.setdefault(_said(rule), rule)
        if same is not rule:
            yield Oddity(rule.file, rule.name, "twin", (same.name,))


def own_sections(judge: Judge, own: Mapping[str, Any], file: str) -> Iterator[Oddity]:
    """What a deployment's own file holds beside its rules, and nothing will ever ask for."""
    if unknown := sorted(own.keys() - SECTIONS):
        yield Oddity(file, unknown[0], "section", tuple(sorted(SECTIONS)))
    clues = Threads.load(replace(judge.library, threads={})).names
    if deaf := sorted(own.get("threads", {}).get("weights", {}).keys() - clues):
        yield Oddity(file, "threads", "clue", tuple(deaf))
    yield from _own_words(judge, own, file)


def _own_words(judge: Judge, own: Mapping[str, Any], file: str) -> Iterator[Oddity]:
    """Lines of its tables that no text can ever hold."""
    for table in TABLES:
        words = [line.split()[0] for line in str(own.get(table, {}).get("words", "")).splitlines() if line.strip()]
        if deaf := [word for word in words if len(word) > LONGEST_PIECE or unheard(judge, word)]:
            yield Oddity(file, table, "words_unheard", tuple(deaf))


def unheard(judge: Judge, word: str) -> bool:
    """Texts are brought to one spelling before a word is looked for; this word is not in that spelling."""
    return judge.library.normaliser.clean(word) != word


def _about(judge: Judge, rule: Rule, ask_at: float) -> Iterator[tuple[str, list[str]]]:
    deaf = [word for word in sorted(set(rule.words())) if unheard(judge, word)]
    if any(group <= {*deaf} or all(_forbidden(word, rule) for word in group) for group in rule.groups):
        yield "never", deaf
    elif deaf:
        yield "unheard", deaf
    if not rule.hits:
        yield "no_hit", []
    elif held := _held_down(judge, rule, ask_at):
        yield "held_down", held
    if _does_nothing(judge, rule):
        yield "idle", []


def _forbidden(word: str, rule: Rule) -> bool:
    return any(never in word for never in rule.never)


def _held_down(judge: Judge, rule: Rule, ask_at: float) -> list[str]:
    """Rules whose limit keeps every example of this one from ever being asked about, though it should count."""
    if rule.limit is not None or (rule.weight or 0.0) <= 0.0:
        return []
    limits = [[met for met, _ in judge.look(text).met if met.limit is not None] for text in rule.hits]
    if not all(any(met.limit is not None and met.limit < ask_at for met in held) for held in limits):
        return []
    return sorted({met.name for held in limits for met in held})


def _does_nothing(judge: Judge, rule: Rule) -> bool:
    weighs = rule.weight or any(rule.piece in table.weight for table in judge.library.tables)
    return not (weighs or rule.category or rule.urgency or rule.danger or rule.thing or rule.limit is not None)


def _said(rule: Rule) -> tuple[object, ...]:
    pattern = rule.pattern.pattern if rule.pattern else ""
    return (rule.groups, rule.near, rule.order, rule.never, pattern, rule.loose)
