"""What gridbot check found, and how it is printed."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.config.faults import Fault
from bot.sentences import say


@dataclass(frozen=True)
class Report:
    """Faults keep the bot from starting; warnings do not; notes say what was found in order."""

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    def __add__(self, other: "Report") -> "Report":
        return Report(self.faults + other.faults, self.warnings + other.warnings, self.notes + other.notes)

    def lines(self, language: str) -> Iterator[str]:
        """The report as the operator reads it; one fault or warning a line."""
        for title, found in (("check_faults", self.faults), ("check_warnings", self.warnings)):
            if found:
                yield say(language, title, count=len(found))
                yield from map(str, found)
        yield from self.notes
        if not self.faults:
            yield say(language, "check_sound")
