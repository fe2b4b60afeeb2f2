"""Times as exports write them -> aware UTC. A time without a zone is China's."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.replay.recorded import Fault

LOCAL = ZoneInfo("Asia/Shanghai")  # WeChat and Telegram Desktop write the exporter's wall time without a zone
FIRST_YEAR, LAST_YEAR = 2000, 2100  # outside: a broken clock, which would make years of reminders due
PLAIN = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?")  # Excel drops zeros
MILLISECONDS = 100_000_000_000  # a larger number of seconds lies beyond LAST_YEAR


def moment(value: object) -> datetime:
    """Seconds or milliseconds since 1970 (number or digits), or ISO / 'YYYY-MM-DD HH:MM[:SS]'. Raises Fault."""
    try:
        found = _from_number(float(value)) if _is_number(value) else _from_words(str(value))  # type: ignore[arg-type]
    except (ValueError, OverflowError, OSError) as why:
        raise Fault("replay_bad_time", value) from why
    if not FIRST_YEAR <= found.year < LAST_YEAR:
        raise Fault("replay_bad_time", value)
    return found


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().isascii() and value.strip().isdigit()
    return isinstance(value, int | float) and not isinstance(value, bool)


def _from_number(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds / 1000 if seconds > MILLISECONDS else seconds, UTC)


def _from_words(text: str) -> datetime:
    if plain := PLAIN.fullmatch(text.strip()):
        found = datetime(*(int(part or 0) for part in plain.groups()), tzinfo=LOCAL)  # type: ignore[arg-type, misc]
    else:
        found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=LOCAL)).astimezone(UTC)
