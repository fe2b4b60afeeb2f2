"""The command: figures of each file, and of all of them together."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.bounds import DOCUMENT_MOST, read_within
from bot.classify import speaker_of
from bot.config.load import Config
from bot.evaluate.labelled import read_label, rows_of, told_in
from bot.evaluate.played import play
from bot.evaluate.report import figures, readable
from bot.evaluate.tally import Tally, count, total
from bot.reading.judge import Judge

ALL = "total"


def evaluate(rows: Iterable[dict[str, Any] | None], judge: Judge) -> Tally:
    """Line by line, each for itself."""
    tally = Tally()
    for row in rows:
        line = read_label(row) if row else None
        if line is None:
            tally.skipped += 1
        else:
            count(tally, line, judge.read(line.text, speaker_of(line.role)))
    return tally


def evaluate_file(path: Path, config: Config, judge: Judge) -> Tally:
    """Line by line, and as conversations where it holds some. OSError, UnicodeDecodeError."""
    rows = list(rows_of(filter(str.strip, read_within(path, DOCUMENT_MOST).decode("utf-8-sig").split("\n"))))
    tally = evaluate(rows, judge)
    if told := told_in(rows):
        tally.played = play(path, told, config, judge)
    return tally


def main_evaluate(
    files: Sequence[Path], as_json: bool, judge: Judge, config: Config, say: Callable[[str], object] = print
) -> int:
    """Print the figures of each file, and of several together; 0 when every file could be read, else 2."""
    tallies: dict[str, Tally] = {}
    for file in files:
        try:
            tallies[str(file) if file.name in tallies else file.name] = evaluate_file(file, config, judge)
        except (OSError, UnicodeDecodeError) as fault:
            say(f"{file}: {fault}")
            return 2
    if len(tallies) > 1:
        tallies[ALL] = total(tallies.values())
    results = {name: figures(tally) for name, tally in tallies.items()}
    say(
        json.dumps(results, ensure_ascii=False, indent=2)
        if as_json
        else "\n\n".join(map(readable, *zip(*results.items(), strict=True)))
    )
    return 0
