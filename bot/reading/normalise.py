"""One spelling for what people type: widths, old characters, homophones, dialect, emoji codes (normalise.toml)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

# what is left of a picture or a feeling: dropped, so that emoji never change a verdict
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\ufe00-\ufe0f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e01ef]"
)
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\xa0\xad]+")
_MENTION = re.compile(r"@[^\s@,，:：。！!?？]{1,12}[\s,，:：]?")
_CODE = re.compile(r"\[[^\[\]]{1,8}\]")
_DIGITS = re.compile(r"\d+")


def one_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these strings, the longest first; a pattern that never matches when there is none."""
    return re.compile(alternation(words))


def alternation(words: Iterable[str]) -> str:
    """One branch a first letter, behind a test of that letter: hundreds of words cost as little as a few."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]))
    if not by_letter:
        return r"(?!)"
    branches = (f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in sorted(by_letter.items()))
    return f"(?=[{''.join(map(re.escape, sorted(by_letter)))}])(?:{'|'.join(branches)})"


class Normaliser:
    """Built once from the table; `clean` is what rules and weights look at."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._same = {wrong: right for right, wrongs in table["same"].items() for wrong in wrongs}
        self._old = str.maketrans(table["traditional"]["from"], table["traditional"]["to"])
        self._keep = {f"[{code}]": mark for code, mark in table["codes"].items()}
        self._find_same = one_of(self._same)
        self._find_old = re.compile(f"[{re.escape(table['traditional']['from'])}]")

    def clean(self, text: str) -> str:
        """Lower case, simplified, no blanks, no emoji, no mentions; digits stay as they are."""
        text = _EMOJI.sub("", unicodedata.normalize("NFKC", _EMOJI.sub("", text)))
        if "@" in text:
            text = _MENTION.sub("", text)
        if "[" in text:
            text = _CODE.sub(lambda code: self._keep.get(code[0], ""), text)
        text = _BLANKS.sub("", text).lower()
        if self._find_old.search(text):
            text = text.translate(self._old)
        return self._find_same.sub(lambda wrong: self._same[wrong[0]], text)


def without_numbers(clean: str) -> str:
    """Every run of digits as one 0: house numbers and prices must not be learned by heart."""
    return _DIGITS.sub("0", clean)
