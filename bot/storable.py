"""Characters that no database keeps: NUL and halves of surrogate pairs, which some clients send, become blanks."""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

PLAIN = frozenset({str, type(None), bool, int, float, datetime})  # hold nothing else
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Value = TypeVar("Value")


def storable(value: Value) -> Value:
    """The same value with every string in it fit to be stored; lengths and offsets stay as they are."""
    return value if _is_storable(value) else _mended(value)


def _is_storable(value: object) -> bool:
    """Asked of every message: most of its parts are plain strings and what cannot hold one."""
    parts = [value] if isinstance(value, str) else [part for part in _parts(value) if part]
    if UNSTORABLE.search("".join([part for part in parts if type(part) is str])) is not None:
        return False
    return all(_is_storable(part) for part in parts if type(part) not in PLAIN)


def _parts(value: object) -> Iterable[Any]:
    if isinstance(value, tuple):
        return value
    return vars(value).values() if is_dataclass(value) else ()


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return UNSTORABLE.sub(" ", value)
    if isinstance(value, tuple):
        return tuple(map(_mended, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _mended(getattr(value, f.name)) for f in fields(value)})
    return value
