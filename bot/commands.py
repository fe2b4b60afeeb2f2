"""What each command does. Imports stand inside: `gridbot check` should not load what only `gridbot demo` needs."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.asked import Unusable, config_or_defaults, config_path, judge_of, must_be_text, unreadable
from bot.bounds import lines_within
from bot.json_line import as_line
from bot.observing.veil import VEIL
from bot.parser import AS_JSON, Argument, Command
from bot.rulebook.commands import RULES
from bot.sentences import say
from bot.start import run
from bot.upkeep import UPKEEP


def demo(asked: Namespace) -> int:
    """The address alone goes to standard output."""
    from bot.demo.serve import serve

    base = config_or_defaults(asked)
    print(say(asked.language, "cli_demo_stop"), file=sys.stderr)
    try:
        serve(base, lambda: judge_of(base), asked.port, lambda line: print(line, flush=True), show=not asked.no_open)
    except OSError as wrong:
        raise Unusable(say(asked.language, "cli_demo_taken", port=asked.port, why=wrong.strerror or wrong)) from None
    return 0


def check(asked: Namespace) -> int:
    from bot.check import check

    if asked.coverage:
        return coverage(asked)
    report = check(config_path(asked), offline=asked.offline)
    for line in report.lines(asked.language):
        print(VEIL.over(line))
    return 2 if report.faults else 0


def coverage(asked: Namespace) -> int:
    from bot.check.coverage_run import print_coverage
    from bot.clock import SystemClock
    from bot.config.load import load

    config = load(config_path(asked))
    start = asked.week or config.policy.local(SystemClock().now()).date()
    return 0 if print_coverage(config, start, print) else 2


def classify(asked: Namespace) -> int:
    from bot.classify import classify_lines

    config = config_or_defaults(asked)
    landmarks = tuple(name for unit in config.units for name in unit.landmarks)
    for row in classify_lines(_lines(asked), judge_of(config), landmarks):
        print(as_line(row), flush=True)  # at once: somebody may wait at the other end of a pipe
    return 0


def replay(asked: Namespace) -> int:
    from bot.replay.run import replay

    config = config_or_defaults(asked)
    return replay(Path(asked.file), as_json=asked.json, out=sys.stdout, config=config, judge=judge_of(config))


def rehearse(asked: Namespace) -> int:
    """What the steps rest on goes to standard error."""
    from bot.clock import SystemClock
    from bot.config.load import load
    from bot.rehearse import Line, rehearse_line

    config = load(config_path(asked))
    line = Line(asked.text, asked.group, asked.at)
    shown = rehearse_line(config, judge_of(config), line, SystemClock().now())
    if shown.made:
        print(say(asked.language, "rehearse_made"), file=sys.stderr)
    print(as_line(shown.row) if asked.json else "".join(shown.lines).rstrip())
    return 0


def evaluate(asked: Namespace) -> int:
    from bot.evaluate.run import main_evaluate

    files = [Path(file) for file in asked.files]
    for file in files:
        must_be_text(file, asked.language)
    config = config_or_defaults(asked)
    return main_evaluate(files, asked.json, judge_of(config), config)


def failed(asked: Namespace) -> int:
    from bot.config.load import load
    from bot.failed import failed

    for line in failed(load(config_path(asked)), retry=asked.retry):
        print(line)
    return 0


def setup_code(asked: Namespace) -> int:
    """The code alone goes to standard output, what to do with it to standard error."""
    from bot.clock import SystemClock
    from bot.config.load import load
    from bot.open_database import faults_named, open_ready
    from bot.seed import seed
    from bot.setup_code import hand_out
    from models.database import open_sessions

    config = load(config_path(asked))
    engine = open_ready(config)
    with faults_named(asked.language, engine), open_sessions(engine).begin() as session:
        seed(session, config, judge_of(config))
        handed = hand_out(session, asked.unit.strip(), SystemClock().now(), asked.language, new=asked.new)
    engine.dispose()
    print(handed.code)
    spoken = "cli_setup_code_new_unit" if handed.created else "cli_setup_code_done"
    print(say(asked.language, spoken, unit=handed.unit, code=handed.code), file=sys.stderr)
    return 0


def ledger(asked: Namespace) -> int:
    from bot.clock import SystemClock
    from bot.config.load import load
    from bot.ledger.run import Wanted, write_ledger
    from bot.open_database import faults_named, open_ready
    from handlers.desk import Desk
    from models.database import open_sessions

    config = load(config_path(asked))
    wanted = Wanted(Path(asked.file), asked.unit.strip(), asked.start, asked.end, asked.full)
    engine = open_ready(config)
    with faults_named(asked.language, engine), open_sessions(engine).begin() as session:
        print(write_ledger(Desk(session, SystemClock().now(), config.policy), wanted))
    engine.dispose()
    return 0


def bundle(asked: Namespace) -> int:
    from bot.bundle.run import make_bundle
    from bot.bundle.target import Target, this_machine

    here = this_machine()
    target = Target(asked.machine or here.machine, asked.python or here.python)
    print(make_bundle(Path(asked.folder), target, asked.language))
    return 0


def _lines(asked: Namespace) -> Iterator[str]:
    """Lines of the file, or of standard input as they come."""
    try:
        if asked.file == "-":
            yield from lines_within(sys.stdin)
            return
        with Path(asked.file).open(encoding="utf-8-sig", newline="\n") as lines:
            yield from lines_within(lines)
    except (OSError, UnicodeDecodeError) as wrong:
        raise unreadable(asked.file, wrong, asked.language) from None


def port(written: str) -> int:
    """argparse names this function in its complaint."""
    number = int(written)
    if not 0 <= number < 65536:
        raise ValueError(written)
    return number


def day(written: str) -> date:
    """argparse names this function in its complaint."""
    return date.fromisoformat(written)


def machine(written: str) -> str:
    """argparse names this function in its complaint."""
    from bot.bundle.target import MACHINES

    return MACHINES[written.lower()] if written.lower() in MACHINES else _refuse(written)


def minor(written: str) -> str:
    """argparse names this function in its complaint."""
    from bot.bundle.target import PYTHONS

    return written if written in PYTHONS else _refuse(written)


def _refuse(written: str) -> str:
    raise ValueError(written)


COMMANDS = (
    Command(
        "demo",
        demo,
        (Argument("--port", {"type": port, "metavar": "N"}), Argument("--no-open", {"action": "store_true"})),
    ),
    Command("run", run),
    Command(
        "check",
        check,
        (
            Argument("--offline", {"action": "store_true"}),
            Argument("--coverage", {"action": "store_true"}),
            Argument("--week", {"metavar": "DAY", "type": day}),
        ),
    ),
    *UPKEEP,
    Command("failed", failed, (Argument("--retry", {"action": "store_true"}),)),
    Command(
        "setup-code", setup_code, (Argument("unit", {"metavar": "UNIT"}), Argument("--new", {"action": "store_true"}))
    ),
    Command(
        "ledger",
        ledger,
        (
            Argument("file", {"metavar": "FILE"}),
            Argument("--unit", {"metavar": "NAME", "default": ""}),
            Argument("--from", {"metavar": "DAY", "type": day, "dest": "start"}),
            Argument("--to", {"metavar": "DAY", "type": day, "dest": "end"}),
            Argument("--full", {"action": "store_true"}),
        ),
    ),
    Command(
        "bundle",
        bundle,
        (
            Argument("folder", {"metavar": "FOLDER"}),
            Argument("--machine", {"metavar": "NAME", "type": machine}),
            Argument("--python", {"metavar": "N.N", "type": minor}),
        ),
    ),
    Command("classify", classify, (Argument("file", {"metavar": "FILE", "nargs": "?", "default": "-"}),)),
    Command("replay", replay, (Argument("file", {"metavar": "FILE"}), AS_JSON)),
    Command(
        "rehearse",
        rehearse,
        (
            Argument("text", {"metavar": "TEXT"}),
            Argument("--group", {"metavar": "UNIT", "required": True}),
            Argument("--at", {"metavar": "TIME", "default": ""}),
            AS_JSON,
        ),
    ),
    Command("evaluate", evaluate, (Argument("files", {"metavar": "FILE", "nargs": "+"}), AS_JSON)),
    RULES,
)
