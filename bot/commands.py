"""What each command does. Imports stand inside: `gridbot check` should not load what only `gridbot demo` needs."""

from argparse import Namespace
from pathlib import Path

from bot.parser import Argument, Command

DEFAULT_CONFIG = Path("config.toml")


def config_path(asked: Namespace) -> Path:
    return Path(asked.config) if asked.config else DEFAULT_CONFIG


def check(asked: Namespace) -> int:
    from bot.check import check

    report = check(config_path(asked), offline=asked.offline)
    for line in report.lines(asked.language):
        print(line)
    return 2 if report.faults else 0


COMMANDS = (Command("check", check, (Argument("--offline", {"action": "store_true"}),)),)
