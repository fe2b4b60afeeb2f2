"""gridbot check: can the deployment's own rules be used? `gridbot rules check` says more about them."""

from collections.abc import Iterator
from pathlib import Path

from bot.config.faults import Fault
from bot.config.load import Config
from bot.reading.faults import RuleFault
from bot.reading.library import open_library


def rule_faults(config: Config) -> Iterator[Fault]:
    """The first thing that keeps the bot from starting with these rules."""
    if not config.reading.rules:
        return
    try:
        open_library(Path(config.reading.rules))
    except RuleFault as wrong:
        yield Fault("reading.rules", *wrong.parted(config.language))
