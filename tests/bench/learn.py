"""Learns the weights in bot/rules/learned.toml from labelled JSON Lines; offline and deterministic.

python tests/bench/learn.py OUT --chat FILE… --petition FILE… --chatter FILE…      (needs numpy and scipy)

chat       group lines with label issue|followup|none and category (a file without labels holds no issue)
petition   complaint titles and letters; only rows labelled not-issue are none; a known class in `label` teaches classes
chatter    ordinary talk, practically none an issue
The output holds words and numbers only. Follow-ups are left out: whether a line is new depends on what was said before.
Hand-written rules stand above: their weights enter as they are, and the words learn what remains.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit, logsumexp, softmax

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.reading.judge import Judge, Sight
from models.messages import CATEGORIES

SCALE = 0.25  # one logit, in units of the score
CHATTER_OPENED = {"chat": 0.0010, "petition": 0.0015}  # the share of unseen chatter at 1.0 or above: it fixes the bias
FOLDS = 4
STIFFNESS = {"chat": 0.03, "petition": 0.03, "urgent": 0.03, "classes": 0.1}  # C of the ridge: smaller forgets more
TRUST = {
    "chat": 1.0,
    "none": 3.0,
    "petition": 1.0,
    "chatter": 1.0,
    "own": 2.0,
}  # weight of a line, by where it comes from
RULES_TRUSTED = 1.0  # a rule that people wrote may weigh more than a pair of characters
KEPT = {"chat": 5000, "petition": 3000, "urgent": 1500, "classes": 4000}


@dataclass(frozen=True)
class Line:
    text: str
    issue: bool
    category: str | None
    kind: str
    group: str
    sight: Sight
    urgent: bool | None = None  # None: nobody said


def read(files: Iterable[Path], kind: str, judge: Judge) -> list[Line]:
    rows = [(json.loads(line), file.name) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    lines = [as_line(row, kind, f"{name}:{number}", judge) for number, (row, name) in enumerate(rows)]
    return [line for line in lines if line]


OWN = dict(zip("安环建纠民堆治", CATEGORIES, strict=True))


def read_own(files: Iterable[Path], judge: Judge) -> list[Line]:
    """Our own made-up lines: the first letter of a class (or 无), perhaps !, a blank, the text."""
    rows = [line.split(" ", 1) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [read_own_line(mark, text, f"own:{n}", judge) for n, (mark, text) in enumerate(rows) if mark != "#"]


def read_own_line(mark: str, text: str, name: str, judge: Judge) -> Line:
    category = OWN.get(mark[0])
    return Line(text, category is not None, category, "own", name, judge.look(text), mark.endswith("!"))


def as_line(row: dict[str, Any], kind: str, name: str, judge: Judge) -> Line | None:
    label = row.get("label", "issue" if kind == "petition" else "none")
    if label == "followup":
        return None
    issue = label not in ("none", "not-issue")
    category = (row.get("category") or (label if label in CATEGORIES else None)) if issue else None
    kind = "none" if kind == "chat" and "label" not in row else "chatter" if kind == "petition" and not issue else kind
    group = row.get("conv") or row.get("id") or name
    urgent = bool(row["urgent"]) if "urgent" in row else False if kind == "none" else None
    return Line(row["text"], issue, category, kind, group, judge.look(row["text"]), urgent)


class Vocabulary:
    """The pieces that stand in at least two lines, as the columns of a matrix.

    A rare piece counts for more (idf), which frees it from the common ones; the factor ends up in its weight.
    """

    def __init__(self, lines: Sequence[Line], least: int = 2) -> None:
        counts: dict[str, int] = {}
        for line in lines:
            for piece in line.sight.parts:
                counts[piece] = counts.get(piece, 0) + 1
        self._rare = {word: 1 + log(len(lines) / count) for word, count in counts.items()}
        self.keep(sorted(word for word, count in counts.items() if count >= least and usable(word)))

    def keep(self, words: Sequence[str]) -> None:
        self.words = list(words)
        self._at = {word: column for column, word in enumerate(words)}
        self.rare = np.array([self._rare[word] * (RULES_TRUSTED if word[0] == "‹" else 1.0) for word in words])

    def matrix(self, lines: Sequence[Line]) -> csr_matrix:
        rows = [sorted(self._at[piece] for piece in line.sight.parts if piece in self._at) for line in lines]
        starts = np.cumsum([0] + [len(row) for row in rows])
        columns = np.array([column for row in rows for column in row], dtype=np.int32)
        return csr_matrix((self.rare[columns], columns, starts), shape=(len(lines), len(self.words)))


def usable(word: str) -> bool:
    """A line of the table must stay readable: no blanks, quotes, backslashes or private characters."""
    return word.isprintable() and not set(word) & set(" \"\\'")


def balanced(lines: Sequence[Line]) -> np.ndarray:
    """Both answers weigh the same in all."""
    trust = np.array([TRUST[line.kind] for line in lines])
    issue = np.array([line.issue for line in lines])
    return np.where(issue, trust / trust[issue].sum(), trust / trust[~issue].sum()) * len(lines) / 2


def learn_issue(x: csr_matrix, lines: Sequence[Line], stiffness: float, steps: int = 150) -> tuple[np.ndarray, float]:
    """Logistic regression on what the rules leave unexplained."""
    sign = np.where([line.issue for line in lines], 1.0, -1.0)
    given = np.array([line.sight.rules_weight for line in lines]) / SCALE
    trust = balanced(lines)

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ beta[:-1] + beta[-1] + given)
        pull = -sign * trust * expit(-margin)
        slope = np.append(x.T @ pull + beta[:-1] / stiffness, pull.sum())
        return float((trust * np.logaddexp(0, -margin)).sum() + (beta[:-1] ** 2).sum() / 2 / stiffness), slope

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": steps}).x
    return found[:-1], float(found[-1])


def learn_classes(
    x: csr_matrix, lines: Sequence[Line], stiffness: float, steps: int = 120
) -> tuple[np.ndarray, np.ndarray]:
    """Multinomial regression over the seven classes, on issues only."""
    wanted = np.eye(len(CATEGORIES))[[CATEGORIES.index(line.category or "") for line in lines]]
    given = np.array([strengths(line.sight) for line in lines])
    trust = (len(lines) / len(CATEGORIES) / wanted.sum(0).clip(1))[wanted.argmax(1)]
    shape = (x.shape[1] + 1, len(CATEGORIES))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        beta = flat.reshape(shape)
        logits = x @ beta[:-1] + beta[-1] + given
        pull = (softmax(logits, axis=1) - wanted) * trust[:, None]
        slope = np.vstack([x.T @ pull + beta[:-1] / stiffness, pull.sum(0)])
        told = (trust * (logsumexp(logits, axis=1) - (logits * wanted).sum(1))).sum()
        return float(told + (beta[:-1] ** 2).sum() / 2 / stiffness), slope.ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": steps}).x
    return found.reshape(shape)[:-1], found.reshape(shape)[-1]


def strengths(sight: Sight) -> list[float]:
    told = [0.0] * len(CATEGORIES)
    for rule, _ in sight.met:
        if rule.category:
            told[CATEGORIES.index(rule.category)] += rule.strength
    return told


@dataclass(frozen=True)
class Learned:
    """One table as it will be written: words, numbers, bias."""

    words: dict[str, tuple[float, ...]]
    bias: tuple[float, ...]


def fit_issue(name: str, lines: Sequence[Line], steps: int) -> tuple[Vocabulary, np.ndarray, float]:
    """Fit, keep the words that matter most, fit those again: words, weights in units of the score, intercept."""
    vocabulary = Vocabulary(lines)
    weight, _ = learn_issue(vocabulary.matrix(lines), lines, STIFFNESS[name], steps)
    keep_most(vocabulary, np.abs(weight), lines, KEPT[name])
    weight, bias = learn_issue(vocabulary.matrix(lines), lines, STIFFNESS[name], steps)
    return vocabulary, weight * SCALE, bias * SCALE


def fit_classes(lines: Sequence[Line], steps: int) -> tuple[Vocabulary, np.ndarray, np.ndarray]:
    """The same for the seven classes."""
    vocabulary = Vocabulary(lines)
    weight, _ = learn_classes(vocabulary.matrix(lines), lines, STIFFNESS["classes"], steps)
    keep_most(vocabulary, np.abs(weight).max(1), lines, KEPT["classes"])
    weight, bias = learn_classes(vocabulary.matrix(lines), lines, STIFFNESS["classes"], steps)
    return vocabulary, weight, bias


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
    return not line.issue or line.kind == "own" or (line.kind == "petition") == (name == "petition")


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


def keep_most(vocabulary: Vocabulary, size: np.ndarray, lines: Sequence[Line], most: int) -> None:
    """A piece matters by its weight and by how often it is met."""
    met = np.asarray((vocabulary.matrix(lines) > 0).sum(0)).ravel()
    order = np.argsort(-size * vocabulary.rare * np.sqrt(met), kind="stable")[:most]
    vocabulary.keep([vocabulary.words[column] for column in sorted(order)])


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
    return learn_table("urgent", told)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    for kind in ("chat", "petition", "chatter", "own"):
        parser.add_argument(f"--{kind}", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    judge = Judge.load()
    lines = [line for kind in ("chat", "petition", "chatter") for line in read(getattr(asked, kind), kind, judge)]
    lines += read_own(asked.own, judge)
    asked.out.write_text(written(learn(lines, FOLDS)), encoding="utf-8")


if __name__ == "__main__":
    main()
