"""Judges that never saw the conversation they are asked about: one a fold, with tables learned from the other folds."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np
from lines import Line
from tables import CHATTER_OPENED, FOLDS, Learned, bias_for, fits, learn_class_table, learn_table, learn_urgent, written

from bot.reading.judge import Judge
from bot.reading.library import open_library
from bot.reading.tables import SHIPPED


class Honest:
    """`judge(group)` is the real program with honest tables. Our own single lines are taught in every fold."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def judge(self, group: str) -> Judge:
        return self._judges[fold_of(group)]

    @cached_property
    def _judges(self) -> list[Judge]:
        taught = [[ln for ln in self._lines if ln.kind == "own" or fold_of(ln.group) != k] for k in range(FOLDS)]
        scored = {name: [_issue_table(name, lines) for lines in taught] for name in CHATTER_OPENED}
        bias = {name: self._bias(name, tables) for name, tables in scored.items()}
        return [
            judge_with(
                {name: Learned(scored[name][k].words, (bias[name],)) for name in scored}
                | {"urgent": learn_urgent(lines), "classes": learn_class_table([ln for ln in lines if ln.category])}
            )
            for k, lines in enumerate(taught)
        ]

    def _bias(self, name: str, tables: Sequence[Learned]) -> float:
        """Set on chatter that the tables never saw."""
        chatter = [line for line in self._lines if line.kind == "chatter"]
        score = [score_of(tables[fold_of(line.group)], line) for line in chatter]
        return round(bias_for(np.array(score), chatter, CHATTER_OPENED[name]), 3)


def _issue_table(name: str, lines: Sequence[Line]) -> Learned:
    return learn_table(name, [line for line in lines if fits(name, line)], 0.0)


def score_of(table: Learned, line: Line) -> float:
    return line.sight.rules_weight + sum(table.words[part][0] for part in line.sight.parts if part in table.words)


def fold_of(group: str) -> int:
    return crc32(group.encode()) % FOLDS


def judge_with(learned: Mapping[str, Learned]) -> Judge:
    """The shipped rules with other learned tables."""
    with TemporaryDirectory() as folder:
        rules = copytree(SHIPPED, Path(folder) / "rules")
        (rules / "learned.toml").write_text(written(dict(learned)), encoding="utf-8")
        return Judge(open_library(None, rules))
