"""gridbot check: what the database says beside the file: who has not pressed Start, and where the two differ."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from bot.check.report import Report
from bot.config.faults import ConfigFaults, Fault, fault
from bot.config.law import place
from bot.config.load import Config
from bot.config.roll import Group, Roll
from bot.open_database import faults_named, shape_fault
from bot.sentences import say
from models.chats import Chat, find_chat
from models.database import open_engine, open_sessions
from models.people import ROLES, everyone_on_duty, holders
from models.schema import schema_state
from models.units import all_units

Post = tuple[str, str, str]  # account or name, unit, role


def check_database(config: Config) -> Report:
    """Reads only; a database that is not there yet is made by the first run."""
    language = config.language
    if not_made_yet(config.database.url):
        return Report(notes=(say(language, "check_database_new"),))
    engine = open_engine(config.database.url).execution_options(read_only=True)
    try:
        with faults_named(language, engine):
            return _compare(engine, config)
    except ConfigFaults as wrong:
        return Report(faults=wrong.faults)
    finally:
        engine.dispose()


def _compare(engine: Engine, config: Config) -> Report:
    language, state = config.language, schema_state(engine)
    if state == "empty":
        return Report(notes=(say(language, "check_database_new"),))
    if state != "current":
        return Report(faults=(shape_fault(language, state),))
    with open_sessions(engine)() as session:
        return Report(warnings=(*_not_started(session, language), *_differences(session, config, language)))


def not_made_yet(url: str) -> bool:
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists()


def _not_started(session: Session, language: str) -> Iterator[Fault]:
    """A bot cannot write first: who has not pressed Start is only called in the group."""
    waiting = []
    for person in everyone_on_duty(session):
        identity = person.identity("telegram")
        if identity is None or identity.started_at is None:
            waiting.append(person.name)
    if waiting:
        yield fault(language, "people", "not_started", names=say(language, "check_comma").join(waiting))


def _differences(session: Session, roll: Roll, language: str) -> Iterator[Fault]:
    yield from _units(session, roll, language)
    yield from _posts(session, roll, language)
    yield from _groups(session, roll, language)


def _units(session: Session, roll: Roll, language: str) -> Iterator[Fault]:
    units = all_units(session)
    stored = {unit.name: unit.parent.name if unit.parent else None for unit in units}
    landmarks = {unit.name: unit.landmarks for unit in units}
    for number, unit in enumerate(roll.units, 1):
        key = place("units", number, unit.name)
        if unit.name not in stored:
            yield fault(language, key, "only_in_file")
        elif stored[unit.name] != unit.parent:
            stands = stored[unit.name] or say(language, "check_nothing")
            yield fault(language, f"{key}.parent", "differs", stored=stands)
        elif unit.landmarks and landmarks[unit.name] != list(unit.landmarks):
            stands = say(language, "check_comma").join(landmarks[unit.name] or ()) or say(language, "check_nothing")
            yield fault(language, f"{key}.landmarks", "differs", stored=stands)


def _posts(session: Session, roll: Roll, language: str) -> Iterator[Fault]:
    """People are compared by account where they have one: a name may be written in several ways."""
    stored, written = dict(_posts_stored(session)), dict(_posts_written(roll))
    for kind, there, elsewhere in (("post_only_in_file", written, stored), ("post_only_in_chat", stored, written)):
        for post in sorted(there.keys() - elsewhere.keys()):
            yield fault(language, f"people[{there[post]}].posts", kind, unit=post[1], role=post[2])


def _posts_stored(session: Session) -> Iterator[tuple[Post, str]]:
    for unit in all_units(session):
        for post in holders(session, unit, *ROLES):
            account = post.person.identity("telegram")
            yield (account.external_id if account else post.person.name, unit.name, post.role), post.person.name


def _posts_written(roll: Roll) -> Iterator[tuple[Post, str]]:
    for person in roll.people:
        for post in person.posts:
            yield (str(person.telegram or person.name), post.unit, post.role), person.name


def _groups(session: Session, roll: Roll, language: str) -> Iterator[Fault]:
    for number, group in enumerate(roll.groups, 1):
        chat = find_chat(session, "telegram", str(group.telegram))
        key = place("groups", number)
        if chat is None:
            yield fault(language, key, "only_in_file")
        elif chat.unit is None or chat.unit.name != group.unit:
            stands = chat.unit.name if chat.unit else say(language, "check_nothing")
            yield fault(language, f"{key}.unit", "differs", stored=stands)
        elif chat.kind != group.kind:
            yield fault(language, f"{key}.kind", "differs", stored=chat.kind)
        else:
            yield from _thresholds(chat, group, key, language)


def _thresholds(chat: Chat, group: Group, key: str, language: str) -> Iterator[Fault]:
    for name in ("reading_open", "reading_ask"):
        written, stored = getattr(group, name), getattr(chat, name)
        if written is not None and stored != written:
            stands = say(language, "check_nothing") if stored is None else stored
            yield fault(language, f"{key}.{name}", "differs", stored=stands)
