"""config.toml: its sections, and reading it so that every mistake is named with its cure."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from bot.bounds import read_within
from bot.config.duty_law import duty_faults, duty_warnings
from bot.config.faults import ConfigFaults, Fault, fault
from bot.config.file import language_of, parse, read_secret
from bot.config.law import roll_faults, roll_warnings
from bot.config.roll import Roll
from bot.config.settings import setting_faults, setting_lacks, setting_warnings
from bot.config.shape import shape_faults, without_faulty
from bot.observing.veil import hide_secrets
from bot.reading.places import key as place_key
from handlers.policy import Policy
from handlers.section import Section

ENVIRONMENT = {
    "GRIDBOT_TELEGRAM_TOKEN": ("telegram", "token"),
    "GRIDBOT_TELEGRAM_PROXY": ("telegram", "proxy"),
    "GRIDBOT_TELEGRAM_WEBHOOK_SECRET": ("telegram", "webhook_secret"),
    "GRIDBOT_DATABASE_URL": ("database", "url"),
}


Secret = Annotated[str, StringConstraints(strip_whitespace=True), Field(repr=False)]


class Telegram(Section):
    """How to reach Telegram, or any server that speaks its Bot API. Secrets stay out of every repr."""

    token: Secret = ""
    token_file: str = ""
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    proxy: Secret = ""
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1"
    webhook_port: Annotated[int, Field(ge=1, le=65535)] = 8443
    webhook_secret: Secret = ""


class Database(Section):
    url: Secret = "sqlite:///gridbot.db"


class Logs(Section):
    format: Literal["text", "json"] = "text"


class Observe(Section):
    """A door for operators alone; port 0 keeps it shut."""

    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 0


class Config(Policy, Roll):
    """The whole file. What handlers may know of it is `policy`."""

    telegram: Telegram = Telegram()
    database: Database = Database()
    logs: Logs = Logs()
    observe: Observe = Observe()

    @property
    def policy(self) -> Policy:
        policy = Policy(**{name: getattr(self, name) for name in Policy.model_fields})
        keyed = (r.model_copy(update={"scope": tuple(map(place_key, r.scope))}) for r in self.routes)
        return policy.model_copy(update={"routes": tuple(keyed)})

    def faults(self) -> list[Fault]:
        """What the types cannot see; any of these keeps the bot from starting."""
        return [*setting_faults(self), *roll_faults(self, self.language), *duty_faults(self)]

    def lacks(self) -> list[Fault]:
        """What no neighbourhood should be without: `check` fails for it, a running bot only says so."""
        return setting_lacks(self)

    def warnings(self) -> list[Fault]:
        """What will work, but not as somebody may expect."""
        return [*setting_warnings(self), *roll_warnings(self, self.language), *duty_warnings(self)]


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Read, complete from the environment and secret files, and judge; raises ConfigFaults with all that is wrong."""
    raw = _read(path)
    language = language_of(raw)
    data = parse(raw, path.name, language)
    return build(data, path.parent, language, environment)


def _read(path: Path) -> bytes:
    try:
        return read_within(path)
    except FileNotFoundError:
        raise ConfigFaults([fault("zh", str(path), "file_missing")]) from None
    except OSError as why:
        raise ConfigFaults([fault("zh", str(path), "file_unreadable", why=why.strerror or str(why))]) from None


def build(data: dict[str, Any], folder: Path, language: str, environment: Mapping[str, str]) -> Config:
    """A sound Config from the parsed file; `folder` is where the paths in it start."""
    data = _with_environment(data, environment)
    hide_secrets(data)
    try:
        config = _with_files(Config.model_validate(data), folder)
    except ValidationError as wrong:
        shape = shape_faults(Config, wrong, data, language)
        raise ConfigFaults([*shape, *_faults_of_the_rest(data, wrong)]) from None
    if faults := config.faults():
        raise ConfigFaults(faults)
    return config


def _faults_of_the_rest(data: dict[str, Any], wrong: ValidationError) -> list[Fault]:
    """What else is wrong beside the types, so that one look names it all - but no slip twice."""
    lost = {error["loc"][0] for error in wrong.errors() if error["type"] != "extra_forbidden"}
    if lost & {*Roll.model_fields, "routes"}:  # lists whose entries cannot do without what is wrong in them
        return []
    return Config.model_validate(without_faulty(data, wrong)).faults()


def _with_environment(data: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The environment wins over the file: it is where a container keeps its secrets."""
    merged = dict(data)
    for variable, (section, key) in ENVIRONMENT.items():
        there = merged.get(section, {})
        if environment.get(variable) and isinstance(there, dict):  # else the types will name the wrong section
            merged[section] = {**there, key: environment[variable]}
    return merged


def _with_files(config: Config, folder: Path) -> Config:
    """Fill in what stands in other files: the token, and the place of the deployment's own rules."""
    telegram, reading = config.telegram, config.reading
    if telegram.token_file and not telegram.token:
        token = read_secret(folder / telegram.token_file, config.language)
        hide_secrets({"telegram": {"token": token}})
        telegram = telegram.model_copy(update={"token": token})
    if reading.rules:
        reading = reading.model_copy(update={"rules": str(folder / reading.rules)})
    return config.model_copy(update={"telegram": telegram, "reading": reading})
