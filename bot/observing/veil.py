"""Secrets are starred wherever the process writes something: a token, the password of a proxy or database, a secret."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

STARS = "***"
SHORT = 8  # signs; a shorter secret is starred only where it stands alone, else half of all words would be
TOKEN = re.compile(r"(?<!\d)(\d{5,})(:|%3A)[\w-]{20,}", re.IGNORECASE)
PASSWORD = re.compile(r"(://[^\s:/@]*):\S+@")


class Veil:
    """What this process must never say. There is one: secrets belong to the process, not to a part of it."""

    def __init__(self) -> None:
        self._hidden: set[str] = set()
        self._known: re.Pattern[str] | None = None

    def hide(self, *secrets: str) -> None:
        """From now on, in any way in which it may be written."""
        self._hidden |= {form for secret in secrets if secret.strip() for form in _forms(secret.strip())}
        longest_first = sorted(self._hidden, key=len, reverse=True)
        self._known = re.compile("|".join(map(_pattern, longest_first)), re.IGNORECASE) if longest_first else None

    def over(self, text: str) -> str:
        """The text with stars where a secret stood, or what looks like a bot's token or a password in an address."""
        known = self._known.sub(STARS, text) if self._known else text
        return PASSWORD.sub(rf"\1:{STARS}@", TOKEN.sub(rf"\1\2{STARS}", known))


VEIL = Veil()


def hide_secrets(data: Mapping[str, Any]) -> None:
    """Those of a configuration, which need not be a sound one."""
    telegram, database = data.get("telegram"), data.get("database")
    for section in (telegram, database):
        if isinstance(section, str):  # somebody wrote the secret where its section belongs
            VEIL.hide(section)
    if isinstance(telegram, Mapping):
        VEIL.hide(*_of_telegram(telegram))
    if isinstance(database, Mapping) and isinstance(database.get("url"), str):
        VEIL.hide(*_of_database(database["url"]))


def _of_telegram(telegram: Mapping[str, Any]) -> Iterator[str]:
    written = {key: telegram.get(key) for key in ("token", "webhook_secret", "proxy")}
    texts = {key: value for key, value in written.items() if isinstance(value, str)}
    if token := texts.get("token"):
        yield token
        yield token.rpartition(":")[2]
    yield texts.get("webhook_secret", "")
    yield from _of_proxy(texts.get("proxy", ""))


def _of_proxy(proxy: str) -> Iterator[str]:
    try:
        parts = urlsplit(proxy)
    except ValueError:
        yield proxy
        return
    user, password = parts.username or "", parts.password or ""
    if password:
        yield password
        yield base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()


def _of_database(url: str) -> Iterator[str]:
    from sqlalchemy.engine import make_url  # here: the command line loads us before it knows what it will need
    from sqlalchemy.exc import ArgumentError

    try:
        password = make_url(url).password
    except (ArgumentError, ValueError):
        yield url
        return
    yield str(password or "")


def _forms(secret: str) -> Iterator[str]:
    """As it is, and as addresses, JSON and Python would write it."""
    for form in (secret, unquote(secret)):
        yield form
        yield quote(form, safe="")
        yield quote(form)
        yield quote_plus(form)
        yield json.dumps(form)[1:-1]
        yield json.dumps(form, ensure_ascii=False)[1:-1]
        yield repr(form)[1:-1]


def _pattern(form: str) -> str:
    return re.escape(form) if len(form) >= SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
