"""The moment of 办结: who truly settled it (R22), by which way (R15), and what happens next."""

from handlers.closing.silence import wait_for_answer
from handlers.limits.clock import heard_from
from handlers.passing.ways import default_way
from handlers.rights import ABOVE, RESPONSIBLE
from handlers.turn import Turn
from models.people import Person, Post
from models.tickets import Ticket
from models.units import Unit


def end(turn: Turn, ticket: Ticket, note: str, unit: Unit | None) -> None:
    """`unit`: the level that settled it; None when the reporter did and nobody of ours had it in hand."""
    if unit is not None:
        heard_from(turn, ticket)
    ticket.note, ticket.settled_at, ticket.settled_unit = note, turn.now, unit
    guessed = not ticket.way and unit is not None
    if guessed:
        ticket.way = default_way(ticket)
    level = unit.level or unit.name if unit else ""
    more = {"level": level, "way": ticket.way, "guessed": guessed, **turn.stamp}
    ticket.move("settle", by=turn.sender, at=turn.now, note=note, **more)
    wait_for_answer(turn, ticket)


def settling_unit(person: Person, ticket: Ticket) -> Unit:
    """The unit of the post by which this person answers for the matter, the lowest first; else where it stands."""
    ladder = ticket.unit.ladder()
    answering = [post.unit for post in person.held() if post.unit in ladder and _answers(post, ticket)]
    return min(answering, key=ladder.index, default=ladder[ticket.rung])


def unit_in_hand(ticket: Ticket) -> Unit | None:
    """Whose work it was when the reporter says that it is good: nobody's, while nobody had said a word."""
    if ticket.responded_at is None:
        return None
    return ticket.unit.ladder()[ticket.rung]


def forget_guess(ticket: Ticket) -> None:
    """Taken up again: the way that we had guessed is open once more; what a person chose stands."""
    last = next((e for e in reversed(ticket.history) if e.kind == "settle"), None)
    if last is not None and last.data.get("guessed") and ticket.way == last.data.get("way"):
        ticket.way = ""


def _answers(post: Post, ticket: Ticket) -> bool:
    """The property company and helpers do not count: whoever confirmed their work settled it."""
    if post.unit != ticket.unit:
        return post.role in ABOVE
    return post.role in RESPONSIBLE and post.covers(ticket.place_key)
