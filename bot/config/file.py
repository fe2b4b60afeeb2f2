"""From the bytes of config.toml to its data: encoding and syntax, each fault with its cure."""

import codecs
import re
import tomllib
from pathlib import Path
from typing import Any

from bot.bounds import read_within
from bot.config.faults import ConfigFaults, fault

DEEPEST = 20  # tables within tables


def language_of(raw: bytes) -> str:
    """The language the file asks for, also when the rest of it cannot be read."""
    asked = re.search(rb"""^\s*language\s*=\s*["'](zh|en)["']""", raw, re.MULTILINE)
    return asked[1].decode() if asked else "zh"


def parse(raw: bytes, name: str, language: str) -> dict[str, Any]:
    """The data of the file; raises ConfigFaults when it is not UTF-8 or not TOML."""
    try:
        return _shallow(tomllib.loads(_decode(raw, name, language)))
    except (ValueError, RecursionError) as wrong:  # its words name line and column, never what may be a secret
        raise ConfigFaults([fault(language, name, "toml_syntax", why=wrong)]) from None


def _shallow(data: dict[str, Any]) -> dict[str, Any]:
    """The same data; RecursionError when it is deeper than any settings of ours."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return data
    raise RecursionError("nested too deeply")


def _parts(whole: Any) -> list[Any]:
    if isinstance(whole, dict):
        return list(whole.values())
    return whole if isinstance(whole, list) else []


def _decode(raw: bytes, name: str, language: str) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConfigFaults([fault(language, name, "not_utf8", encoding="UTF-16")])
    try:
        return raw.decode("utf-8-sig")  # Notepad's byte order mark is harmless
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        encoding = "GBK" if _reads_as_gbk(raw) else "?"
        raise ConfigFaults([fault(language, f"{name}:{line}", "not_utf8", encoding=encoding)]) from None


def _reads_as_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def read_secret(path: Path, language: str) -> str:
    """The one line of a secret's own file."""
    try:
        secret = read_within(path).decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigFaults([fault(language, "telegram.token_file", "secret_unreadable", path=path)]) from None
    if not secret:
        raise ConfigFaults([fault(language, "telegram.token_file", "secret_unreadable", path=path)])
    return secret
