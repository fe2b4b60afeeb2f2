"""The words of vocabulary.toml, read once."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def vocabulary(*path: str) -> Any:
    """The table or word at that path, for example vocabulary("memotrace", "kinds")."""
    found: Any = tomllib.loads(files("bot.replay").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    for step in path:
        found = found[step]
    return found
