"""What is wrong with a configuration, as lines that an operator can act on: key, fault, cure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.sentences import say


@dataclass(frozen=True)
class Fault:
    """One thing to mend. Each part is a whole sentence in the deployment's language; `key` stays as in the file."""

    key: str
    fault: str
    cure: str

    def __str__(self) -> str:
        pause = "" if self.fault.endswith("。") else " "
        return f"{self.key}: {self.fault}{pause}{self.cure}"


class ConfigFaults(Exception):
    """The configuration cannot be used; `faults` says why, all of it at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def fault(language: str, key: str, kind: str, hint: str = "", /, **values: object) -> Fault:
    """The fault `kind` at `key`, in the words of check_<kind> and check_<kind>_cure; a hint goes before the cure."""
    cure = say(language, f"check_{kind}_cure", **values)
    return Fault(key, say(language, f"check_{kind}", **values), hint + cure)


def did_you_mean(language: str, written: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, or nothing when none is near."""
    near = get_close_matches(written, list(known), n=1)
    return say(language, "check_did_you_mean", near=near[0]) if near else ""
