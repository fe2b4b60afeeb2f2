"""In which unit staff may enter a matter, and where its card then stands."""

import re

from handlers.rights import ABOVE, RESPONSIBLE, is_member
from handlers.turn import Turn
from models.chats import Chat, groups_of
from models.people import Person
from models.units import Unit, children, subtree, tree

GRID = re.compile(r"第?([0-9一二三四五六七八九十]+)网格")


def units_to_enter(turn: Turn) -> list[Unit]:
    """The lowest units that the sender answers for, here or, in private chat, anywhere."""
    mine = _answers_for(turn, turn.known) if turn.known else []
    if turn.chat.private or turn.chat.unit is None:
        return mine
    here = subtree(turn.session, turn.chat.unit)
    if turn.chat.kind != "staff":
        here = here[:1]
    found = [u for u in mine if u.id in here]
    return found or ([turn.chat.unit] if is_member(turn.known, turn.chat.unit) else [])


def unit_meant(turn: Turn, text: str) -> Unit | None:
    """The only one, or the one that the words name."""
    units = units_to_enter(turn)
    if len(units) == 1:
        return units[0]
    named = [u for u in units if u.name in text] or [u for u in units if _grid_in(u.name, text)]
    return named[0] if len(named) == 1 else None


def home_of(turn: Turn, unit: Unit) -> Chat:
    """Where the neighbours read the card: the unit's group of residents, else its staff group, else here."""
    kinds = ("residents", "staff")
    groups = [g for kind in kinds for g in groups_of(turn.session, [unit.id], kind) if g.channel == turn.chat.channel]
    return groups[0] if groups else turn.chat


def outside_own_building(person: Person, unit: Unit, place_key: str) -> bool:
    """A building contact enters what is in their building; every other post is for the whole unit."""
    here = [p for p in person.held() if p.unit == unit and p.role in RESPONSIBLE]
    above = any(p.unit in unit.above() and p.role in ABOVE for p in person.held())
    return not above and not any(p.role != "building_contact" or p.covers(place_key) for p in here)


def _answers_for(turn: Turn, person: Person) -> list[Unit]:
    found: dict[int, Unit] = {}
    for post in person.held():
        if post.role in RESPONSIBLE:
            below = tree(turn.session, post.unit) if post.role in ABOVE else [post.unit]
            lowest = [u for u in below if not children(turn.session, u)] if len(below) > 1 else below
            found.update((u.id, u) for u in lowest)
    return list(found.values())


def _grid_in(name: str, text: str) -> bool:
    """幸福里第3网格 is meant by 3网格."""
    tail, said = GRID.search(name), GRID.search(text)
    return tail is not None and said is not None and tail[1] == said[1]
