"""`gridbot rules …`: check what is written, compare two sets of rules, learn from corrections."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.asked import config_or_defaults, config_path, faults_worded
from bot.parser import Argument, Command

if TYPE_CHECKING:
    from bot.config.load import Config
    from bot.reading.judge import Judge

SHIPPED_ALONE = ("shipped", "none")  # in place of a rule file


def check(asked: Namespace) -> int:
    from bot.rulebook.check import check_rules

    config = config_or_defaults(asked)
    named = asked.file or config.reading.rules
    own = Path(named) if named else None
    report = check_rules(_judge(config, own), own, config.reading.ask, config.language)
    for line in report.lines(config.language):
        print(line)
    return 2 if report.faults else 0


def diff(asked: Namespace) -> int:
    from bot.rulebook.diff import compare
    from bot.rulebook.lines import recorded_lines
    from bot.rulebook.print_diff import as_data, as_text

    config = config_or_defaults(asked)
    old, new = (_judge(config, None if name in SHIPPED_ALONE else Path(name)) for name in (asked.old, asked.new))
    told = compare(old, new, recorded_lines(Path(asked.on), config.language))
    print(json.dumps(as_data(told), ensure_ascii=False, indent=2) if asked.json else as_text(told, config.language))
    return 0


def learn(asked: Namespace) -> int:
    """Reads the database and changes nothing: a person decides."""
    from bot.config.load import load
    from bot.open_database import faults_named, open_ready
    from bot.rulebook.learn import Thresholds, learn
    from bot.rulebook.print_learn import as_data, as_text
    from models.corrections import corrections, known_names
    from models.database import open_sessions

    config = load(config_path(asked))
    engine = open_ready(config)
    with faults_named(config.language, engine), open_sessions(engine)() as session:
        found, names = corrections(session), known_names(session)
    engine.dispose()
    own = Path(config.reading.rules) if config.reading.rules else None
    thresholds = Thresholds(config.reading.open, config.reading.ask)
    told = learn(found, _judge(config, own), thresholds, asked.at_least, names)
    language = config.language
    print(json.dumps(as_data(told, language), ensure_ascii=False, indent=2) if asked.json else as_text(told, language))
    return 0


def _judge(config: Config, own: Path | None) -> Judge:
    """With this rule file above the shipped ones, and the configured thresholds."""
    from bot.reading.judge import Judge

    with faults_worded(config.language):
        return Judge.load(own, open_at=config.reading.open, ask_at=config.reading.ask)


def how_many(written: str) -> int:
    """argparse names this function in its complaint."""
    number = int(written)
    if number < 1:
        raise ValueError(written)
    return number


AS_JSON = Argument("--json", {"action": "store_true"})
RULES = Command(
    "rules",
    parts=(
        Command("check", check, (Argument("file", {"metavar": "FILE", "nargs": "?"}),), within="rules"),
        Command(
            "diff",
            diff,
            (
                Argument("old", {"metavar": "OLD"}),
                Argument("new", {"metavar": "NEW"}),
                Argument("--on", {"metavar": "FILE", "required": True}),
                AS_JSON,
            ),
            within="rules",
        ),
        Command(
            "learn",
            learn,
            (Argument("--at-least", {"type": how_many, "metavar": "N", "default": 3}), AS_JSON),
            within="rules",
        ),
    ),
)
