"""Characters that no database keeps: NUL and halves of surrogate pairs, which some clients send, become blanks."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Value = TypeVar("Value")


def storable(value: Value) -> Value:
    """The same value with every string in it fit to be stored; lengths and offsets stay as they are."""
    found: Any = value
    if isinstance(value, str):
        found = UNSTORABLE.sub(" ", value)
    elif isinstance(value, tuple):
        found = tuple(storable(part) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        found = replace(value, **{f.name: storable(getattr(value, f.name)) for f in fields(value)})
    return found  # type: ignore[no-any-return]
