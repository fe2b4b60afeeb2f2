"""What the operator asked for: the configuration, its judge, readable files - or one line on what to mend."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bounds import DOCUMENT_MOST, read_within
from bot.sentences import say

if TYPE_CHECKING:
    from bot.config.load import Config
    from bot.reading.judge import Judge

DEFAULT_CONFIG = Path("config.toml")


class Unusable(Exception):
    """What the operator gave cannot be used; the text says what and how to mend it."""


def config_path(asked: Namespace) -> Path:
    return Path(asked.config) if asked.config else DEFAULT_CONFIG


def config_or_defaults(asked: Namespace) -> Config:
    """For commands that need no deployment: a file that was not named may be missing."""
    from bot.config.load import Config, load

    path = config_path(asked)
    return load(path) if asked.config or path.exists() else Config()


def judge_of(config: Config) -> Judge:
    from bot.reading.judge import Judge

    with faults_worded(config.language):
        reading = config.reading
        rules = Path(reading.rules) if reading.rules else None
        return Judge.load(rules, open_at=reading.open, ask_at=reading.ask)


@contextmanager
def faults_worded(language: str) -> Iterator[None]:
    """What parts of the program complain of, in the operator's words."""
    from bot.channels import Misconfigured
    from bot.config.faults import ConfigFaults, fault
    from bot.reading.faults import RuleFault

    try:
        yield
    except Misconfigured as wrong:
        raise ConfigFaults([fault(language, wrong.key, wrong.kind, **wrong.values)]) from None
    except RuleFault as wrong:
        raise Unusable(wrong.worded(language)) from None


def must_be_text(file: Path, language: str) -> None:
    try:
        read_within(file, DOCUMENT_MOST).decode()
    except (OSError, UnicodeDecodeError) as wrong:
        raise unreadable(file, wrong, language) from None


def unreadable(file: object, wrong: OSError | UnicodeDecodeError, language: str) -> Unusable:
    if isinstance(wrong, UnicodeDecodeError):
        return Unusable(say(language, "cli_file_not_utf8", file=file))
    return Unusable(say(language, "cli_file_unreadable", file=file, why=wrong.strerror or wrong))
