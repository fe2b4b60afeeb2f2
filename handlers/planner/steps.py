"""What a rehearsal finds: plain values, true also when everything was rolled back."""

from dataclasses import dataclass
from datetime import datetime

from models.messages import Verdict


@dataclass(frozen=True)
class Told:
    """One letter as it would leave. `where`: residents, staff or private; `to`: a person's name, or a unit's; `edit`:
    it changes one that was sent.
    """

    at: datetime
    where: str
    to: str
    chat_id: str
    kind: str
    silent: bool
    edit: bool
    text: str


@dataclass(frozen=True)
class Moved:
    """From now on somebody else has the ticket; `due`: their promise."""

    at: datetime
    number: int
    level: str
    to: str
    due: datetime


Step = Told | Moved


@dataclass(frozen=True)
class Opened:
    """A ticket that the line would open."""

    number: int
    what: str
    category: str
    private: bool
    urgent: bool
    assignee: str
    due: datetime


@dataclass(frozen=True)
class Rehearsal:
    """`outcome`: opened, joined, asked, which, ignored, command or refused; `joined`: numbers of tickets that are
    there already; `repeats`: the last steps would come again and again.
    """

    outcome: str
    verdict: Verdict
    opened: tuple[Opened, ...]
    joined: tuple[int, ...]
    steps: tuple[Step, ...]
    repeats: bool
