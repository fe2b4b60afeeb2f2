"""What must hold between the units, people and groups of the file, and what is merely odd."""

from collections import Counter
from collections.abc import Iterator

from bot.config.faults import Fault, did_you_mean, fault
from bot.config.roll import Roll
from models.people import ON_DUTY


def place(section: str, number: int, name: str = "") -> str:
    """How a list entry is called in a fault: people[2 张利萍], counted from 1 as people count."""
    return f"{section}[{number} {name}]" if name else f"{section}[{number}]"


def roll_faults(roll: Roll, language: str) -> list[Fault]:
    """What makes the roll unusable."""
    checks = (_unit_names, _parents, _cycles, _posts, _groups, _grid_members, _same_accounts)
    return [found for check in checks for found in check(roll, language)]


def roll_warnings(roll: Roll, language: str) -> list[Fault]:
    """What will work, but not as somebody may expect."""
    checks = (_empty_levels, _unreachable, _idle_scopes, _namesakes, _odd_group_ids)
    return [found for check in checks for found in check(roll, language)]


def _unit_names(roll: Roll, language: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, unit in enumerate(roll.units, 1):
        if unit.name in seen:
            yield fault(language, place("units", number, unit.name) + ".name", "unit_twice", name=unit.name)
        seen.add(unit.name)


def _unknown_unit(roll: Roll, language: str, key: str, name: str) -> Iterator[Fault]:
    names = [unit.name for unit in roll.units]
    if name not in names:
        yield fault(language, key, "unit_unknown", did_you_mean(language, name, names), name=name)


def _parents(roll: Roll, language: str) -> Iterator[Fault]:
    for number, unit in enumerate(roll.units, 1):
        if unit.parent is not None:
            yield from _unknown_unit(roll, language, place("units", number, unit.name) + ".parent", unit.parent)


def _cycles(roll: Roll, language: str) -> Iterator[Fault]:
    parents = {unit.name: unit.parent for unit in roll.units}
    for number, unit in enumerate(roll.units, 1):
        path = _path_up(unit.name, parents)
        if path[-1] == unit.name and len(path) > 1:
            key = place("units", number, unit.name) + ".parent"
            yield fault(language, key, "unit_cycle", path=" → ".join(path))


def _path_up(name: str, parents: dict[str, str | None]) -> list[str]:
    """The names from here to the top, ending at the first name that comes a second time."""
    path = [name]
    while (above := parents.get(path[-1])) is not None:
        path.append(above)
        if above in path[:-1]:
            break
    return path


def _posts(roll: Roll, language: str) -> Iterator[Fault]:
    for number, person in enumerate(roll.people, 1):
        for count, post in enumerate(person.posts, 1):
            key = f"{place('people', number, person.name)}.posts[{count}].unit"
            yield from _unknown_unit(roll, language, key, post.unit)


def _groups(roll: Roll, language: str) -> Iterator[Fault]:
    seen: set[int] = set()
    for number, group in enumerate(roll.groups, 1):
        yield from _unknown_unit(roll, language, place("groups", number) + ".unit", group.unit)
        if group.telegram in seen:
            yield fault(language, place("groups", number) + ".telegram", "group_twice", id=group.telegram)
        seen.add(group.telegram)


def _grid_members(roll: Roll, language: str) -> Iterator[Fault]:
    """A unit with other units below needs none; nor does a department, which stands beside the ladder."""
    with_group = {group.unit for group in roll.groups}
    for number, unit in enumerate(roll.units, 1):
        answers = roll.roles_in(unit.name) & {"grid_member", "department"}
        if unit.name in with_group and not answers and not roll.has_below(unit.name):
            yield fault(language, place("units", number, unit.name), "no_grid_member", name=unit.name)


def _same_accounts(roll: Roll, language: str) -> Iterator[Fault]:
    owner: dict[int, str] = {}
    for number, person in enumerate(roll.people, 1):
        if person.telegram is None:
            continue
        if person.telegram in owner:
            key = place("people", number, person.name) + ".telegram"
            yield fault(language, key, "person_twice", id=person.telegram, other=owner[person.telegram])
        owner.setdefault(person.telegram, person.name)


def _empty_levels(roll: Roll, language: str) -> Iterator[Fault]:
    for number, unit in enumerate(roll.units, 1):
        if roll.has_below(unit.name) and not roll.roles_in(unit.name) & {"cadre", "supervisor"}:
            yield fault(language, place("units", number, unit.name), "empty_level", name=unit.name)


def _unreachable(roll: Roll, language: str) -> Iterator[Fault]:
    for number, person in enumerate(roll.people, 1):
        if person.telegram is None and any(post.role in ON_DUTY for post in person.posts):
            yield fault(language, place("people", number, person.name) + ".telegram", "unreachable", name=person.name)


def _idle_scopes(roll: Roll, language: str) -> Iterator[Fault]:
    for number, person in enumerate(roll.people, 1):
        for count, post in enumerate(person.posts, 1):
            if post.scope and post.role != "building_contact":
                key = f"{place('people', number, person.name)}.posts[{count}].scope"
                yield fault(language, key, "idle_scope", role=post.role)


def _namesakes(roll: Roll, language: str) -> Iterator[Fault]:
    times = Counter(person.name for person in roll.people)
    without_id = {person.name for person in roll.people if person.telegram is None}
    for number, person in enumerate(roll.people, 1):
        if times[person.name] > 1 and person.name in without_id:
            yield fault(language, place("people", number, person.name) + ".name", "namesake", name=person.name)


def _odd_group_ids(roll: Roll, language: str) -> Iterator[Fault]:
    for number, group in enumerate(roll.groups, 1):
        if group.telegram >= 0:
            yield fault(language, place("groups", number) + ".telegram", "group_id_positive", id=group.telegram)
