"""One spelling for what people type: widths, old characters, homophones, dialect, emoji codes (normalise.toml)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
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
# what nearly every line is made of, beside simplified characters: nothing in it combines with its neighbours
_MARKS = "，。！？：；、（）…～—“”‘’《》【】·"
_EVERYDAY = r"\u4e00-\u9fff0-9A-Za-z!\"#$%&'()*+,\-./:;<=>?\\^_`{|}~" + _MARKS
_EVERYDAY_CODE = re.compile(rf"\[[{_EVERYDAY.replace('…', '')} \n]{{1,8}}\]")
_NARROW = tuple((mark, narrow) for mark in _MARKS if (narrow := unicodedata.normalize("NFKC", mark)) != mark)


def one_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these strings, the longest first; a pattern that never matches when there is none.

    A search skips fastest to where one can begin when the pattern begins with the letters themselves.
    """
    return re.compile("|".join(_branches(_by_letter(words))) or r"(?!)")


def alternation(words: Iterable[str]) -> str:
    """The same as a part of a larger pattern, behind a test of the first letter: most places hold none."""
    by_letter = _by_letter(words)
    if not by_letter:
        return r"(?!)"
    return f"(?=[{''.join(map(re.escape, by_letter))}])(?:{'|'.join(_branches(by_letter))})"


def _by_letter(words: Iterable[str]) -> dict[str, list[str]]:
    by_letter: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]))
    return dict(sorted(by_letter.items()))


def _branches(by_letter: Mapping[str, list[str]]) -> list[str]:
    return [f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items()]


class Normaliser:
    """Built once from the table; `clean` is what rules and weights look at."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._same: dict[str, str] = {wrong: right for right, wrongs in table["same"].items() for wrong in wrongs}
        self._old = str.maketrans(table["traditional"]["from"], table["traditional"]["to"])
        self._keep = {f"[{code}]": mark for code, mark in table["codes"].items()}
        self._find_same = one_of(self._same)
        old = re.escape(table["traditional"]["from"])
        self._find_old = re.compile(f"[{old}]")
        self._find_odd = re.compile(f"[^{_EVERYDAY}]|[{old}]")
        self.clean = lru_cache(maxsize=64)(self._clean)
        """Lower case, simplified, no blanks, no emoji, no mentions; digits stay as they are. Several ask of one line.
        """

    def _clean(self, text: str) -> str:
        plain = self._drop_codes(_EVERYDAY_CODE, text) if "[" in text else text
        plain = plain.replace(" ", "").replace("\n", "")
        if self._find_odd.search(plain):
            plain = self._clean_odd(text)
        else:  # most lines: only the width of a mark may have to change
            for mark, narrow in _NARROW:
                plain = plain.replace(mark, narrow)
        return self._find_same.sub(self._right, plain.lower())

    def _clean_odd(self, text: str) -> str:
        """Whatever it is made of. The order matters: an emoji may stand inside a code, a blank ends a mention."""
        text = _EMOJI.sub("", unicodedata.normalize("NFKC", _EMOJI.sub("", text)))
        if "@" in text:
            text = _MENTION.sub("", text)
        text = _BLANKS.sub("", self._drop_codes(_CODE, text)).lower()
        return text.translate(self._old) if self._find_old.search(text) else text

    def _drop_codes(self, code: re.Pattern[str], text: str) -> str:
        return code.sub(lambda found: self._keep.get(found[0], ""), text)

    def _right(self, wrong: re.Match[str]) -> str:
        return self._same[wrong[0]]


def without_numbers(clean: str) -> str:
    """Every run of digits as one 0: house numbers and prices must not be learned by heart."""
    return _DIGITS.sub("0", clean)
