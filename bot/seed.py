"""The file seeds the tables; what was changed in chat since then wins."""

from sqlalchemy.orm import Session

from bot.config.load import Config
from bot.config.roll import Person as WrittenPerson
from bot.config.roll import Roll
from bot.reading.judge import Judge
from bot.seed_duty import seed_leaves, seed_shifts
from models.chats import enter_chat
from models.people import Identity, Person, Post, ever_held, find_identity, person_named
from models.units import Unit, unit_named


def seed(session: Session, config: Config, judge: Judge, channel: str = "telegram", account: str = "") -> None:
    """Write what the file has and the tables lack. A post that was ever there is not given again."""
    _units(session, config)
    people: dict[str, list[Person]] = {}
    for written in config.people:
        person = _person(session, written, channel, [unit.name for unit in config.units])
        people.setdefault(written.name, []).append(person)
        for post in written.posts:
            unit = unit_named(session, post.unit)
            assert unit is not None, "the configuration was checked before"
            if not ever_held(session, person, unit, post.role):
                scope = [place.key for name in post.scope if (place := judge.place(name))]
                session.add(Post(person=person, unit=unit, role=post.role, scope=scope, part_time=post.part_time))
    session.flush()
    seed_shifts(session, config, people)
    seed_leaves(session, config, people)
    _groups(session, config, channel, account)
    session.flush()


def _units(session: Session, roll: Roll) -> None:
    for written in roll.units:
        if unit_named(session, written.name) is None:
            session.add(Unit(name=written.name, level=written.level))
            session.flush()
        unit = unit_named(session, written.name)
        if unit is not None and unit.landmarks is None and written.landmarks:
            unit.landmarks = list(written.landmarks)
    for written in roll.units:
        unit = unit_named(session, written.name)
        if unit is not None and unit.parent is None and written.parent:
            unit.parent = unit_named(session, written.parent)
    session.flush()


def _person(session: Session, written: WrittenPerson, channel: str, units: list[str]) -> Person:
    """By account where there is one, else by name among those who serve in units of the file."""
    account = str(written.telegram) if written.telegram else None
    identity = find_identity(session, channel, account)
    person = identity.person if identity else person_named(session, written.name, channel, units)
    if person is None:
        person = Person(name=written.name, phone=written.phone or None)
        session.add(person)
    if account is not None and identity is None:
        session.add(Identity(person=person, channel=channel, external_id=account))
    if person.phone is None and written.phone:
        person.phone = written.phone
    session.flush()
    return person


def _groups(session: Session, roll: Roll, channel: str, account: str) -> None:
    for written in roll.groups:
        chat = enter_chat(session, channel, account, str(written.telegram), kind=written.kind)
        chat.account = account or chat.account  # a new token: the groups are this bot's now
        if chat.unit is None:
            chat.unit, chat.kind = unit_named(session, written.unit), written.kind
        if chat.reading_open is None and chat.reading_ask is None:
            chat.reading_open, chat.reading_ask = written.reading_open, written.reading_ask
