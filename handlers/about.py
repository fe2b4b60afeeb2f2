"""Which open ticket is a line about that no reply, number or short word ties to one?"""

from bisect import bisect_right
from datetime import datetime, timedelta

from handlers.turn import Turn
from models.heard import heard_before
from models.pointers import tickets_at
from models.spoken import Line, Spoken, lines_before, lively_tickets, spoken_of
from models.talk import Candidate, Utterance
from models.tickets import Ticket

SAID = 8  # of what was said of a ticket, as much as is compared
FAR = 60  # lines beyond which it makes no difference how many there were


def meant_by(turn: Turn, pointed: list[Ticket] | None = None) -> list[Ticket]:
    """The ticket that the line is about; two, the likelier first, when they fit alike; none when none is sure."""
    tickets = _open_to(turn)
    if not tickets:
        return []
    heard = lines_before(turn.session, turn.chat, turn.message.message_id, turn.said_at)
    spoken, times = spoken_of(turn.session, tickets), sorted([line.at for line in heard])
    pick = turn.reader.thread(
        _utterance(turn, heard),
        [_candidate(turn, t, spoken[t.id], times, t in (pointed or [])) for t in tickets],
    )
    by_number = {t.number: t for t in tickets}
    fitting = (pick.best, pick.rival) if pick.rival is not None else (pick.number,)
    return [by_number[number] for number in fitting if number is not None]


def just_spoken_of(turn: Turn, ticket: Ticket) -> bool:
    """Was the line before this one about the ticket?"""
    before = heard_before(turn.session, turn.chat, turn.message.message_id, turn.said_at)
    return before is not None and ticket in tickets_at(turn.session, turn.chat, before.message_id)


def _open_to(turn: Turn) -> list[Ticket]:
    """Private matters are nobody's talk but their reporter's."""
    assert turn.chat.unit_id is not None
    since = turn.said_at - timedelta(days=turn.policy.limits.join_days)
    lively = lively_tickets(turn.session, turn.chat.unit_id, since)
    return [t for t in lively if not t.private or turn.reported(t)]


def _candidate(turn: Turn, ticket: Ticket, spoken: list[Spoken], times: list[datetime], pointed: bool) -> Candidate:
    """`times`: when the last lines of the group were said, in order."""
    me = turn.known.id if turn.known else None
    last = spoken[-1].at if spoken else ticket.opened_at
    between = len(times) - bisect_right(times, last)
    minutes = (turn.said_at - last).total_seconds() / 60
    if times and times[0] > last:  # older than our memory of lines: about one a minute
        between = max(between, min(int(minutes), FAR))
    return Candidate(
        number=ticket.number,
        texts=(ticket.text, *(s.note for s in spoken[-SAID:] if s.note)),
        category=ticket.category,
        place_key=ticket.place_key,
        minutes=minutes,
        lines=between,
        same_person=me is not None and any(s.by_id == me for s in spoken),
        last_speaker=me is not None and bool(spoken) and spoken[-1].by_id == me,
        pointed=pointed,
        settled=not ticket.is_open,
    )


def _utterance(turn: Turn, heard: list[Line]) -> Utterance:
    message, speaker = turn.message, turn.speaker()
    before = heard[0] if heard else None
    own = next((h for h in heard if h.sender_id == message.sender.id), None)
    chatters = own is not None and not own.pointed
    return Utterance(
        text=message.text,
        verdict=turn.verdict,
        role=speaker.role,
        photo=speaker.photo,
        replies=speaker.reply,
        after_own_chatter=chatters and before is own,
        after_staff=before is not None and before.staff,
        chatters=chatters,
    )
