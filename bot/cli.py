"""The command line: finds the command, and says in one line what an operator must mend."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from bot.asked import Unusable
from bot.bounds import read_within
from bot.commands import COMMANDS
from bot.config.faults import ConfigFaults
from bot.config.file import language_of
from bot.observing import hooks, logs
from bot.observing.veil import VEIL
from bot.parser import build_parser

log = logging.getLogger(__name__)

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 done, 1 failed, 2 wrongly called or configured."""
    _speak_utf8()
    if arguments is None:
        logs.set_up(level=logging.WARNING)
        hooks.install()
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = build_parser(COMMANDS, language_for(given)).parse_args(given or ["--help"])
    asked.alone = arguments is None  # then the process is ours: its signals, its log
    try:
        status: int = asked.run(asked)
        sys.stdout.flush()
    except (ConfigFaults, Unusable) as wrong:
        _complain(str(wrong))
        return MISUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output had enough, as `| head` does
        _drop_output()
        return DONE
    return status


def language_for(given: Sequence[str]) -> str:
    """The language that the configuration asks for, known before the arguments are: --help is worded too."""
    finder = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    finder.add_argument("--config", nargs="?")
    named: str | None = finder.parse_known_args(given)[0].config
    try:
        return language_of(read_within(Path(named or "config.toml")))
    except OSError:
        return "zh"


def _complain(words: str) -> None:
    if logs.as_json():
        log.error("%(said)s", {"event": "cannot_go_on", "said": words})
    else:
        print(VEIL.over(words), file=sys.stderr)


def _speak_utf8() -> None:
    """Files and pipes are UTF-8 everywhere; a terminal keeps its own encoding. Only a line feed ends a line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a sign that the terminal lacks must not end the program
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="backslashreplace", newline="\n")


def _drop_output() -> None:
    """Point standard output nowhere, or Python complains once more when it flushes at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
