"""A burst pipe has twelve neighbours write at once, each in other words: while it is fresh, all of them mean it."""

from datetime import timedelta

from handlers.about import just_spoken_of
from handlers.joining import may_be_one, numbered
from handlers.turn import Turn
from models.lively import Matter, spoken_since
from models.messages import Verdict
from models.spoken import spoken_of
from models.tickets import Ticket

FRESH = timedelta(minutes=15)  # since anybody last spoke of it
OTHER_WORDS = ("done", "take", "confirmed", "metoo")  # short words that say something of their own


def outbreak(turn: Turn) -> Ticket | None:
    """The one fresh matter of the subject that the line speaks of, at a place that may be the same.

    A line that is no issue by itself must follow directly on a line about it.
    """
    verdict = turn.verdict
    subjects = turn.reader.subjects(turn.message.text) if _may_tell(turn) else frozenset()
    if not subjects:
        return None
    found = [t for t in _fresh(turn) if subjects & turn.reader.subjects(t.text) and _may_be_there(turn, t, verdict)]
    if len(found) != 1:
        return None
    if verdict.speech == "chase" and turn.said_at - found[0].opened_at > FRESH:
        return None  # 电怎么还不来 adds a household to what is new, and asks how far it is later
    ticket = turn.session.get_one(Ticket, found[0].id)
    return ticket if verdict.decision != "ignore" or just_spoken_of(turn, ticket) else None


def _may_tell(turn: Turn) -> bool:
    return turn.speaker().role == "resident" and not turn.verdict.also and turn.verdict.speech not in OTHER_WORDS


def _fresh(turn: Turn) -> list[Matter]:
    assert turn.chat.unit is not None
    lately = spoken_since(turn.session, turn.chat.unit.id, turn.said_at - FRESH)
    matters = [m for m in lately if not m.private and not m.wish]
    spoken = spoken_of(turn.session, matters)
    return [m for m in matters if spoken[m.id] and turn.said_at - spoken[m.id][-1].at <= FRESH]


def _may_be_there(turn: Turn, ticket: Matter, verdict: Verdict) -> bool:
    """Danger never hides in what is not urgent; another building is another matter, and so is a place with a name."""
    if verdict.urgent and not ticket.urgent:
        return False
    place = verdict.place or turn.reader.place(turn.message.text)
    here, there = place.key if place else "", ticket.place_key
    if turn.reader.anywhere(here) or here == there:
        return True
    if numbered(here):
        return may_be_one(here, there) if numbered(there) else turn.reader.anywhere(there)
    return False
