"""Which ticket is a line about, when it opens none? One matter stays one ticket, and the group stays quiet."""

import re
from datetime import timedelta

from handlers.cards import is_private, refresh_card
from handlers.desk import Envelope
from handlers.intake import PHOTO_SPAN, attach, gathered
from handlers.router import Router
from handlers.summon import tell_privately
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name, clip, when
from models.heard import album_of
from models.matters import latest_of, open_tickets
from models.messages import Verdict
from models.pointers import point, tickets_at
from models.tickets import Follower, Ticket

router = Router()

CHASE_EVERY = timedelta(hours=1)  # at most one status line an hour
GENERIC = re.compile("[了没不又还都的坏人个有在问题我家们]")  # what any two complaints have in common


@router.press("join")
def join_by_button(turn: Turn) -> None:
    """［我家也是］."""
    ticket = turn.ticket("join")
    if not ticket.is_open or ticket.private:
        raise Refusal("stale_button")
    if ticket.reporter_id == turn.sender.id:
        turn.say("joined_own", number=ticket.number)
    elif follow(turn, ticket):
        turn.say("joined_toast", number=ticket.number)
    else:
        turn.say("joined_already", number=ticket.number)


def follow(turn: Turn, ticket: Ticket) -> bool:
    """Count the sender in; the card's counter is all that shows. False when they already are."""
    person = turn.sender
    if person.id == ticket.reporter_id or any(f.person_id == person.id for f in ticket.followers):
        return False
    ticket.followers.append(Follower(person_id=person.id, at=turn.now))
    ticket.record("joined", by=person, at=turn.now)
    refresh_card(turn, ticket)
    return True


def add(turn: Turn, ticket: Ticket) -> None:
    """Keep the line and its files with the ticket, and let the responsible person read it."""
    message = turn.message
    text = turn.reader.mask(turn.words)
    files, _ = gathered(turn, message)
    attach(turn, ticket, files, turn.sender)
    point(turn.session, ticket, turn.chat, message.message_id, "added")
    ticket.record("added", by=turn.sender, at=turn.now, note=text)
    turn.outcome.became("joined", ticket)
    name = turn.name
    if text:
        tell_privately(turn, ticket, "added", who=name, text=clip(text))
    elif files:
        tell_privately(turn, ticket, "added_files", who=name, count=len(files))


def keep(turn: Turn, ticket: Ticket) -> None:
    """A remark about the matter: kept for whoever opens it, and nobody is called."""
    attach_quietly(turn, ticket)
    ticket.record("added", by=turn.sender, at=turn.now, note=turn.reader.mask(turn.words), remark=True)


def chase(turn: Turn, ticket: Ticket) -> None:
    """还没人来: one status line an hour at most, and a word to the one in charge."""
    point(turn.session, ticket, turn.chat, turn.message.message_id, "added")
    ticket.record("chased", by=turn.sender, at=turn.now)
    turn.outcome.became("joined", ticket)
    if ticket.chased_at is not None and turn.now - ticket.chased_at < CHASE_EVERY:
        return
    ticket.chased_at = turn.now
    tell_privately(turn, ticket, "chased_ping", text=clip(turn.message.text))
    if ticket.private and not turn.chat.private:
        return
    name = assignee_name(turn, ticket)
    doing = turn.texts.line(f"doing_{ticket.state}", assignee=name)
    how = Envelope(ticket_id=ticket.id, silent=turn.is_quiet(), reply_to=turn.message.message_id)
    turn.say("chased", how, number=ticket.number, doing=doing, due=when(turn, ticket.due_at))


def attach_quietly(turn: Turn, ticket: Ticket) -> None:
    """The next picture of what was just said: kept, and nobody is called again."""
    attach(turn, ticket, turn.message.files, turn.sender)
    point(turn.session, ticket, turn.chat, turn.message.message_id, "added")
    turn.outcome.became("joined", ticket)


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


def same_matter(turn: Turn, verdict: Verdict) -> Ticket | None:
    """An open ticket that this report repeats: the same class at the same place, or one person's next line about it."""
    assert turn.chat.unit is not None
    limits = turn.policy.limits
    since = turn.now - timedelta(days=limits.join_days)
    for ticket in reversed(open_tickets(turn.session, [turn.chat.unit.id])):
        if ticket.opened_at < since or (verdict.urgent and not ticket.urgent):
            continue
        if _just_said(turn, ticket, timedelta(minutes=limits.join_minutes)) and not another(ticket, verdict):
            return ticket
        if _repeats(turn, ticket, verdict):
            return ticket
    return None


def only_meant(turn: Turn) -> Ticket | None:
    """The one open ticket that a short +1 or 还没人来 without a reply can mean: the only one lately spoken of."""
    assert turn.chat.unit is not None
    since = turn.now - timedelta(minutes=60)
    lately = [t for t in open_tickets(turn.session, [turn.chat.unit.id]) if t.opened_at >= since and not t.private]
    return lately[0] if len(lately) == 1 else None


def own_matter(turn: Turn, *states: str) -> Ticket | None:
    """The sender's only ticket in one of these states, for 好了 and 没好 without a reply."""
    if turn.known is None or turn.chat.unit is None:
        return None
    recent = turn.now - timedelta(days=14)
    own = [t for t in latest_of(turn.session, turn.known, turn.chat.unit) if t.opened_at >= recent or t.is_open]
    fitting = [t for t in own if t.state in states]
    return fitting[0] if len(fitting) == 1 else None


def another(ticket: Ticket, verdict: Verdict) -> bool:
    """Is the report about something else, though the same person speaks? It stands apart, or names a door for the
    first time and another class: 2号楼电梯又坏了 after a quarrel is no word about the quarrel.
    """
    first_door = verdict.place is not None and numbered(verdict.place.key) and not numbered(ticket.place_key)
    return apart(ticket, verdict) or (first_door and verdict.category != ticket.category)


def apart(ticket: Ticket, verdict: Verdict) -> bool:
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
    """Does a neighbour name their door and another trouble? The lift and the lamp of one building are two matters."""
    if verdict.place is None or not numbered(verdict.place.key) or turn.reported(ticket):
        return False
    theirs, mine = turn.message.text.replace(verdict.place.text, ""), ticket.text.replace(ticket.place, "")
    return not alike(mine, theirs)


def numbered(place_key: str) -> bool:
    return any(c.isdigit() for c in place_key)


def _repeats(turn: Turn, ticket: Ticket, verdict: Verdict) -> bool:
    """Somebody else's report of the same: class, place and thing. A private matter is joined by its reporter only."""
    if ticket.category != verdict.category or ticket.place_key != (verdict.place.key if verdict.place else ""):
        return False
    if ticket.private and not turn.reported(ticket):
        return False
    return alike(ticket.thing, verdict.thing) if ticket.place_key else ticket.thing == verdict.thing


def alike(one: str, other: str) -> bool:
    """Do two texts share a telling word? 路灯坏了 and 路灯不亮 do, 路灯坏了 and 电梯坏了 do not."""
    pairs = {one[i : i + 2] for i in range(len(one) - 1)}
    return one == other or any(p in other for p in pairs if not GENERIC.search(p))


def _just_said(turn: Turn, ticket: Ticket, span: timedelta) -> bool:
    return turn.reported(ticket) and turn.now - ticket.opened_at <= span


def _just_reported(turn: Turn) -> Ticket | None:
    """The open ticket of the sender that is not older than a picture may be late."""
    assert turn.chat.unit is not None
    for ticket in reversed(open_tickets(turn.session, [turn.chat.unit.id])):
        if _just_said(turn, ticket, PHOTO_SPAN):
            return ticket
    return None
