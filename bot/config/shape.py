"""Unknown keys and wrong types, said in the operator's words instead of pydantic's."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config.faults import Fault, did_you_mean, fault

Location = tuple[int | str, ...]
SECRETS = frozenset({"token", "proxy", "webhook_secret", "url"})  # what was written there is never repeated

WANTED = {
    "int": "whole_number",
    "float": "number",
    "finite": "number",
    "string": "text",
    "bool": "yes_no",
    "tuple": "list",
    "model": "section",
    "date": "date",
}
SAID = frozenset(
    {"missing", "string_too_short", "clock_time", "talk_call", "week_time", "window", "windows", "term"}
    | {"duty_days", "duty_moment"}
)
BOUNDS = {"greater_than_equal": "≥ {ge}", "greater_than": "> {gt}", "less_than_equal": "≤ {le}", "less_than": "< {lt}"}


def shape_faults(model: type[BaseModel], wrong: ValidationError, data: dict[str, Any], language: str) -> list[Fault]:
    """One fault for each thing that pydantic refused."""
    return [_explain(model, error, data, language) for error in wrong.errors(include_url=False)]


def _explain(model: type[BaseModel], error: ErrorDetails, data: dict[str, Any], language: str) -> Fault:
    key, kind, location = key_of(error["loc"], data), error["type"], error["loc"]
    if kind == "extra_forbidden":
        known = section_at(model, location[:-1]).model_fields
        hint = did_you_mean(language, str(location[-1]), known)
        return fault(language, key, "unknown_key", hint, known=", ".join(known))
    if kind == "literal_error":
        return _not_among(error, key, language)
    if kind in BOUNDS:
        bound = BOUNDS[kind].format(**error["ctx"])
        return fault(language, key, "out_of_range", written=_shown(error), bound=bound)
    if kind == "tuple_type" and len(location) == 1:
        return fault(language, key, "single_brackets", section=key)
    wanted = WANTED.get(kind.partition("_")[0])
    if kind in SAID:
        return fault(language, key, kind)
    return fault(language, key, f"wanted_{wanted}" if wanted else "wrong", written=_shown(error), why=error["msg"])


def _not_among(error: ErrorDetails, key: str, language: str) -> Fault:
    known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    hint = did_you_mean(language, str(error["input"]), known)
    return fault(language, key, "not_among", hint, written=_shown(error), known=", ".join(known))


def _shown(error: ErrorDetails) -> str:
    """What stands in the file, short and as TOML writes it; nothing of it where it may be a secret."""
    written = error["input"]
    if SECRETS & set(error["loc"]):
        return "…"
    if isinstance(written, dict | list):
        return "{…}" if isinstance(written, dict) else "[…]"
    if isinstance(written, str) and len(written) > 40:
        written = written[:39] + "…"
    return json.dumps(written, ensure_ascii=False, default=str)


def without_faulty(data: dict[str, Any], wrong: ValidationError) -> dict[str, Any]:
    """The same file without the settings that pydantic refused."""
    rest = deepcopy(data)
    for error in wrong.errors(include_url=False):
        *_, (section, key) = _sections_along(rest, error["loc"])
        section.pop(key, None)
    return rest


def _sections_along(data: Any, location: Location) -> Iterator[tuple[dict[str, Any], str]]:
    """Each table on the way to this place, with the key that leads on."""
    for part in location:
        if isinstance(part, str) and isinstance(data, dict):
            yield data, part
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return


def section_at(model: type[BaseModel], location: Location) -> type[BaseModel]:
    """The model that stands at this place of the file."""
    for part in location:
        if isinstance(part, str):
            model = _element(model.model_fields[part].annotation)
    return model


def _element(annotation: Any) -> Any:
    """tuple[X, ...] and Annotated[X, …] -> X."""
    while get_origin(annotation) in (tuple, Annotated):
        annotation = get_args(annotation)[0]
    return annotation


def key_of(location: Location, data: Any) -> str:
    """people[2 张利萍].posts[1].role: list entries counted from 1, with their name where they have one."""
    return "".join(_steps(location, data)).lstrip(".")


def _steps(location: Location, data: Any) -> Iterator[str]:
    for part in location:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(part, str):
            yield f".{part}"
        else:
            name = data.get("name") if isinstance(data, dict) else None
            yield f"[{part + 1} {name}]" if isinstance(name, str) and name else f"[{part + 1}]"
