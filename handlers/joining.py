"""Which ticket is a line about, when it opens none? One matter stays one ticket, and the group stays quiet."""

import re
from datetime import timedelta

from handlers.cards import is_private
from handlers.intake import PHOTO_SPAN
from handlers.turn import Turn
from handlers.wishes import standing_wish, wish_of
from models.heard import album_of
from models.matters import Joinable, joinable_tickets, open_tickets
from models.messages import Verdict
from models.pointers import as_one, tickets_at
from models.tickets import Ticket

BARE_FLOOR = re.compile(r"负?\d+层")
GENERIC = re.compile("[了没不又还都的坏人个有在问题我家们]")  # what any two complaints have in common


def pictured_ticket(turn: Turn) -> Ticket | None:
    """For a picture without words: the ticket that its album, or what its sender said a moment ago, belongs to."""
    message = turn.message
    if message.text.strip() or not message.files:
        return None
    if message.album_id:
        rows = album_of(turn.session, turn.chat, message.album_id)
        known = [t for row in rows for t in tickets_at(turn.session, turn.chat, row.message_id)]
        if known:
            return known[0]
    return None if message.reply_to else _just_reported(turn)


def same_matter(turn: Turn, verdict: Verdict, *, in_a_row: bool = True) -> Ticket | None:
    """An open ticket that this report repeats: the same class at the same place, or one person's next line about it; of
    a wish for all, whichever stands. Not `in_a_row`: that the same person spoke a moment ago means nothing.
    """
    assert turn.chat.unit is not None
    if wish := standing_wish(turn, turn.chat, verdict):
        return wish
    limits = turn.policy.limits
    since = turn.said_at - timedelta(days=limits.join_days)
    for known in reversed(joinable_tickets(turn.session, [turn.chat.unit.id], since)):
        if verdict.urgent and not known.urgent:
            continue
        just_said = in_a_row and _just_said(turn, known, timedelta(minutes=limits.join_minutes))
        if just_said and not another(known, verdict):
            ticket = turn.session.get_one(Ticket, known.id)
            ticket.wish = ticket.wish or wish_of(turn.chat, verdict)  # 老人没地方去, then what they wish for
            return as_one(ticket)
        if _repeats(turn, known, verdict):
            return as_one(turn.session.get_one(Ticket, known.id))
    return None


def another(ticket: Ticket | Joinable, verdict: Verdict) -> bool:
    """Is the report about something else, though the same person speaks? It stands apart, or names a door for the
    first time and another class: 2号楼电梯又坏了 after a quarrel is no word about the quarrel. A wish for all is none
    about a matter of one place.
    """
    wishes = bool(verdict.wish) and not ticket.wish and bool(ticket.place_key)
    first_door = verdict.place is not None and numbered(verdict.place.key) and not numbered(ticket.place_key)
    return wishes or apart(ticket, verdict) or (first_door and verdict.category != ticket.category)


def apart(ticket: Ticket | Joinable, verdict: Verdict) -> bool:
    """Must the report stand alone? A dispute never joins a public matter, and another door is another matter;
    楼道 can be anywhere.
    """
    if is_private(verdict) and not ticket.private:
        return True
    mine, theirs = ticket.place_key, verdict.place.key if verdict.place else ""
    return numbered(mine) and numbered(theirs) and not may_be_one(mine, theirs)


def may_be_one(mine: str, theirs: str) -> bool:
    """3 and 3-2 may be one door, and so may 3-2 and ?-2 (2单元 of a building not named); 3 and 5 are not."""
    pairs = zip(mine.split("-"), theirs.split("-"), strict=False)
    return all(one == other or "?" in (one, other) for one, other in pairs)


def other_thing(turn: Turn, ticket: Ticket, verdict: Verdict) -> bool:
    """Does a neighbour name their door and another trouble? The lift and the lamp of one building are two matters, and
    so are two broken chargers and the wish for more.
    """
    if verdict.wish != ticket.wish and not turn.reported(ticket):
        return True
    if verdict.place is None or not numbered(verdict.place.key) or turn.reported(ticket):
        return False
    theirs, mine = turn.message.text.replace(verdict.place.text, ""), ticket.text.replace(ticket.place, "")
    return not alike(mine, theirs)


def numbered(place_key: str) -> bool:
    """Does it name a building? A bare floor may be anywhere."""
    return any(c.isdigit() for c in place_key) and not BARE_FLOOR.fullmatch(place_key)


def _repeats(turn: Turn, ticket: Joinable, verdict: Verdict) -> bool:
    """Somebody else's report of the same: class, place and thing. A private matter is joined by its reporter only."""
    here = verdict.place.key if verdict.place else ""
    if (ticket.category, ticket.wish, ticket.place_key) != (verdict.category, verdict.wish, here):
        return False
    if ticket.private and not turn.reported(ticket):
        return False
    return alike(ticket.thing, verdict.thing) if ticket.place_key else ticket.thing == verdict.thing


def alike(one: str, other: str) -> bool:
    """Do two texts share a telling word? 路灯坏了 and 路灯不亮 do, 路灯坏了 and 电梯坏了 do not."""
    pairs = {one[i : i + 2] for i in range(len(one) - 1)}
    return one == other or any(p in other for p in pairs if not GENERIC.search(p))


def _just_said(turn: Turn, ticket: Ticket | Joinable, span: timedelta) -> bool:
    return turn.reported(ticket) and abs(turn.said_at - ticket.opened_at) <= span


def _just_reported(turn: Turn) -> Ticket | None:
    """The open ticket of the sender that is not older than a picture may be late."""
    assert turn.chat.unit is not None
    if turn.known is None:
        return None  # most stickers: whoever sends them never reported anything
    for ticket in reversed(open_tickets(turn.session, [turn.chat.unit.id])):
        if _just_said(turn, ticket, PHOTO_SPAN):
            return ticket
    return None
