"""Recorded messages as lines to be judged: JSON Lines with text and role, an export, or plain text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.asked import Unusable, unreadable
from bot.bounds import lines_within
from bot.classify import read_line, speaker_of
from bot.replay.formats import open_recording
from bot.replay.recorded import Unreadable
from bot.sentences import say
from models.messages import Speaker


class RecordedLine(NamedTuple):
    """`number` counts the lines of the file, or the messages of an export, from 1."""

    number: int
    text: str
    speaker: Speaker


def recorded_lines(file: Path, language: str) -> Iterator[RecordedLine]:
    """Every line that has words; Unusable where the file cannot be read."""
    if _has_rows(file, language):
        return _plain(file, language)
    try:
        recording = open_recording(file)
    except Unreadable as why:
        if why.key == "replay_unknown_format":
            return _plain(file, language)
        raise Unusable(say(language, why.key, **why.values)) from None
    messages = enumerate(recording, 1)
    return (RecordedLine(n, m.text, speaker_of(m.role)) for n, m in messages if m.text.strip())


def _has_rows(file: Path, language: str) -> bool:
    """Does it begin with a JSON object that has a text? Then roles may be any word, as `classify` reads them."""
    try:
        with file.open(encoding="utf-8-sig", newline="\n") as lines:
            first = next((line for line in lines_within(lines) if line.strip()), "")
    except UnicodeDecodeError:
        return False  # an export may be in another encoding
    except OSError as wrong:
        raise unreadable(file, wrong, language) from None
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and isinstance(row.get("text"), str)


def _plain(file: Path, language: str) -> Iterator[RecordedLine]:
    try:
        with file.open(encoding="utf-8-sig", newline="\n", errors="replace") as lines:
            for number, line in enumerate(lines_within(lines), 1):
                if line.strip():
                    text, role = read_line(line.rstrip("\r\n"))
                    yield RecordedLine(number, text, speaker_of(role))
    except OSError as wrong:
        raise unreadable(file, wrong, language) from None
