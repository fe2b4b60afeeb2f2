"""Every sentence that the bot says, by key, in one language. zh is the default; en has the same keys and slots."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from models.posts import MentionOut, Segment, Text

SLOT = re.compile(r"\{(\w+)\}")


class Texts:
    """Sentences of one language. Values may be words, numbers, mentions, or whole segments; nothing is escaped here."""

    def __init__(self, language: str) -> None:
        self.language = language
        file = Path(__file__).with_name(f"texts.chat.{language}.toml")
        self._words: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        self._parts: dict[str, list[str]] = {}

    def line(self, key: str, **values: object) -> str:
        """The sentence as plain words."""
        return "".join([_plain(values[part]) if i % 2 else part for i, part in enumerate(self._split(key))])

    def word(self, table: str, key: str) -> str:
        """One word out of a table ([roles], [categories], [states] …); the key itself when the table lacks it."""
        return str(self._words[table].get(key, key))

    def table(self, name: str) -> dict[str, str]:
        return dict(self._words[name])

    def segments(self, key: str, **values: object) -> tuple[Segment, ...]:
        """The sentence with its values in place."""
        found: list[Segment] = []
        for i, part in enumerate(self._split(key)):
            found += _as_segments(values[part]) if i % 2 else [Text(part)]
        return tuple(_joined(found))

    def _split(self, key: str) -> list[str]:
        """Words and names of slots in turn."""
        if key not in self._parts:
            self._parts[key] = SLOT.split(self._words[key])
        return self._parts[key]


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    return "".join([s.text if isinstance(s, Text) else s.name for s in _as_segments(value)])


def _as_segments(value: object) -> list[Segment]:
    if isinstance(value, Text | MentionOut):
        return [value]
    if isinstance(value, tuple):
        return [s for v in value for s in _as_segments(v)]
    return [Text(str(value))]


def _joined(segments: list[Segment]) -> list[Segment]:
    """Neighbouring plain words become one segment; empty ones fall out."""
    found: list[Segment] = []
    for s in segments:
        if isinstance(s, Text) and found and isinstance(last := found[-1], Text) and last.bold == s.bold:
            found[-1] = Text(last.text + s.text, s.bold)
        elif isinstance(s, MentionOut) or s.text:
            found.append(s)
    return found


@cache
def texts_in(language: str) -> Texts:
    return Texts(language)
