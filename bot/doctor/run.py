"""gridbot doctor: opens the database for reading, prints what it finds as it is met, and says how much it saw."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.asked import Unusable
from bot.check.database import not_made_yet
from bot.clock import Clock
from bot.config.faults import ConfigFaults
from bot.config.load import Config
from bot.doctor.wording import line, row
from bot.open_database import faults_named, shape_fault
from bot.sentences import say
from handlers.bulletin import WEEK, next_week_end
from handlers.desk import Desk
from models.frozen import frozen, open_frozen
from models.integrity.against import rewritten
from models.integrity.examine import Looked, Moment, examine
from models.integrity.finding import Finding
from models.integrity.recount import Span
from models.schema import schema_state

SOUND, FOUND = 0, 1  # exit status; that it cannot look at all is 2
Print = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """`file`: another SQLite file than the deployment's; `older`: a copy to compare with; `weeks` of figures."""

    file: str = ""
    older: str = ""
    weeks: int = 4
    as_json: bool = False


def run_doctor(config: Config, wanted: Wanted, clock: Clock, out: Print, tell: Print) -> int:
    """The exit status. Unusable or ConfigFaults when there is nothing to look at."""
    looked, count, began = Looked(), 0, time.monotonic()
    with ExitStack() as stack:
        session = stack.enter_context(_opened(config, wanted.file))
        older = stack.enter_context(_opened(config, wanted.older)) if wanted.older else None
        for finding in _findings(session, older, _moment(config, session, clock, wanted.weeks), looked):
            count += 1
            out(json.dumps(row(config, finding), ensure_ascii=False) if wanted.as_json else line(config, finding))
    seen = {**asdict(looked), "findings": count, "seconds": round(time.monotonic() - began, 1)}
    if wanted.as_json:
        out(json.dumps({"kind": "summary", **seen}))
    else:
        tell(say(config.language, "doctor_sound" if count == 0 else "doctor_found", **seen))
    return FOUND if count else SOUND


def _findings(session: Session, older: Session | None, moment: Moment, looked: Looked) -> Iterator[Finding]:
    yield from examine(session, moment, looked)
    if older is not None:
        yield from rewritten(session, older)


def _moment(config: Config, session: Session, clock: Clock, weeks: int) -> Moment:
    now = clock.now()
    return Moment(now, clock.machine(), tuple(_spans(Desk(session, now, config), weeks)))


def _spans(desk: Desk, weeks: int) -> Iterator[Span]:
    """The last whole weeks as the groups read them, and the one that runs."""
    end: datetime = next_week_end(desk, desk.now) - WEEK
    yield end, desk.now
    yield from ((end - (n + 1) * WEEK, end - n * WEEK) for n in range(weeks))


@contextmanager
def _opened(config: Config, file: str) -> Iterator[Session]:
    """A session on a database of the present shape that sees one instant."""
    url = f"sqlite:///{file}" if file else config.database.url
    if file and not Path(file).is_file():
        raise Unusable(say(config.language, "doctor_no_file", file=file))
    if not_made_yet(url):
        raise Unusable(say(config.language, "doctor_no_database"))
    engine = open_frozen(url)
    with faults_named(config.language, engine):
        _must_be_current(engine, config.language)
        with frozen(engine) as session:
            yield session
    engine.dispose()


def _must_be_current(engine: Engine, language: str) -> None:
    state = schema_state(engine)
    if state == "empty":
        raise Unusable(say(language, "doctor_no_database"))
    if state != "current":
        raise ConfigFaults([shape_fault(language, state)])
