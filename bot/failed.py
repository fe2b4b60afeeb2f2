"""`gridbot failed`: what our code failed on, without anybody's words; `--retry` has it tried now."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.config.load import Config
from bot.open_database import open_ready
from bot.retry import kind_of
from bot.sentences import say
from models.database import open_sessions
from models.failures import all_failed, try_all
from models.heard import Failed


def failed(config: Config, *, retry: bool) -> list[str]:
    """The lines to print."""
    engine = open_ready(config)
    try:
        with open_sessions(engine).begin() as session:
            return list(told(config, session, SystemClock().now(), retry=retry))
    finally:
        engine.dispose()


def told(config: Config, session: Session, now: datetime, *, retry: bool) -> Iterator[str]:
    """Whatever runs on the database tries what is due; else the next start does."""
    rows = all_failed(session)
    yield from (_line(config, row) for row in rows)
    if not rows:
        yield say(config.language, "cli_failed_none")
    elif retry:
        yield say(config.language, "cli_failed_again", count=try_all(session, now))


def _line(config: Config, row: Failed) -> str:
    data = json.loads(row.event)
    policy = config.policy
    return say(
        config.language,
        "cli_failed_line",
        at=f"{policy.local(row.at):%Y-%m-%d %H:%M}",
        update=row.event_id,
        kind=kind_of(data).__name__,
        chat=data.get("chat_id") if data.get("chat_kind") != "private" else "-",
        error=row.error,
        tries=row.tries,
        next=f"{policy.local(row.next_at):%m-%d %H:%M}" if row.next_at else say(config.language, "cli_failed_judged"),
    )
