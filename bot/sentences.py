"""The sentences of the command line, beside everything else that the bot says."""

import re
import tomllib
from functools import cache
from importlib.resources import files

SLOT = re.compile(r"\{(\w+)\}")


@cache
def sentences(language: str) -> dict[str, str]:
    """Every text of one language, by key."""
    written = files("handlers").joinpath(f"texts.{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(written)


def say(language: str, key: str, /, **values: object) -> str:
    """One sentence with its values filled in."""
    return SLOT.sub(lambda slot: str(values[slot[1]]), sentences(language)[key])
