"""What is said and what stands open, as plain values: how a handler asks which ticket a line is about."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from models.messages import Verdict


class Candidate(NamedTuple):
    """An open ticket as the group knows it. `texts`: the report and what was added, oldest first.

    `lines` and `minutes`: messages of the group, and time, since it was last spoken of (0 lines: just now).
    `same_person`: the sender reported it or spoke of it; `last_speaker`: was also the last who did;
    `pointed`: the line replies to one of its messages, or to the card.
    """

    number: int
    texts: tuple[str, ...]
    category: str | None = None
    place_key: str = ""
    minutes: float = 0.0
    lines: int = 0
    same_person: bool = False
    last_speaker: bool = False
    pointed: bool = False
    settled: bool = False


@dataclass(frozen=True)
class Utterance:
    """A line of the group, with what the judge says of it. `replies`: it answers some message, whichever.

    What came before, as far as it is remembered without its text (False: unknown): `after_own_chatter`: the line just
    before is the sender's own and belongs to no ticket; `after_staff`: it is a staff's or member's; `chatters`: the
    sender's last line of the last ten minutes belongs to no ticket.
    """

    text: str
    verdict: Verdict
    role: Literal["resident", "staff", "member"] = "resident"
    photo: bool = False
    replies: bool = False
    after_own_chatter: bool = False
    after_staff: bool = False
    chatters: bool = False

    @property
    def staff(self) -> bool:
        return self.role != "resident"


@dataclass(frozen=True)
class Pick:
    """`number` is the ticket that the line joins, None when none is sure enough.

    `rival` is the next best ticket when it fits nearly as well: ask which of the two is meant. Scores are sums of
    weights: 0 is even odds against "none of them".
    """

    number: int | None
    score: float = 0.0
    second: float = 0.0
    best: int | None = None
    rival: int | None = None


@dataclass(frozen=True)
class Complaint:
    """A line complains of somebody in charge, by name or by the word for a post (`role`).

    `thing`: what the matter is called; `grave`: whatever else the line reports.
    """

    name: str
    role: str
    thing: str
    grave: bool
