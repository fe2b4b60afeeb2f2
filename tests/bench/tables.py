"""The learned tables: fitted, set to their bias on lines that they never saw, and written as words and numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from fitting import Vocabulary, fit_classes, fit_issue, strengths
from lines import Line

from bot.reading.judge import Sight

CHATTER_OPENED = {"chat": 0.0016, "petition": 0.0014}  # the share of unseen chatter at 1.0 or above: it fixes the bias
HEED = -0.12  # with danger half the lines of our own files, an even chance is too easily reached
FOLDS = 4


@dataclass(frozen=True)
class Learned:
    """One table as it will be written: words, numbers, bias."""

    words: dict[str, tuple[float, ...]]
    bias: tuple[float, ...]


def learn_table(name: str, lines: Sequence[Line], bias: float | None = None) -> Learned:
    """`bias` None: 1.0 is as likely as not."""
    vocabulary, weight, intercept = fit_issue(name, lines, steps=150)
    words = np.round(weight * vocabulary.rare, 3)
    return Learned(as_rows(vocabulary, words[:, None]), (round(1.0 + intercept if bias is None else bias, 3),))


def learn_class_table(lines: Sequence[Line]) -> Learned:
    vocabulary, weight, bias = fit_classes(lines, steps=120)
    words = np.round(weight * vocabulary.rare[:, None], 2)
    return Learned(as_rows(vocabulary, words), tuple(round(float(b), 3) for b in bias))


def fits(name: str, line: Line) -> bool:
    """Which lines a table learns from: everything that is none, and the issues of its own kind."""
    return not line.issue or (line.kind == "petition") == (name == "petition")


def unseen(name: str, lines: Sequence[Line], folds: int) -> np.ndarray:
    """What each line scores (without bias) in a table that never saw its conversation."""
    score = np.zeros(len(lines))
    fold = np.array([crc32(line.group.encode()) % folds for line in lines])
    for held in range(folds):
        taught = [
            line
            for line, own in zip(lines, fold, strict=True)
            if (own != held or line.kind == "own") and fits(name, line)
        ]
        vocabulary, weight, _ = fit_issue(name, taught, steps=80)
        asked = [line for line, own in zip(lines, fold, strict=True) if own == held]
        score[fold == held] = vocabulary.matrix(asked) @ weight + [line.sight.rules_weight for line in asked]
    return score


def unseen_classes(lines: Sequence[Line], folds: int) -> np.ndarray:
    """The class (its number in R16) that each line gets from lines of other conversations."""
    told = np.zeros(len(lines), dtype=int)
    fold = np.array([crc32(line.group.encode()) % folds for line in lines])
    for held in range(folds):
        taught = [
            line for line, own in zip(lines, fold, strict=True) if (own != held or line.kind == "own") and line.category
        ]
        vocabulary, weight, bias = fit_classes(taught, steps=60)
        asked = [line for line, own in zip(lines, fold, strict=True) if own == held]
        given = np.array([strengths(line.sight) for line in asked])
        told[fold == held] = (vocabulary.matrix(asked) @ weight + bias + given).argmax(1)
    return told


def bias_for(score: np.ndarray, lines: Sequence[Line], opened: float) -> float:
    """So that this share of chatter would be opened."""
    chatter = np.array([line.kind == "chatter" for line in lines])
    return float(1.0 - np.quantile(score[chatter], 1 - opened))


def as_rows(vocabulary: Vocabulary, weight: np.ndarray) -> dict[str, tuple[float, ...]]:
    pairs = zip(vocabulary.words, map(tuple, weight.tolist()), strict=True)
    return {word: numbers for word, numbers in pairs if any(numbers)}


def learn(lines: Sequence[Line], folds: int) -> dict[str, Learned]:
    biases = {name: bias_for(unseen(name, lines, folds), lines, share) for name, share in CHATTER_OPENED.items()}
    learned = {name: learn_table(name, [x for x in lines if fits(name, x)], bias) for name, bias in biases.items()}
    learned["urgent"] = learn_urgent(lines)
    return {**learned, "classes": learn_class_table([line for line in lines if line.category])}


def unruled(sight: Sight) -> Sight:
    """The same pieces without the rules' own weights: danger is learned beside the hand-written emergencies."""
    return sight._replace(bare=sight.parts, met=())


def learn_urgent(lines: Sequence[Line]) -> Learned:
    """What tells danger now from other lines, beside the hand-written emergencies; 1.0 is as likely as not."""
    told = [replace(line, issue=line.urgent, sight=unruled(line.sight)) for line in lines if line.urgent is not None]
    table = learn_table("urgent", told)
    return Learned(table.words, (round(table.bias[0] + HEED, 3),))


def written(learned: dict[str, Learned]) -> str:
    head = (
        "# Learned by tests/bench/learn.py: words, and how much each speaks for a report (or, below, for each class).\n"
    )
    head += "# Every number may be edited; a deployment overrides a word in its own file. Numbers stand as 0.\n"
    parts = [head]
    for name, table in learned.items():
        bias = table.bias[0] if len(table.bias) == 1 else list(table.bias)
        parts.append(f'\n[{name}]\nbias = {bias}\nwords = """\n' + "".join(rows_of(name, table)) + '"""\n')
    return "".join(parts)


def rows_of(name: str, table: Learned) -> Iterable[str]:
    for word, numbers in table.words.items():
        told = [f"{round(n * 100)}" for n in numbers] if name == "classes" else [f"{n:g}" for n in numbers]
        yield f"{word} {' '.join(told)}\n"
