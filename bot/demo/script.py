"""What the demo says and plays, in one language: the page's words, the cast, the sample sentences, the story."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.config.load import Config
from bot.config.roll import Roll
from models.messages import Sender

RESIDENTS, STAFF = "-1", "-2"
BOT = Sender("1", "", "bot")
IDS = {"wang": "1001", "li": "1002", "zhang": "1003", "shuji": "1004"}
ROLES = {"zhang": ("grid", "grid_member"), "shuji": ("community", "cadre")}


@dataclass(frozen=True)
class Spoken:
    """One line of the opening; `minute` counts from its start."""

    minute: int
    who: str
    text: str


@dataclass(frozen=True)
class Script:
    words: Mapping[str, Any]

    @property
    def cast(self) -> dict[str, Sender]:
        return {key: Sender(IDS[key], one["name"]) for key, one in self.words["cast"].items()}

    @property
    def bot(self) -> Sender:
        return Sender(BOT.id, self.words["town"]["bot"], "bot")

    @property
    def groups(self) -> dict[str, str]:
        town = self.words["town"]
        return {RESIDENTS: town["residents_group"], STAFF: town["staff_group"]}

    @property
    def prelude(self) -> tuple[Spoken, ...]:
        return tuple(Spoken(**line) for line in self.words["prelude"])

    def town(self, base: Config) -> Config:
        """The neighbourhood of the demo under the behaviour that `base` asks for."""
        town = self.words["town"]
        roll = {
            "units": [
                {"name": town["community"], "level": town["community_level"]},
                {"name": town["grid"], "level": town["grid_level"], "parent": town["community"]},
            ],
            "people": [self._person(key) for key in ROLES],
            "groups": [
                {"unit": town["grid"], "telegram": int(RESIDENTS)},
                {"unit": town["grid"], "telegram": int(STAFF), "kind": "staff"},
            ],
        }
        written = Roll.model_validate(roll)
        return base.model_copy(update={name: getattr(written, name) for name in Roll.model_fields})

    def _person(self, key: str) -> dict[str, Any]:
        unit, role = ROLES[key]
        posts = [{"unit": self.words["town"][unit], "role": role}]
        return {"name": self.words["cast"][key]["name"], "telegram": int(IDS[key]), "posts": posts}


@cache
def script_in(language: str) -> Script:
    written = files("handlers").joinpath(f"texts.demo.{language}.toml").read_text(encoding="utf-8")
    return Script(tomllib.loads(written))
