"""How well lines are understood that the learned words never saw: cross-validation by conversation.

python tests/bench/cross.py --chat FILE… --petition FILE… --chatter FILE… [--own FILE…] [--json]     (as learn.py)

Four folds; every line is read by the real program (who speaks included) with tables learned from other conversations,
and the bias of both tables is set on unseen chatter. Our own single lines are always taught and never judged. The
hand-written rules were written with these conversations at hand, so what they add is measured too kindly here: judge
them on files that nobody has read. `by text alone`: the same none lines as if a resident had said them.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from honest import Honest
from lines import group_of, read, read_own

from bot.classify import speaker_of
from bot.evaluate.labelled import read_label
from bot.evaluate.report import figures
from bot.evaluate.tally import Tally, count
from bot.reading.judge import Judge

SHOWN = (
    *("lines", "f1", "precision", "recall", "recall_opened_or_asked", "class_right_or_alt"),
    *("opened_of_none", "opened_of_none_by_text_alone", "asked_of_none"),
    *("urgent_recall", "urgent_precision", "place_exact", "place_overlap"),
)


def judged(file: Path, honest: Honest) -> dict[str, Any]:
    """The figures of one file."""
    told, plain = Tally(), Tally()
    for number, written in enumerate(file.read_text(encoding="utf-8").splitlines()):
        row = json.loads(written)
        if line := read_label(row):
            judge = honest.judge(group_of(row, f"{file.name}:{number}"))
            count(told, line, judge.read(line.text, speaker_of(line.role)))
            count(plain, line, judge.read(line.text))
    return {**figures(told), "opened_of_none_by_text_alone": figures(plain)["opened_of_none"]}


def table_of(results: dict[str, dict[str, Any]]) -> str:
    lines = []
    for name, told in results.items():
        parts = [f"{key} {told[key]:.4g}" for key in SHOWN if told[key] is not None]
        lines.append(f"{name}: " + ", ".join(parts))
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for kind in ("chat", "petition", "chatter", "own"):
        parser.add_argument(f"--{kind}", type=Path, nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    asked, judge = parser.parse_args(), Judge.load()
    files = [(file, kind) for kind in ("chat", "petition", "chatter") for file in getattr(asked, kind)]
    lines = [line for file, kind in files for line in read([file], kind, judge)]
    honest = Honest(lines + read_own(asked.own, judge))
    results = {file.name: judged(file, honest) for file, _ in files}
    sys.stdout.write(json.dumps(results, ensure_ascii=False, indent=1) if asked.json else table_of(results))


if __name__ == "__main__":
    main()
