"""Who may do what: one table, asked by every command, word and button."""

from typing import Literal

from models.chats import Chat
from models.interest import closed_units, kept_from
from models.matters import has_matters_in
from models.messages import PRIVATE_CATEGORY
from models.parties import Party
from models.people import Person, Post
from models.tickets import Ticket
from models.units import Unit

Standing = Literal["resident", "reporter", "follower", "responsible", "above", "helper", "property"]
Right = Literal[
    "see", "see_private", "join", "answer", "confirm", "reopen", "settle", "take", "class", "void", "void_hard",
    "merge", "split", "raise", "up", "transfer", "joint", "way", "part", "ask_above", "side", "propose",
]  # fmt: skip

RESPONSIBLE = frozenset({"grid_member", "deputy", "building_contact", "cadre", "supervisor"})
CADRES = frozenset({"cadre", "supervisor"})
ABOVE = frozenset({"grid_member", "deputy", "cadre", "supervisor"})

RIGHTS: dict[Right, frozenset[Standing]] = {
    "see": frozenset({"resident", "reporter", "responsible", "above", "helper"}),
    "see_private": frozenset({"reporter", "responsible", "above", "helper"}),  # and only in private chat
    "join": frozenset({"resident", "reporter", "responsible", "above"}),
    "settle": frozenset({"responsible", "above"}),
    "take": frozenset({"responsible", "above"}),
    "class": frozenset({"responsible", "above"}),
    "void": frozenset({"responsible", "above"}),
    "void_hard": frozenset({"above"}),  # overdue or reopened: nobody clears their own delay
    "reopen": frozenset({"reporter", "responsible", "above"}),
    "confirm": frozenset({"reporter"}),
    "answer": frozenset({"reporter", "follower"}),
    "merge": frozenset({"responsible", "above"}),
    "split": frozenset({"responsible", "above"}),
    "raise": frozenset({"responsible", "above"}),
    "up": frozenset({"responsible", "above"}),
    "transfer": frozenset({"responsible", "above"}),
    "joint": frozenset({"responsible", "above"}),
    "way": frozenset({"responsible", "above"}),
    "ask_above": frozenset({"responsible", "above"}),  # 延期, 挂账, 退回, 依法终结: asked for, and decided above
    "propose": frozenset({"property"}),
    "side": frozenset({"responsible", "above"}),  # to name the other side of a private matter
    "part": frozenset({"helper"}),  # 办好了 of a helper is about their own part
}


def standings(person: Person | None, chat: Chat, ticket: Ticket) -> frozenset[Standing]:
    """What this person, speaking in this chat, is to the ticket; nothing at all for another group or a stranger."""
    if not _in_sight(chat, ticket):
        return frozenset()
    if person is not None and (kept_from(person, ticket) or ticket.opposes(person)):
        return frozenset({"resident"} if not chat.private and _is_neighbour(person, chat, ticket) else ())
    found = _held(person, ticket) if person is not None else set()
    if _is_neighbour(person, chat, ticket):
        found.add("resident")
    if person is not None and ticket.reporter_id == person.id and (chat.private or found):
        found.add("reporter")
    if person is not None and ticket.follower(person) is not None and (chat.private or found):
        found.add("follower")
    return frozenset(found)


def may(right: Right, person: Person | None, chat: Chat, ticket: Ticket) -> bool:
    return bool(RIGHTS[right] & standings(person, chat, ticket))


def in_charge(person: Person | None, chat: Chat, ticket: Ticket) -> bool:
    """May this person read of it here among what they answer for? A matter about somebody is not for their level."""
    return ticket.about is None or bool(standings(person, chat, ticket) & {"responsible", "above"})


def may_run(person: Person | None, unit: Unit | None) -> bool:
    """/setup, /assign, /talk: the level above the member, by a cadre's post in the unit or any post above it."""
    return _posted(person, unit, CADRES)


def is_member(person: Person | None, unit: Unit | None) -> bool:
    """Does this person answer for the unit, here or from above?"""
    return _posted(person, unit, RESPONSIBLE)


def _posted(person: Person | None, unit: Unit | None, here: frozenset[str]) -> bool:
    """One of these posts in the unit, or any above it that counts."""
    if person is None or unit is None:
        return False
    above = unit.above()
    return any((p.unit == unit and p.role in here) or (p.unit in above and p.role in ABOVE) for p in person.held())


def _held(person: Person, ticket: Ticket) -> set[Standing]:
    found: set[Standing] = set()
    above, closed = ticket.unit.above(), closed_units(ticket)
    for post in person.held():
        if post.unit in closed:
            continue
        if post.unit == ticket.unit and post.role in RESPONSIBLE and post.covers(ticket.place_key):
            found.add("responsible")
        if post.unit in above and post.role in ABOVE:
            found.add("above")
        if post.role == "property" and not ticket.private and _serves(post, ticket):
            found.add("property")
    if ticket.assignee_id == person.id:
        found.add("responsible")
    if (party := ticket.helper(person)) is not None and _knows(party, ticket):
        found.add("helper")
    return found


def _serves(post: Post, ticket: Ticket) -> bool:
    return post.unit in ticket.unit.ladder() and post.covers(ticket.place_key)


def _knows(party: Party, ticket: Ticket) -> bool:
    """Who was called before the matter became private was not called to what is private."""
    since = [e.data["after"] for e in ticket.history if e.kind == "class" and e.at > party.at]
    return not ticket.private or PRIVATE_CATEGORY not in since


def _is_neighbour(person: Person | None, chat: Chat, ticket: Ticket) -> bool:
    """In the group everybody is; in private who has a matter of their own in the same unit."""
    if chat.private:
        return person is not None and has_matters_in(person, ticket.unit_id)
    return _is_home(chat, ticket) or joined_from(chat, ticket)


def _is_home(chat: Chat, ticket: Ticket) -> bool:
    """A group of its unit, or the one in which it was reported before another unit got it."""
    return chat.unit_id == ticket.unit_id or chat.id == ticket.chat_id


def joined_from(chat: Chat, ticket: Ticket) -> bool:
    """A wish stands above its grid, and 并案 may join two: who joined is told where they did, and may answer there."""
    return not ticket.private and any(f.chat_id == chat.id for f in ticket.followers)


def _in_sight(chat: Chat, ticket: Ticket) -> bool:
    """Can this chat speak of the ticket? Its own grid's groups, those from which somebody joined, staff groups above,
    and private chats.
    """
    if chat.kind == "staff" and chat.unit in closed_units(ticket):
        return False
    if chat.private or _is_home(chat, ticket) or joined_from(chat, ticket):
        return True
    return chat.kind == "staff" and chat.unit in ticket.unit.above()
