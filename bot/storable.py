"""Characters that no database keeps: NUL and halves of surrogate pairs, which some clients send, become blanks."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Value = TypeVar("Value")


def storable(value: Value) -> Value:
    """The same value with every string in it fit to be stored; lengths and offsets stay as they are."""
    return value if _is_storable(value) else _mended(value)


def _is_storable(value: object) -> bool:
    if isinstance(value, str):
        return UNSTORABLE.search(value) is None
    if isinstance(value, tuple):
        return all(map(_is_storable, value))
    return not is_dataclass(value) or all(map(_is_storable, vars(value).values()))


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return UNSTORABLE.sub(" ", value)
    if isinstance(value, tuple):
        return tuple(map(_mended, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _mended(getattr(value, f.name)) for f in fields(value)})
    return value
