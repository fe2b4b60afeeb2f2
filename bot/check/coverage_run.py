"""gridbot check --coverage: the matrix of a week, printed."""

from collections.abc import Callable
from datetime import date, time

from bot.check.coverage import coverage, finds_nobody
from bot.check.coverage_source import roster_of
from bot.check.coverage_words import lines
from bot.config.load import Config
from bot.sentences import say


def print_coverage(config: Config, day: date, out: Callable[[str], None]) -> bool:
    """The seven days from this one; False when some stretch has nobody at all."""
    midnight = config.policy.at(day, time())
    with roster_of(config) as (session, source):
        rows = coverage(session, config.policy, midnight)
        out(say(config.language, f"coverage_{source}"))
        for line in lines(rows, midnight, config.language):
            out(line)
    return not finds_nobody(rows)
