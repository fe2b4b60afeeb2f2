"""Ridge regression on the pieces of labelled lines: which words speak for a report, and for which class."""

from collections.abc import Sequence
from math import log

import numpy as np
from lines import Line
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit, logsumexp, softmax

from bot.reading.judge import Sight
from models.messages import CATEGORIES

SCALE = 0.25  # one logit, in units of the score
STIFFNESS = {"chat": 0.03, "petition": 0.1, "urgent": 0.03, "classes": 0.1}  # C of the ridge: smaller forgets more
TRUST = {"chat": 1.0, "none": 3.0, "petition": 1.0, "chatter": 0.3, "own": 1.0}  # of a line, by where it comes from
KEPT = {"chat": 5000, "petition": 6000, "urgent": 1500, "classes": 6000}


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
        self.rare = np.array([self._rare[word] for word in words])

    def matrix(self, lines: Sequence[Line]) -> csr_matrix:
        rows = [sorted(self._at[piece] for piece in line.sight.parts if piece in self._at) for line in lines]
        starts = np.cumsum([0] + [len(row) for row in rows])
        columns = np.array([column for row in rows for column in row], dtype=np.int32)
        return csr_matrix((self.rare[columns], columns, starts), shape=(len(lines), len(self.words)))


def usable(word: str) -> bool:
    """A line of the table must stay readable: no blanks, quotes, backslashes or private characters."""
    return word.isprintable() and not set(word) & set(" \"\\'")


def keep_most(vocabulary: Vocabulary, size: np.ndarray, lines: Sequence[Line], most: int) -> None:
    """A piece matters by its weight and by how often it is met."""
    met = np.asarray((vocabulary.matrix(lines) > 0).sum(0)).ravel()
    order = np.argsort(-size * vocabulary.rare * np.sqrt(met), kind="stable")[:most]
    vocabulary.keep([vocabulary.words[column] for column in sorted(order)])


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
