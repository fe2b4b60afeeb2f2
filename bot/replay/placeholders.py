"""Exports without files write [图片] or [语音 12"] into the text: these count as a file beside the words."""

import re
from functools import cache

from bot.replay.recorded import FileKind
from bot.replay.vocabulary import vocabulary


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(map(re.escape, vocabulary("placeholders")))
    # after the name only its length, size or file name may follow: [语音转文字] or a word of the text is no file
    return re.compile(rf"\[({names})(?:[\s:：,，x×*\d][^\[\]\n]{{0,60}})?\](?:\s?\d{{1,3}}[\"″”'′]+)?")


def set_apart(text: str) -> tuple[str, tuple[FileKind, ...]]:
    """(the words without placeholders, the files these stood for)."""
    if "[" not in text:
        return text, ()
    kinds = tuple(vocabulary("placeholders")[name] for name in _pattern().findall(text))
    return (_pattern().sub("", text).strip() if kinds else text), kinds
