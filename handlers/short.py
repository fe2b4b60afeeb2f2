"""What a short word without a reply (好了, 没好, +1, 还没人来) can mean: the sender's own matters, or those of late."""

from datetime import timedelta

from handlers.acts import applies
from handlers.joining import alike, another
from handlers.turn import Turn
from models.matters import latest_followed, latest_of, open_tickets
from models.messages import Speech
from models.tickets import Ticket

LATELY = timedelta(minutes=60)  # how long a neighbour's +1 may come after the report
OWN = timedelta(days=14)  # how long somebody speaks of what was settled for them
ANSWERS = ("confirmed", "done", "fair", "poor", "unsolved")  # to the closing line


def could_mean(turn: Turn, said: Speech) -> list[Ticket]:
    """The tickets to which the word would do something, by the first sense in which it fits any."""
    if named := turn.named_in(turn.message.text):
        return named[:1]
    return _that_fit(turn, _own(turn, said) or _neighbours(turn, said))


def _that_fit(turn: Turn, tickets: list[Ticket]) -> list[Ticket]:
    """Of several that fit, the one whose thing is named: 楼道灯亮了 is not about the lift."""
    issue = turn.verdict.decision != "ignore"
    fitting = [t for t in tickets if applies(turn, t) and not (issue and another(t, turn.verdict))]
    named = [t for t in fitting if alike(f"{t.thing} {t.text.replace(t.place, '')}", turn.message.text)]
    return named if len(named) == 1 else fitting


def _own(turn: Turn, said: Speech) -> list[Ticket]:
    """好了 and 没好 are about what was settled first, else about what is open; 还没人来 about what is new. 没好 also
    about what has ended: it is taken up again, or it is said once more whom to turn to.
    """
    if said in ANSWERS and (settled := own_matters(turn, "settled")):
        return settled
    own = own_matters(turn, "open", "taken", "suspended") if said != "metoo" else []
    if said in ("chase", "unsolved") and len(own) > 1 and len(new := lately_opened(turn)) == 1:
        return new
    return own or (own_matters(turn, "silent", "final") if said == "unsolved" else [])


def _neighbours(turn: Turn, said: Speech) -> list[Ticket]:
    """Of several, nobody says +1 to their own."""
    lately = lately_opened(turn) if said in ("chase", "unsolved", "metoo") else []
    others = [t for t in lately if not turn.reported(t)]
    return others if said == "metoo" and len(others) > 1 else lately


def own_matters(turn: Turn, *states: str) -> list[Ticket]:
    """The sender's tickets in one of these states, newest first; what they only joined, where they reported none."""
    if turn.known is None or turn.chat.unit is None:
        return []
    reported = latest_of(turn.session, turn.known, turn.chat.unit)
    joined = latest_followed(turn.session, turn.known, turn.chat.unit)
    return _of_late(turn, reported, states) or _of_late(turn, joined, states)


def _of_late(turn: Turn, tickets: list[Ticket], states: tuple[str, ...]) -> list[Ticket]:
    return [t for t in tickets if t.state in states and (t.is_open or turn.said_at - t.opened_at <= OWN)]


def lately_opened(turn: Turn) -> list[Ticket]:
    """What everybody in the group has just heard of."""
    assert turn.chat.unit is not None
    tickets = open_tickets(turn.session, [turn.chat.unit.id])
    return [t for t in tickets if abs(turn.said_at - t.opened_at) <= LATELY and not t.private]
