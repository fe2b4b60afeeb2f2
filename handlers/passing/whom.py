"""Whom the words mean: somebody by mention, reply or name, a role (物业, 调解员), a department or another unit."""

import re
from dataclasses import dataclass

from handlers.duty.roster import read_roster
from handlers.passing.helpers import BESIDE
from handlers.summon import choose_assignee
from handlers.turn import Refusal, Turn
from handlers.wording import listed
from models.messages import Incoming, Sender
from models.people import Person, people_called, posts_of_role
from models.tickets import Ticket
from models.units import Unit, unit_named, units_ending

PARTED = re.compile(r"[\s、，,;；]+")


@dataclass(frozen=True)
class Named:
    """`unit`: set where a unit was named and not a person; `role`: where they were called by it."""

    person: Person
    unit: Unit | None = None
    role: str = ""


def named(turn: Turn, ticket: Ticket, written: str) -> list[Named]:
    """Everybody whom these words name; the writer of the message that they answer where they name nobody.

    Refuses what is unknown or may mean several.
    """
    people, rest = _mentioned(turn, written)
    words = [word for word in PARTED.split(rest) if word]
    found = [Named(p) for p in people] + [_by_word(turn, ticket, word) for word in words]
    return list({n.person.id: n for n in found}.values()) or _answered(turn)


def _mentioned(turn: Turn, written: str) -> tuple[list[Person], str]:
    """Those called by a mention, and the words without it. A bare @name is looked for like any other word."""
    message = turn.event
    people = []
    for m in message.mentions if isinstance(message, Incoming) else ():
        shown = message.text[m.start : m.end] if isinstance(message, Incoming) else ""
        if m.kind == "user" and m.id is not None and shown in written:
            people.append(turn.person(Sender(m.id, m.name)))
            written = written.replace(shown, " ", 1)
    return people, written


def _answered(turn: Turn) -> list[Named]:
    quoted = turn.event.reply_to if isinstance(turn.event, Incoming) else None
    if quoted is None or quoted.sender is None or quoted.sender.kind != "user" or quoted.sender.id is None:
        return []
    return [Named(turn.person(quoted.sender))]


def _by_word(turn: Turn, ticket: Ticket, word: str) -> Named:
    """A unit by its whole name, a role, a person, and last a unit by the end of its name."""
    if unit := unit_named(turn.session, word):
        return _of_unit(turn, unit)
    if role := _role(turn, word):
        return _of_role(turn, ticket, role, word)
    people = _called(turn, ticket, word)
    if len(people) == 1:
        return Named(people[0])
    units = [] if people else units_ending(turn.session, word)
    if len(units) == 1:
        return _of_unit(turn, units[0])
    raise Refusal("whom_several" if people or units else "whom_unknown", name=word)


def _of_unit(turn: Turn, unit: Unit) -> Named:
    """Who answers for it: a department's own people, else who is on duty there."""
    own = read_roster(turn, unit).posted(unit, turn.now, ("department",))
    person = own[0].person if own else choose_assignee(turn, unit, turn.chat.channel)
    if person is None:
        raise Refusal("unit_nobody", unit=unit.name)
    return Named(person, unit)


def _role(turn: Turn, word: str) -> str:
    words = {w.lower(): role for role, name in turn.texts.table("roles").items() for w in (role, name)}
    return words.get(word.lower(), "")


def _of_role(turn: Turn, ticket: Ticket, role: str, word: str) -> Named:
    """The nearest who holds it: in the unit or above it, else anywhere if there is only one."""
    roster = read_roster(turn, ticket.unit)
    for unit in ticket.unit.ladder():
        if near := roster.posted(unit, turn.now, (role,), ticket.place_key):
            return Named(near[0].person, None, role)
    posts = posts_of_role(turn.session, role) if role in BESIDE else []
    if len({p.person_id for p in posts}) == 1:
        return Named(posts[0].person, None, role)
    if posts:
        raise Refusal("whom_which", name=word, names=listed(turn, dict.fromkeys(p.unit.name for p in posts)))
    raise Refusal("whom_unknown", name=word)


def _called(turn: Turn, ticket: Ticket, word: str) -> list[Person]:
    """People of this name who hold a post; of several, those of the ticket's own unit and above."""
    people = [p for p in people_called(turn.session, turn.chat.channel, word) if p.held()]
    ladder = ticket.unit.ladder()
    near = [p for p in people if any(post.unit in ladder for post in p.held())]
    return near if len(people) > 1 and near else people
