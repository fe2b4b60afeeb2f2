"""How well lines are understood that the learned words never saw: cross-validation by conversation.

python tests/bench/cross.py --chat FILE… --petition FILE… --chatter FILE… [--own FILE…]     (as learn.py)

Each conversation is judged by weights learned from the others; the bias of both tables is set on unseen chatter. Our
own lines are always taught and never judged. Hand-written rules were written with these conversations at hand, so what
they add is measured too kindly here: judge them on files that nobody has read.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from learn import CHATTER_OPENED, FOLDS, Line, bias_for, read, read_own, unseen, unseen_classes

from bot.reading.judge import Judge
from models.messages import CATEGORIES

OPEN, ASK = 1.0, 0.6


def scores(lines: Sequence[Line]) -> np.ndarray:
    """The louder of the two tables, held under the limits of the quiet rules."""
    told = {name: unseen(name, lines, FOLDS) for name in CHATTER_OPENED}
    loud = np.max([told[name] + bias_for(told[name], lines, share) for name, share in CHATTER_OPENED.items()], axis=0)
    return np.minimum(loud, [line.sight.limit for line in lines])


def figures(lines: Sequence[Line], score: np.ndarray, told: np.ndarray) -> str:
    issue = np.array([line.issue for line in lines])
    opened, asked = score >= OPEN, (score >= ASK) & (score < OPEN)
    hit, none = (issue & opened).sum(), max(1, (~issue).sum())
    heard = (issue & (opened | asked)).sum()
    right = [CATEGORIES[told[n]] == line.category for n, line in enumerate(lines) if opened[n] and line.category]
    return (
        f"{len(lines):6d} lines  F1 {2 * hit / max(1, issue.sum() + opened.sum()):.3f}"
        f"  recall {hit / max(1, issue.sum()):.3f}, with asked {heard / max(1, issue.sum()):.3f}"
        f"  class {np.mean(right) if right else float('nan'):.3f}"
        f"  of none opened {(opened & ~issue).sum() / none:.4f}, asked {(asked & ~issue).sum() / none:.4f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for kind in ("chat", "petition", "chatter", "own"):
        parser.add_argument(f"--{kind}", type=Path, nargs="*", default=[])
    asked, judge = parser.parse_args(), Judge.load()
    files = [(file, kind) for kind in ("chat", "petition", "chatter") for file in getattr(asked, kind)]
    lines, names = [], []
    for file, kind in files:
        found = read([file], kind, judge)
        lines += found
        names += [file.name] * len(found)
    lines += read_own(asked.own, judge)
    score, told = scores(lines), unseen_classes(lines, FOLDS)
    for file, _ in files:
        mine = np.array([n for n, name in enumerate(names) if name == file.name])
        print(f"{file.name:32s}", figures([lines[n] for n in mine], score[mine], told[mine]))  # noqa: T201


if __name__ == "__main__":
    main()
