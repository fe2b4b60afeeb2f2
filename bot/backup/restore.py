"""gridbot restore: the way back, into an empty place only, with a word on what the original did meanwhile."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import DatabaseError

from sqlalchemy import Engine, make_url

from bot.asked import Unusable
from bot.backup.placing import Taken, placed
from bot.backup.programs import load
from bot.backup.run import sound_copy, sound_dump
from bot.config.load import Config
from bot.open_database import faults_named
from bot.sentences import say
from models.copies import awake_after_loss, copy_file, held_in
from models.database import open_engine, open_sessions
from models.file_lock import FileLock
from models.schema import schema_state


@dataclass(frozen=True)
class Meanwhile:
    """What the original did after the copy was made.

    `moved`: nothing, it was stopped before; `number`: the highest ticket number that anybody has read.
    """

    moved: bool = False
    number: int | None = None


@dataclass(frozen=True)
class Restored:
    counts: Mapping[str, int]
    withdrawn: int
    next_number: int
    old: bool


def restore(config: Config, source: Path, meanwhile: Meanwhile, now: datetime) -> Restored:
    """Unusable when the copy is not sound, the place is not empty or in use, or nobody said what came after."""
    if not source.is_file():
        raise Unusable(say(config.language, "doctor_no_file", file=source))
    if meanwhile.moved == (meanwhile.number is not None):
        raise Unusable(say(config.language, "restore_choose"))
    sqlite = make_url(config.database.url).get_backend_name() == "sqlite"
    return (_into_file if sqlite else _into_server)(config, source, meanwhile, now)


def _into_file(config: Config, source: Path, meanwhile: Meanwhile, now: datetime) -> Restored:
    language, target = config.language, Path(make_url(config.database.url).database or "")
    sound_copy(source, language)
    with _unused(target, language):
        try:
            with placed(target) as part:
                copy_file(source, part)
                return _awake(open_engine(f"sqlite:///{part}"), config, meanwhile, now)
        except Taken:
            raise Unusable(say(language, "restore_not_empty", place=target)) from None
        except (OSError, DatabaseError) as wrong:
            raise Unusable(say(language, "backup_unwritable", file=target, why=wrong)) from None


def _into_server(config: Config, source: Path, meanwhile: Meanwhile, now: datetime) -> Restored:
    language = config.language
    sound_dump(source, language)
    engine = open_engine(config.database.url)
    with faults_named(language, engine):
        if schema_state(engine) != "empty":
            engine.dispose()
            raise Unusable(say(language, "restore_not_empty", place=engine.url.database))
    load(engine, source, language)
    return _awake(engine, config, meanwhile, now)


def _awake(engine: Engine, config: Config, meanwhile: Meanwhile, now: datetime) -> Restored:
    with faults_named(config.language, engine):
        state = schema_state(engine)
        with open_sessions(engine).begin() as session:
            held = held_in(session)
            last = max(held.number, meanwhile.number or 0)
            withdrawn = 0 if meanwhile.moved else awake_after_loss(session, last, now)
    engine.dispose()
    return Restored(held.counts, withdrawn, last + 1, state == "old")


@contextmanager
def _unused(target: Path, language: str) -> Iterator[None]:
    """No database, no rest of one, and no program that waits for it to come back."""
    if not target.parent.is_dir():
        raise Unusable(say(language, "backup_no_folder", folder=target.parent))
    rests = [target.with_name(target.name + rest) for rest in ("", "-wal", "-shm", "-journal")]
    if found := next((path for path in rests if path.exists()), None):
        raise Unusable(say(language, "restore_not_empty", place=found))
    held = [FileLock(path) for path in target.parent.glob(f"{target.name}-inbox-*.lock")]
    try:
        if not all(lock.take() for lock in held):
            raise Unusable(say(language, "restore_in_use", place=target))
        yield
    finally:
        for lock in held:
            lock.let_go()
