"""The commands that look after the database: its shape, its soundness, its copies. Imports stand inside."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from bot.asked import config_path
from bot.parser import AS_JSON, Argument, Command
from bot.sentences import say


def migrate(asked: Namespace) -> int:
    from bot.config.load import load
    from bot.open_database import bring_up_to_date

    state = bring_up_to_date(load(config_path(asked)))
    print(say(asked.language, f"cli_migrated_{state}"))
    return 0


def doctor(asked: Namespace) -> int:
    """How much was seen goes to standard error."""
    from bot.clock import SystemClock
    from bot.config.load import load
    from bot.doctor.run import Wanted, run_doctor

    wanted = Wanted(asked.file, asked.against, asked.weeks, asked.json)
    config = load(config_path(asked))
    return run_doctor(config, wanted, SystemClock(), print, lambda line: print(line, file=sys.stderr))


def backup(asked: Namespace) -> int:
    from bot.backup.run import back_up
    from bot.clock import SystemClock
    from bot.config.load import load

    made = back_up(load(config_path(asked)), Path(asked.target), asked.keep, SystemClock())
    print(say(asked.language, "backup_made", file=made.file, removed=made.removed, **made.counts))
    return 0


def restore(asked: Namespace) -> int:
    """What to do next goes to standard error."""
    from bot.backup.restore import Meanwhile, restore
    from bot.clock import SystemClock
    from bot.config.load import load

    meanwhile = Meanwhile(asked.moved, asked.last_number)
    done = restore(load(config_path(asked)), Path(asked.source), meanwhile, SystemClock().now())
    counted = {"next_number": done.next_number, "withdrawn": done.withdrawn, **done.counts}
    print(say(asked.language, "restore_done", **counted))
    print(say(asked.language, "restore_next_old" if done.old else "restore_next"), file=sys.stderr)
    return 0


def count(written: str) -> int:
    """argparse names this function in its complaint."""
    number = int(written)
    if number < 0:
        raise ValueError(written)
    return number


UPKEEP = (
    Command("migrate", migrate),
    Command(
        "doctor",
        doctor,
        (
            Argument("file", {"metavar": "FILE", "nargs": "?", "default": ""}),
            Argument("--against", {"metavar": "OLDER", "default": ""}),
            Argument("--weeks", {"type": count, "metavar": "N", "default": 4}),
            AS_JSON,
        ),
    ),
    Command(
        "backup",
        backup,
        (Argument("target", {"metavar": "TARGET"}), Argument("--keep", {"type": count, "metavar": "N"})),
    ),
    Command(
        "restore",
        restore,
        (
            Argument("source", {"metavar": "SOURCE"}),
            Argument("--moved", {"action": "store_true"}),
            Argument("--last-number", {"type": count, "metavar": "N"}),
        ),
    ),
)
