"""`gridbot replay`: a recorded conversation through the real bot, without a word sent."""

import sys
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from bot.config.load import Config
from bot.outcome import Outcome
from bot.reading.judge import Judge
from bot.replay.account import Account, Diary, JsonLines
from bot.replay.cast import gather
from bot.replay.formats import open_recording
from bot.replay.recorded import Recording, Unreadable
from bot.replay.stage import Stage
from bot.replay.timeline import Line, on_one_clock
from bot.sentences import say

DONE, FAILED = 0, 1
BATCH = 100  # lines in one transaction
LONG = 500  # lines from which a terminal is shown how far we are


def replay(path: Path, *, as_json: bool, out: TextIO, config: Config | None = None, judge: Judge | None = None) -> int:
    """The exit status. Broken lines are named, not fatal; a file of no use is named on standard error."""
    config = config or Config()
    try:
        recording = open_recording(path)
        lines = on_one_clock(recording)
        if not lines:
            raise Unreadable("replay_nothing", path)
    except Unreadable as why:
        sys.stderr.write(say(config.language, why.key, **why.values) + "\n")
        return FAILED
    account = (JsonLines if as_json else Diary)(out, config.policy, sys.stderr)
    _play(recording, lines, account, config, judge or Judge.load())
    account.close(recording.findings)
    return DONE


def _play(recording: Recording, lines: list[Line], account: Account, config: Config, judge: Judge) -> None:
    with _progress(lines, config.language) as progress:
        for line, outcome in _played(recording, lines, config, judge):
            account.add(line, outcome)
            progress.update()


def outcomes_of(path: Path, config: Config, judge: Judge) -> Iterator[tuple[Line, Outcome]]:
    """Every message of a recording with what became of it, in the order of time. Raises Unreadable."""
    recording = open_recording(path)
    if lines := on_one_clock(recording):
        yield from _played(recording, lines, config, judge)


def _played(recording: Recording, lines: list[Line], config: Config, judge: Judge) -> Iterator[tuple[Line, Outcome]]:
    channel = "telegram" if recording.format == "telegram" else "recording"
    groups = gather(line.message for line in lines)
    recording.findings.guessed += [m.name for g in groups.values() for m in g.members.values() if m.guessed]
    with Stage(config, judge, channel, groups, lines[0].at) as stage:
        for together in _of_one_instant(lines):
            yield from zip(together, stage.play(together), strict=True)


def _of_one_instant(lines: list[Line]) -> Iterator[list[Line]]:
    """What is said at the same time shares a transaction."""
    for _, together in groupby(lines, key=attrgetter("at")):
        waiting = list(together)
        for first in range(0, len(waiting), BATCH):
            yield waiting[first : first + BATCH]


def _progress(lines: list[Line], language: str) -> Any:
    shown = len(lines) >= LONG and sys.stderr.isatty()
    words = say(language, "replay_progress")
    return tqdm(total=len(lines), desc=words, file=sys.stderr, leave=False, disable=not shown)
