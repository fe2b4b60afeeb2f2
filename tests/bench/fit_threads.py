"""Learns the weights in bot/rules/threads_learned.toml from labelled conversations; offline and deterministic.

python tests/bench/fit_threads.py OUT --chat FILE… [--none --petition --chatter --own --talk --doubt FILE…]

A line chooses between the open tickets and "none of them" (a conditional logit); the clues of the pair and the pieces
of the line are summed. Verdicts come from judges that never saw the conversation: other weights would trust them too
far. --talk is our own made-up talk (tests/reading/own_talk.txt), --doubt files whose staff lines were labelled by
another rule (an answer of substance as none): these weigh little. Needs numpy and scipy.
Prints the figures of joining, in-sample and with weights that never saw the conversation either.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

sys.path.insert(0, str(Path(__file__).parents[2]))

from chat_walk import Row, Step, as_labelled, as_picked, conversations, count, own_talk, shares, walk
from fitting import usable
from honest import Honest, fold_of
from lines import read, read_own
from tables import FOLDS

from bot.classify import speaker_of
from bot.reading.judge import Judge
from bot.reading.library import open_library
from bot.reading.tables import SHIPPED, read_table
from bot.reading.threads import Threads
from bot.reading.traits import around
from models.messages import Verdict

STIFF_CLUES, STIFF_PIECES = 0.5, 3.0  # ridge: larger forgets more
DOUBTED = 0.3  # weight of staff lines in files that label them by another rule
LEAST = 3  # lines that must hold a piece before it may have a weight
SHOWN_FROM = 0.05  # smaller weights of pieces are left out
RARITIES = 2500


@dataclass(frozen=True)
class Choice:
    """One line before its candidates: clues of each pair, pieces of the line, and which one is right (-1: none)."""

    pairs: tuple[dict[str, float], ...]
    parts: frozenset[str]
    right: int
    trust: float = 1.0


def choice_of(step: Step, threads: Threads) -> Choice | None:
    if not step.candidates or (step.row["label"] == "followup" and step.right is None):
        return None
    alone, others = threads.clues.of_line(step.said), around(step.candidates)
    pairs = []
    for ticket in step.candidates:
        told: dict[str, float] = {}
        for clue in [*alone, *threads.clues.of_pair(step.said, ticket, others)]:
            told[clue.name] = told.get(clue.name, 0.0) + clue.amount
        pairs.append(told)
    right = next((n for n, ticket in enumerate(step.candidates) if ticket.number == step.right), -1)
    return Choice(tuple(pairs), threads.clues.look(step.said.text).parts, right)


def fit(choices: Sequence[Choice]) -> dict[str, Any]:
    """Bias, weights of clues and of pieces."""
    counts: dict[str, int] = {}
    for choice in choices:
        for part in choice.parts:
            counts[part] = counts.get(part, 0) + 1
    words = sorted(part for part, n in counts.items() if n >= LEAST and usable(part) and part != "0")
    names = sorted({name for choice in choices for pair in choice.pairs for name in pair})
    columns = {name: n for n, name in enumerate(names)} | {(w,): n + len(names) for n, w in enumerate(words)}
    rows, cols, data, owner, wanted = [], [], [], [], []
    for number, choice in enumerate(choices):
        for n, pair in enumerate(choice.pairs):
            row = len(owner)
            owner.append(number)
            wanted.append(n == choice.right)
            entries = [(columns[name], amount) for name, amount in sorted(pair.items())]
            entries += [(columns[(part,)], 1.0) for part in sorted(choice.parts) if (part,) in columns]
            rows += [row] * len(entries)
            cols += [column for column, _ in entries]
            data += [amount for _, amount in entries]
    x = csr_matrix((data, (rows, cols)), shape=(len(owner), len(columns)))
    beta = _solve(x, np.array(owner), np.array(wanted), np.array([c.trust for c in choices]), len(names))
    clues = {name: round(float(beta[n]), 2) for n, name in enumerate(names)}
    pieces = {word: round(float(beta[len(names) + n]), 2) for n, word in enumerate(words)}
    return {
        "bias": round(float(beta[-1]), 2),
        "clues": {name: weight for name, weight in clues.items() if weight},
        "pieces": {word: weight for word, weight in pieces.items() if abs(weight) >= SHOWN_FROM},
    }


def _solve(x: csr_matrix, owner: np.ndarray, wanted: np.ndarray, trust: np.ndarray, clues: int) -> np.ndarray:
    """Conditional logit against an alternative of score 0."""
    ridge = np.concatenate([np.full(clues, STIFF_CLUES), np.full(x.shape[1] - clues, STIFF_PIECES), [0.01]])
    known = np.bincount(owner, wanted, len(trust)) > 0

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        score = np.clip(x @ beta[:-1] + beta[-1], -30, 30)
        raised = np.exp(score)
        total = 1 + np.bincount(owner, raised, len(trust))
        told = trust @ np.log(total) - (trust[owner] * wanted) @ score
        pull = trust[owner] * (raised / total[owner] - wanted)
        return float(told + (ridge * beta**2).sum() / 2), np.append(x.T @ pull, pull.sum()) + ridge * beta

    assert known.any()
    return minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x


def rarity(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """How telling a pair of characters is; those not named are as rare as can be."""
    counts: dict[str, int] = {}
    lines = 0
    for parts in texts:
        lines += 1
        for part in parts:
            if len(part) == 2 and usable(part):
                counts[part] = counts.get(part, 0) + 1
    common = sorted(counts, key=lambda part: (-counts[part], part))[:RARITIES]
    return {part: round(log(lines / counts[part]), 1) for part in sorted(common)}


def choices_of(
    talks: Sequence[list[Row]], verdict_of: Callable[[Row], Verdict], threads: Threads, doubted: Set[str]
) -> list[Choice]:
    steps = [step for talk in talks for step, _ in walk(talk, verdict_of, as_labelled)]
    choices = [(step, choice_of(step, threads)) for step in steps]
    return [replace(choice, trust=trust_in(step, doubted)) for step, choice in choices if choice]


def trust_in(step: Step, doubted: Set[str]) -> float:
    return DOUBTED if step.said.staff and step.row["id"] in doubted else 1.0


def written(learned: Mapping[str, Any]) -> str:
    parts = [
        "# Learned by tests/bench/fit_threads.py: clues and pieces of a line, and how much each speaks for a join.\n"
    ]
    parts.append("# Every number may be edited; 1.0 makes a join about 2.7 times as likely.\n\n")
    parts.append(f"bias = {learned['bias']}\n")
    for name in ("pieces", "rarity"):
        rows = "".join(f"{word} {number:g}\n" for word, number in sorted(learned[name].items()))
        parts.append(f'\n{name} = """\n{rows}"""\n')
    rows = "".join(f'"{name}" = {number:g}\n' for name, number in sorted(learned["clues"].items()))
    parts.append(f"\n[clues]\n{rows}")
    return "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    for kind in ("chat", "none", "petition", "chatter", "own", "talk", "doubt"):
        parser.add_argument(f"--{kind}", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    judge = Judge.load()
    lines = read([*asked.chat, *asked.none], "chat", judge) + read_own(asked.own, judge)
    lines += [ln for kind in ("petition", "chatter") for ln in read(getattr(asked, kind), kind, judge)]
    talks = conversations(asked.chat)
    doubted = {row["id"] for talk in conversations(asked.doubt) for row in talk}
    honest = Honest(lines)
    verdicts = {
        row["id"]: honest.judge(row["conv"]).read(row["text"], speaker_of(row["role"]))
        for talk in talks
        for row in talk
    }
    table, library = read_table(SHIPPED / "threads.toml"), open_library()
    rare = rarity(ln.sight.parts for ln in lines)
    blank = {"bias": 0.0, "clues": {}, "pieces": {}, "rarity": rare}
    looking = Threads(table, blank, library)

    def verdict_of(row: Row) -> Verdict:
        return verdicts[row["id"]]

    own = [talk for file in asked.talk for talk in own_talk(file)]
    verdicts |= {row["id"]: judge.read(row["text"], speaker_of(row["role"])) for talk in own for row in talk}

    def learned_from(chosen: Sequence[list[Row]]) -> dict[str, Any]:
        return {**fit(choices_of([*chosen, *own], verdict_of, looking, doubted)), "rarity": rare}

    learned = learned_from(talks)
    asked.out.write_text(written(learned), encoding="utf-8")
    everything = Threads(table, learned, library)
    unseen = {
        k: Threads(table, learned_from([t for t in talks if fold_of(t[0]["conv"]) != k]), library) for k in range(FOLDS)
    }
    for title, chooser in (("in-sample", lambda conv: everything), ("unseen", lambda conv: unseen[fold_of(conv)])):
        for file in asked.chat:
            steps = [
                x for talk in conversations([file]) for x in walk(talk, verdict_of, as_picked(chooser(talk[0]["conv"])))
            ]
            sys.stdout.write(f"{title} {file.name}: {shares(count(steps))}\n")


if __name__ == "__main__":
    main()
