"""gridbot check: what is wrong with this deployment, what is odd, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.config import load
from bot.config_faults import ConfigFaults, Fault
from bot.sentences import say


@dataclass(frozen=True)
class Report:
    """Faults keep the bot from starting; warnings do not; notes say what was found in order."""

    language: str
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The report as the operator reads it; one fault or warning a line."""
        for title, found in (("check_faults", self.faults), ("check_warnings", self.warnings)):
            if found:
                yield say(self.language, title, count=len(found))
                yield from map(str, found)
        yield from self.notes
        if not self.faults:
            yield say(self.language, "check_sound")


def check(path: Path, language: str, *, offline: bool = False) -> Report:
    """Judge the file, then the world it speaks of: Telegram, the proxy, the database."""
    try:
        config = load(path)
    except ConfigFaults as wrong:
        return Report(language, faults=wrong.faults)
    return Report(config.language, warnings=tuple(config.warnings()))
