"""Whom a matter concerns, counted by household: the door where one is known, else the account. Nobody is asked."""

import re

from handlers.cards import refresh_card
from handlers.desk import Envelope
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wishes import offer_to_raise
from models.chats import private_chat
from models.followers import Follower
from models.matters import latest_of
from models.messages import Press
from models.people import Person
from models.secrets import keyed_hash
from models.tickets import Ticket
from models.units import Unit

router = Router()

ROOM = re.compile(r"\d{3,4}")
OWN_ROOM = re.compile(r"(?:我|咱|俺)们?家\s*((?:\d{1,2}-)*\d{3,4})(?!\d)|(?<![\d.:-])(\d{3,4})(?=室|也|家|同样|一样)")


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
    if person.id == ticket.reporter_id:
        return False
    name_reporters(turn, ticket)
    follower, mark = ticket.follower(person), account_mark(turn, ticket, person)
    known = follower is not None
    if follower is None:
        follower = returning(ticket, mark) or Follower(mark=mark, at=turn.now)
        follower.person, follower.chat_id = person, None if turn.chat.private else turn.chat.id
    if follower not in ticket.followers:
        ticket.followers.append(follower)
    if (door := told_door(turn, ticket)) or not follower.household:
        follower.household = household(turn, ticket, person, door)
    if not known:
        said = {} if isinstance(turn.event, Press) else {"message": turn.event.message_id}
        ticket.record("joined", by=person, at=turn.now, **said, **turn.stamp)
        _tell_far_away(turn, ticket)
    offer_to_raise(turn, ticket)
    refresh_card(turn, ticket)
    return not known


def _tell_far_away(turn: Turn, ticket: Ticket) -> None:
    """Who joins by a line in another group sees no card there: a private word, where that is possible."""
    if isinstance(turn.event, Press) or turn.chat.private or turn.chat.id == ticket.chat_id:
        return
    chat = private_chat(turn.session, turn.sender, turn.chat.channel, turn.chat.account)
    if chat is not None:
        how = Envelope(kind="reminder", ticket_id=ticket.id, due_at=turn.after_quiet())
        turn.write(chat, turn.texts.segments("joined_toast", number=ticket.number), how)


def name_reporters(turn: Turn, ticket: Ticket) -> None:
    """The reporter's own household, asked for when the first neighbour joins."""
    if not ticket.household and ticket.reporter is not None:
        ticket.household = _household(turn, ticket, ticket.unit, ticket.reporter, whole_door(ticket.place_key, ""))


def household(turn: Turn, ticket: Ticket, person: Person, door: str = "") -> str:
    """A keyed hash that two persons of one door share. `door`: as just told, "" when nothing was."""
    return _household(turn, ticket, turn.chat.unit or ticket.unit, person, door)


def _household(turn: Turn, ticket: Ticket, unit: Unit, person: Person, door: str) -> str:
    door = door or door_before(turn, person, unit)
    return keyed_hash(turn.session, "door", unit.id, door) if door else account_mark(turn, ticket, person)


def account_mark(turn: Turn, ticket: Ticket, person: Person) -> str:
    """Recognises the same account after its person was forgotten."""
    identity = person.identity(ticket.chat.channel) or next(iter(person.identities), None)
    if identity is None:
        return keyed_hash(turn.session, "person", person.id)
    return keyed_hash(turn.session, "account", identity.channel, identity.external_id)


def returning(ticket: Ticket, mark: str) -> Follower | None:
    """The place that this account left behind when it was forgotten."""
    return next((f for f in ticket.followers if f.person_id is None and f.mark == mark), None)


def told_door(turn: Turn, ticket: Ticket) -> str:
    """The speaker's door, if the line that joins names one: 3号楼2单元501, or 我家501 beside a ticket of 3号楼2单元."""
    if turn.command is not None:
        return ""
    text = turn.message.text
    own = OWN_ROOM.search(text)
    place = turn.verdict.place or turn.reader.place(text, turn.ground.landmarks)
    named = place.key if place else ""
    if own and not ROOM.fullmatch(named.rpartition("-")[2]):
        room = own[1] or own[2]
        named = f"{named}-{room}" if named[:1].isdigit() and "-" not in room else room
    return whole_door(named, ticket.place_key)


def door_before(turn: Turn, person: Person, unit: Unit) -> str:
    """The door that this person named when they last reported something here; a quarrel names somebody else's."""
    doors = (whole_door(t.place_key, "") for t in latest_of(turn.session, person, unit) if not t.private)
    return next((door for door in doors if door), "")


def whole_door(named: str, beside: str) -> str:
    """The door with its building, filled in from the place that it was named beside; "" when it stays unknown.

    501 beside 3-2 is 3-2-501, and so is ?-2-501; 501 alone may be anywhere.
    """
    *building, room = named.split("-")
    if not ROOM.fullmatch(room):
        return ""
    around = [part for part in beside.split("-") if part.isdigit() and not ROOM.fullmatch(part)]
    if len(around) >= len(building) and all(p in ("?", a) for p, a in zip(building, around, strict=False)):
        building = around
    return "-".join([*building, room]) if building and "?" not in building else ""
