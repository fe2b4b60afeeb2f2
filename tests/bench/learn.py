"""Learns the weights in bot/rules/learned.toml from labelled JSON Lines; offline and deterministic.

python tests/bench/learn.py OUT --chat FILE… --petition FILE… --chatter FILE…      (needs numpy and scipy)

chat       group lines with label issue|followup|none and category (a file without labels holds no issue)
petition   complaint titles and letters; only rows labelled not-issue are none; a known class in `label` teaches classes
chatter    ordinary talk, practically none an issue
The output holds words and numbers only. Follow-ups are left out: whether a line is new depends on what was said before.
Hand-written rules stand above: their weights enter as they are, and the words learn what remains.
"""

import argparse
from pathlib import Path

from lines import read, read_own
from tables import FOLDS, learn, written

from bot.reading.judge import Judge


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
