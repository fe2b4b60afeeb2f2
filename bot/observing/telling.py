"""How a fault is told where nobody's words may stand: its type and its place, and its message only from the machine."""

import re
import sqlite3
import traceback
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
LONGEST = 200
MOST_WITHIN = 20  # faults in one chain or group
QUOTED = re.compile(r"""["`].*?["`]|(?<![A-Za-z])'.*?'(?![A-Za-z])|[“‘「『(\[{<].*?[”’」』)\]}>]""")
UNQUOTED = re.compile(r"""["`“‘「『(\[{<].*$|(?<![A-Za-z])'.*$""")
FOREIGN = re.compile(r"[^\x20-\x7e]+")
NUMBER = re.compile(r"\d[\d\s.:/+-]{3,}\d|\d{5,}")


def type_and_place(fault: BaseException) -> str:
    """ZeroDivisionError at handlers/intake.py:45 in take_in. What was wrong with which value is not said."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(HOUSE)] or list(frames)
    return f"{type(fault).__name__} at {_place(ours[-1])}" if ours else type(fault).__name__


def words_of(fault: BaseException) -> str:
    """The type, and what the machine said of itself: the engine, the operating system, a channel. Our own and Python's
    errors quote what they were given, so theirs is left out.
    """
    name = type(fault).__name__
    if isinstance(orig := getattr(fault, "orig", None), BaseException):  # SQLAlchemy's, around the driver's own
        return f"{name}: {words_of(orig)}"
    if isinstance(fault, OSError):
        return f"{name}: {fault.strerror}" if fault.strerror else name
    if isinstance(fault, sqlite3.Error) or _speaks_plainly(type(fault)):
        return f"{name}: {plain(str(fault))}"
    return name


def plain(words: str) -> str:
    """The first line without anything quoted, bracketed, foreign or long in digits: what was said of whom is gone."""
    first = words.strip().partition("\n")[0]
    for pattern in (QUOTED, UNQUOTED, FOREIGN, NUMBER):
        first = pattern.sub("…", first)
    return first[:LONGEST]


def story_of(fault: BaseException) -> Iterator[str]:
    """The traceback, oldest fault first: each with its places and its words as above."""
    for told, cause in reversed(list(_chain(fault))[:MOST_WITHIN]):
        yield from (f"  at {_place(frame)}" for frame in traceback.extract_tb(told.__traceback__))
        yield words_of(told) + (", which led to" if cause else "")


def _chain(fault: BaseException) -> Iterator[tuple[BaseException, bool]]:
    """The fault, then what led to it, each once; of a group all its parts. True: something follows from it."""
    waiting: list[tuple[BaseException, bool]] = [(fault, False)]
    seen: set[int] = set()
    while waiting:
        told, leads = waiting.pop()
        if id(told) in seen:
            continue
        seen.add(id(told))
        yield told, leads
        before = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
        parts = told.exceptions if isinstance(told, BaseExceptionGroup) else ()
        waiting += [(one, True) for one in (before, *parts) if one is not None]


def _speaks_plainly(kind: type) -> bool:
    """Errors of the channel and of the database's driver; `plain` takes out what they quote."""
    return kind.__module__.partition(".")[0] in ("psycopg", "telegram") or kind.__module__ == "bot.channels"


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    where = path.relative_to(HOUSE) if path.is_relative_to(HOUSE) else Path(*path.parts[-3:])
    return f"{where.as_posix()}:{frame.lineno} in {frame.name}"
