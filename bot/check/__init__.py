"""gridbot check: what is wrong with this deployment, what is odd, and what to do about it."""

from pathlib import Path

from bot.check.database import check_database
from bot.check.report import Report
from bot.check.rules import rule_faults
from bot.clock import Clock, SystemClock
from bot.config.faults import ConfigFaults
from bot.config.load import load
from bot.config.timing import unpublished_years
from bot.sentences import say


def check(path: Path, *, offline: bool = False, clock: Clock | None = None) -> Report:
    """Judge the file, then the world it speaks of: the database, and Telegram through its proxy."""
    try:
        config = load(path)
    except ConfigFaults as wrong:
        return Report(faults=wrong.faults)
    today = config.policy.local((clock or SystemClock()).now()).date()
    warnings = (*config.warnings(), *unpublished_years(config, today))
    kept = say(config.language, "check_kept", **config.policy.privacy.model_dump())
    report = Report((*config.lacks(), *rule_faults(config)), warnings) + check_database(config) + Report(notes=(kept,))
    if offline or not config.telegram.token:
        return report
    from bot.check.telegram import check_telegram  # PTB takes a second to load

    return report + check_telegram(config)
