"""Which open ticket is a line about that no reply, number or short word ties to one?"""

from bisect import bisect_right
from datetime import datetime, timedelta

from handlers.turn import Turn
from models.lines import Line, lines_before
from models.lively import Matter, lively_matters
from models.pointers import tickets_at
from models.spoken import Spoken, spoken_of
from models.talk import Candidate, Utterance
from models.tickets import Ticket

SAID = 8  # of what was said of a ticket, as much as is compared
FAR = 60  # lines beyond which it makes no difference how many there were


def meant_by(turn: Turn, pointed: list[Ticket] | None = None) -> list[Ticket]:
    """The ticket that the line is about; two, the likelier first, when they fit alike; none when none is sure."""
    matters = _open_to(turn)
    if not matters:
        return []
    heard = lines_before(turn.session, turn.chat, turn.message.message_id, turn.said_at)
    spoken, times = spoken_of(turn.session, matters), sorted([line.at for line in heard])
    ids = {t.id for t in pointed or ()}
    pick = turn.reader.thread(
        _utterance(turn, heard),
        [_candidate(turn, matter, spoken[matter.id], times, matter.id in ids) for matter in matters],
    )
    by_number = {matter.number: matter.id for matter in matters}
    fitting = (pick.best, pick.rival) if pick.rival is not None else (pick.number,)
    return [turn.session.get_one(Ticket, by_number[number]) for number in fitting if number is not None]


def just_spoken_of(turn: Turn, ticket: Ticket) -> bool:
    """Was the line before this one about the ticket?"""
    before = lines_before(turn.session, turn.chat, turn.message.message_id, turn.said_at, most=1)
    return any(line.pointed and ticket in tickets_at(turn.session, turn.chat, line.number) for line in before)


def _open_to(turn: Turn) -> list[Matter]:
    """Private matters are nobody's talk but their reporter's."""
    assert turn.chat.unit_id is not None
    since = turn.said_at - timedelta(days=turn.policy.limits.join_days)
    lively = lively_matters(turn.session, turn.chat.unit_id, since)
    return [matter for matter in lively if not matter.private or turn.reported(matter)]


def _candidate(turn: Turn, ticket: Matter, spoken: list[Spoken], times: list[datetime], pointed: bool) -> Candidate:
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
