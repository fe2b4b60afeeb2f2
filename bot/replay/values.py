"""Reads single fields out of parsed JSON without trusting their types."""

import json
from typing import Any

from bot.replay.recorded import Fault


def parse_object(line: str) -> dict[str, Any]:
    """The JSON object on this line, or a Fault. A hostile depth of brackets is a broken line, too."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as why:
        raise Fault("replay_not_json", why) from why
    return table(found)


def table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Fault("replay_not_an_object", type(value).__name__)
    return value


def rows_of(holder: dict[str, Any], key: str) -> list[Any]:
    """The list under that key; none if something else stands there."""
    found = holder.get(key)
    return found if isinstance(found, list) else []


def words(value: object) -> str:
    """A text, '' for null; anything else is a Fault."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Fault("replay_no_text", value)
    return value


def name_of(value: object) -> str | None:
    """An id or a name as a string; None for null, '' and what is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    return str(value)
