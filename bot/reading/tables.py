"""TOML files of rules and of language data: found, read, and hashed."""

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.bounds import read_within
from bot.reading.faults import RuleFault

SHIPPED = Path(__file__).parent.parent / "rules"


def read_table(file: Path) -> dict[str, Any]:
    """The file as a dictionary; RuleFault when it is missing, not UTF-8 or not TOML."""
    try:
        text = read_within(file).decode("utf-8-sig")
    except OSError as fault:
        raise RuleFault(file, "", "unreadable", why=fault.strerror) from fault
    except UnicodeDecodeError as fault:
        raise RuleFault(file, "", "not_utf8") from fault
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # also a number or a depth that no rule needs
        raise RuleFault(file, "", "toml", why=fault) from fault


def digest(files: Iterable[Path]) -> str:
    """A short hash over names and contents: two deployments with one digest decide alike."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return total.hexdigest()[:12]
