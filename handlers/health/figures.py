"""How the bot is, in numbers: one function that /health, the health page and the metrics read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.desk import Desk
from models.health import database_bytes, free_bytes, last_heard, letters_dead, letters_waiting, messages_failed
from models.incidents import standing
from models.outages import last_outage
from models.pulses import living

ALIVE = timedelta(seconds=45)  # a process that gave no sign for so long is gone; it gives one every ten seconds
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Process:
    """One living process of one bot (`account` as channel:account)."""

    account: str
    host: str
    number: int
    started_at: datetime
    beat_at: datetime
    holds_inbox: bool


@dataclass(frozen=True)
class Trouble:
    """What is wrong and not over; `kind` as in models/incidents, `about`: of what, without anybody's words."""

    kind: str
    about: str
    since: datetime
    count: int


@dataclass(frozen=True)
class Away:
    """The last time in which nothing was heard: from, to, and how many waiting lines came in afterwards."""

    gone_at: datetime
    back_at: datetime
    lines: int


@dataclass(frozen=True)
class Health:
    """No personal data in any of it. Sizes are bytes; times are aware; None: unknown."""

    at: datetime
    started_at: datetime | None  # of the oldest process that lives
    processes: tuple[Process, ...]
    heard_at: datetime | None
    waiting: int  # letters that could go out now
    oldest_at: datetime | None  # since when the oldest of them could
    dead: int  # letters of the last week that will never arrive
    failed: int  # messages that our code still fails on
    troubles: tuple[Trouble, ...]
    away: Away | None
    database: int
    free: int | None

    @property
    def oldest_age(self) -> float:
        """Seconds that the oldest waiting letter has waited; 0 when none does."""
        return max(0.0, (self.at - self.oldest_at).total_seconds()) if self.oldest_at else 0.0


def health(desk: Desk) -> Health:
    """Read from the database as it is now; raises the engine's errors, when nothing can be read."""
    session = desk.session
    processes = tuple(
        Process(p.account, p.host, p.process, p.started_at, p.beat_at, p.holds_inbox)
        for p in living(session, desk.now - ALIVE)
    )
    waiting, oldest = letters_waiting(session, desk.now)
    return Health(
        at=desk.now,
        started_at=min((p.started_at for p in processes), default=None),
        processes=processes,
        heard_at=last_heard(session),
        waiting=waiting,
        oldest_at=oldest,
        dead=letters_dead(session, desk.now - WEEK),
        failed=messages_failed(session),
        troubles=tuple(Trouble(i.kind, i.about, i.first_at, i.count) for i in standing(session)),
        away=_away(desk),
        database=database_bytes(session),
        free=free_bytes(session),
    )


def _away(desk: Desk) -> Away | None:
    outage = last_outage(desk.session)
    return Away(outage.gone_at, outage.back_at, sum(outage.lines.values())) if outage else None
