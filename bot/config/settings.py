"""Settings that have the right type and still cannot work: addresses, the zone, the database, thresholds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.config.faults import Fault, did_you_mean, fault
from bot.config.timing import timing_faults, timing_warnings

if TYPE_CHECKING:
    from bot.config.load import Config

PROXY_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


def setting_faults(config: Config) -> list[Fault]:
    checks = (_zone, _token, _servers, _proxy, _webhook, _database, _thresholds, _rules, timing_faults)
    return [found for check in checks for found in check(config)]


def setting_warnings(config: Config) -> list[Fault]:
    checks = (_no_token, _odd_token, _no_lift_number, timing_warnings)
    return [found for check in checks for found in check(config)]


def setting_lacks(config: Config) -> list[Fault]:
    return list(_no_gas_number(config))


def _zone(config: Config) -> Iterator[Fault]:
    try:
        ZoneInfo(config.zone)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(config.language, config.zone, available_timezones())
        yield fault(config.language, "zone", "zone", hint, written=config.zone)


def _token(config: Config) -> Iterator[Fault]:
    if re.search(r"[\s/?#]", config.telegram.token.strip()):
        yield fault(config.language, "telegram.token", "token_broken")


def _servers(config: Config) -> Iterator[Fault]:
    for key in ("base_url", "base_file_url"):
        if not _is_address(getattr(config.telegram, key), {"http", "https"}):
            yield fault(config.language, f"telegram.{key}", "address")


def _proxy(config: Config) -> Iterator[Fault]:
    if config.telegram.proxy and not _is_address(config.telegram.proxy, PROXY_SCHEMES):
        yield fault(config.language, "telegram.proxy", "proxy")


def _is_address(written: str, schemes: set[str] | frozenset[str]) -> bool:
    try:
        parts = urlsplit(written)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _webhook(config: Config) -> Iterator[Fault]:
    telegram = config.telegram
    if not telegram.webhook_url:
        return
    if not _is_address(telegram.webhook_url, {"https"}):
        yield fault(config.language, "telegram.webhook_url", "webhook_url")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", telegram.webhook_secret):
        yield fault(config.language, "telegram.webhook_secret", "webhook_secret")


def _database(config: Config) -> Iterator[Fault]:
    try:
        url = make_url(config.database.url)
    except (ArgumentError, ValueError):
        yield fault(config.language, "database.url", "database_url")
        return
    yield from _engine(url, config.language)


def _engine(url: URL, language: str) -> Iterator[Fault]:
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        if url.database in (None, "", ":memory:"):  # nothing would survive, and threads would each see their own
            yield fault(language, "database.url", "database_in_memory")
        elif not Path(url.database or "").parent.is_dir():
            yield fault(language, "database.url", "database_folder", folder=Path(url.database or "").parent)
    elif url.drivername in ("postgresql", "postgresql+psycopg"):
        if find_spec("psycopg") is None:
            yield fault(language, "database.url", "database_driver")
    else:
        yield fault(language, "database.url", "database_url")


def _thresholds(config: Config) -> Iterator[Fault]:
    open_at, ask_at = config.reading.open, config.reading.ask
    if ask_at > open_at:
        yield fault(config.language, "reading.ask", "thresholds", ask=ask_at, open=open_at)
        return
    for number, group in enumerate(config.groups, 1):
        mine = group.reading_open or open_at, group.reading_ask or ask_at
        if mine[1] > mine[0]:
            key = f"groups[{number}].reading_ask"
            yield fault(config.language, key, "thresholds", ask=mine[1], open=mine[0])


def _rules(config: Config) -> Iterator[Fault]:
    if config.reading.rules and not Path(config.reading.rules).is_file():
        yield fault(config.language, "reading.rules", "rules_missing", path=config.reading.rules)


def _no_token(config: Config) -> Iterator[Fault]:
    if not config.telegram.token:
        yield fault(config.language, "telegram.token", "token_missing")


def _odd_token(config: Config) -> Iterator[Fault]:
    token = config.telegram.token
    if token and not re.fullmatch(r"\d+:[\w-]+", token):
        yield fault(config.language, "telegram.token", "token_odd")


def _no_gas_number(config: Config) -> Iterator[Fault]:
    if not config.hotlines.gas:
        yield fault(config.language, "hotlines.gas", "gas_missing")


def _no_lift_number(config: Config) -> Iterator[Fault]:
    if not config.hotlines.lift:
        yield fault(config.language, "hotlines.lift", "lift_missing")
