"""The log: readable lines or one JSON object a line, without secrets and without anybody's words.

Our own calls are log.info("letter %(letter)d dropped", {"event": "letter_stale", "letter": 12}): a sentence for people,
a stable name and values for machines.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from bot.observing.telling import plain, story_of, words_of
from bot.observing.veil import VEIL

OURS = ("bot", "handlers", "models")
UNSAID = frozenset({"event", "said"})  # `said`: the sentence itself
RESERVED = frozenset({"time", "level", "logger", "event", "message", "error", "trace"})
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
QUIET = {"apscheduler": logging.WARNING, "alembic": logging.WARNING, "uvicorn": logging.WARNING}


def set_up(form: str = "text", level: int = logging.INFO) -> None:
    """Everything that is logged goes to standard error in this form, text or json."""
    lines, root = Lines(), logging.getLogger()
    lines.setFormatter(AsJson() if form == "json" else AsText())
    for before in [h for h in root.handlers if isinstance(h, Lines)]:
        root.removeHandler(before)
    root.addHandler(lines)
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


def as_json() -> bool:
    """Is every line of standard error to be a JSON object?"""
    return any(isinstance(handler.formatter, AsJson) for handler in logging.getLogger().handlers)


class Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """On standard error, whatever that is by now. Python would print the values that could not be formatted."""
        try:
            line = self.format(record)
        except (TypeError, ValueError, KeyError):
            line = f"a line of {record.name}:{record.lineno} could not be logged"
        with suppress(OSError, ValueError):  # nobody reads it any more
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


class AsText(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {record.levelname} {record.name}: {message(record)}"
        return VEIL.over("\n".join((head, *trace(record))))


class AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        row: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event(record),
            "message": message(record),
            **fields(record),
        }
        if told := trace(record):
            row |= {"error": told[-1], "trace": told[:-1]}
        return VEIL.over(json.dumps(row, ensure_ascii=False, default=str))


def ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def event(record: logging.LogRecord) -> str:
    """The stable name of what happened; libraries have none, so theirs is the name of their log."""
    if ours(record) and isinstance(record.args, Mapping) and "event" in record.args:
        return str(record.args["event"])
    return record.name.replace(".", "_")


def message(record: logging.LogRecord) -> str:
    """One line for people. What libraries say is stripped of all that they quote."""
    if not ours(record):
        return plain(record.getMessage())
    args = record.args
    if isinstance(args, Mapping):
        told: Any = {key: _told(value) for key, value in args.items()}
    else:
        told = tuple(_told(value) for value in args or ())
    return CONTROL.sub(" ", str(record.msg) % told if told else str(record.msg))


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """The values of one of our own lines, by their names."""
    args = record.args if ours(record) and isinstance(record.args, Mapping) else {}
    named = {key: _told(value) for key, value in args.items() if key not in UNSAID}
    return {f"{key}_" if key in RESERVED else key: value for key, value in named.items()}


def trace(record: logging.LogRecord) -> list[str]:
    """Places and types of the fault that belongs to this line; the newest type is the last."""
    fault = record.exc_info[1] if record.exc_info else None
    return list(story_of(fault)) if fault is not None else []


def _told(value: object) -> object:
    return words_of(value) if isinstance(value, BaseException) else value
