"""A database to try things in: a copy of the deployment's, or one made from its configuration."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from bot.config.faults import ConfigFaults
from bot.config.load import Config
from bot.open_database import faults_named, shape_fault
from bot.reading.judge import Judge
from bot.seed import seed
from models.database import open_engine, open_sessions
from models.people import start_all
from models.schema import create_tables, schema_state


@contextmanager
def scratch_session(config: Config, judge: Judge, now: datetime) -> Iterator[tuple[Session, bool]]:
    """A session in which nothing lasts, and whether it was made from the file alone: then everybody can be written to.

    ConfigFaults when the deployment's database cannot be read.
    """
    with TemporaryDirectory() as folder:
        own = _own_copy(config, Path(folder) / "copy.db")
        engine = own or open_engine(f"sqlite:///{folder}/made.db", durable=False)
        try:
            if own is None:
                _make(engine, config, judge, now)
            with faults_named(config.language, engine), open_sessions(engine)() as session:
                yield session, own is None
                session.rollback()
        finally:
            engine.dispose()


def _own_copy(config: Config, copy: Path) -> Engine | None:
    """The deployment's database as it stands now; None when there is none yet. A server's is used itself: what is done
    there is rolled back, and it does not lock the whole of it meanwhile.
    """
    url = make_url(config.database.url)
    if url.get_backend_name() != "sqlite":
        return _ready(open_engine(config.database.url), config.language)
    if not url.database or not Path(url.database).is_file():
        return None
    with (
        closing(sqlite3.connect(f"{Path(url.database).resolve().as_uri()}?mode=ro", uri=True)) as theirs,
        closing(sqlite3.connect(copy)) as ours,
    ):
        theirs.backup(ours)
    return _ready(open_engine(f"sqlite:///{copy}", durable=False), config.language)


def _ready(engine: Engine, language: str) -> Engine | None:
    with faults_named(language, engine):
        state = schema_state(engine)
        if state not in ("current", "empty"):
            raise ConfigFaults([shape_fault(language, state)])
    if state == "empty":
        engine.dispose()
        return None
    return engine


def _make(engine: Engine, config: Config, judge: Judge, now: datetime) -> None:
    create_tables(engine)
    with open_sessions(engine).begin() as session:
        seed(session, config, judge)
        start_all(session, now)
