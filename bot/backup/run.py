"""gridbot backup: one file that holds everything, made while the bot runs and looked at before it gets its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import DatabaseError, OperationalError

from sqlalchemy import Engine, make_url

from bot.asked import Unusable
from bot.backup.placing import Taken, keep_newest, named_for, placed
from bot.backup.programs import dump, rows_in
from bot.check.database import not_made_yet
from bot.clock import Clock
from bot.config.load import Config
from bot.open_database import faults_named, shape_fault
from bot.sentences import say
from models.copies import COUNTED, VERSIONS, complaints, copy_file, held_in, tables_there
from models.database import open_engine
from models.frozen import frozen, open_frozen
from models.schema import schema_state

KNOWN = ("current", "old")  # an older shape is copied too: before gridbot migrate


@dataclass(frozen=True)
class Made:
    """Where the copy lies, what it holds, and how many older ones were removed."""

    file: Path
    counts: Mapping[str, int]
    removed: int = 0


def back_up(config: Config, target: Path, keep: int | None, clock: Clock) -> Made:
    """Unusable or ConfigFaults when there is nothing to copy, no room, or no way."""
    language = config.language
    if keep is not None and not target.is_dir():
        raise Unusable(say(language, "backup_keep_folder", target=target))
    if not target.parent.is_dir():
        raise Unusable(say(language, "backup_no_folder", folder=target.parent))
    sqlite = make_url(config.database.url).get_backend_name() == "sqlite"
    file = named_for(target, config.policy.local(clock.now()), "db" if sqlite else "dump")
    try:
        with placed(file) as part:
            counts = (_copied if sqlite else _dumped)(config, part)
    except Taken:
        raise Unusable(say(language, "backup_exists", file=file)) from None
    except OSError as wrong:
        raise Unusable(say(language, "backup_unwritable", file=file, why=wrong.strerror or wrong)) from None
    return Made(file, counts, len(keep_newest(target, keep, clock.now())) if keep else 0)


def sound_copy(file: Path, language: str) -> Mapping[str, int]:
    """What a SQLite copy holds; Unusable when it is damaged or not ours."""
    engine = open_frozen(f"sqlite:///{file}")
    with faults_named(language, engine):
        if schema_state(engine) not in KNOWN:
            raise Unusable(say(language, "backup_not_ours", file=file))
        with frozen(engine) as session:
            wrong = complaints(session)
            counts = held_in(session).counts if not wrong else {}
    engine.dispose()
    if wrong:
        raise Unusable(say(language, "backup_damaged", file=file, why=wrong[0]))
    return counts


def sound_dump(file: Path, language: str) -> Mapping[str, int]:
    """The same of a dump, every block of which is read."""
    counts = rows_in(file, language)
    if counts.get(VERSIONS) != 1 or not set(COUNTED) <= counts.keys():
        raise Unusable(say(language, "backup_not_ours", file=file))
    return {name: counts[name] for name in COUNTED}


def _copied(config: Config, part: Path) -> Mapping[str, int]:
    url, language = config.database.url, config.language
    if not_made_yet(url):
        raise Unusable(say(language, "doctor_no_database"))
    try:
        copy_file(Path(make_url(url).database or ""), part)
    except DatabaseError as wrong:
        key = "backup_unwritable" if isinstance(wrong, OperationalError) else "backup_damaged"
        raise Unusable(say(language, key, file=part.parent, why=wrong)) from None
    return sound_copy(part, language)


def _dumped(config: Config, part: Path) -> Mapping[str, int]:
    language = config.language
    engine = open_engine(config.database.url)
    with faults_named(language, engine):
        _must_be_ours(engine, language)
        schema, tables = tables_there(engine)
    engine.dispose()
    dump(engine, [f'"{schema}".{name}' for name in tables], part, language)
    return sound_dump(part, language)


def _must_be_ours(engine: Engine, language: str) -> None:
    state = schema_state(engine)
    if state == "empty":
        raise Unusable(say(language, "doctor_no_database"))
    if state not in KNOWN:
        engine.dispose()
        raise Unusable(str(shape_fault(language, state)))
