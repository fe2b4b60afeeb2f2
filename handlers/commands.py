"""Reading a command out of a line: /done 12, /办结 12, 办结12, 办结 第12件 已清运. Anything else is ordinary talk."""

import re
from dataclasses import dataclass
from functools import cached_property

WIDE = str.maketrans("０１２３４５６７８９／＃　", "0123456789/# ")  # same length: what follows stays as written
NUMBER = re.compile(r"\s*(?:第\s*(\d+)\s*件|#?(\d+))(?=\s|$)")
LATIN = re.compile(r"/([A-Za-z]+)(\d*)(?:@(\w+))?(?=\s|$)")
LARGEST = 10**9  # anything above is a number that no ticket has


@dataclass(frozen=True)
class Command:
    """`name` as the router knows it; `number` of the ticket if one was written; `args` the rest, as written."""

    name: str
    number: int | None
    args: str


@dataclass(frozen=True)
class Words:
    """What the router knows: Chinese word -> command, and which of them may be followed by free text."""

    by_word: dict[str, str]
    names: frozenset[str]
    with_text: frozenset[str]

    @cached_property
    def by_letter(self) -> dict[str, list[str]]:
        """The Chinese words under the letter with which they begin, the longest first."""
        found: dict[str, list[str]] = {}
        for word in sorted(self.by_word, key=len, reverse=True):
            found.setdefault(word[:1], []).append(word)
        return found

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The letters with which a line begins that may be a command."""
        return frozenset(["/", *self.by_letter])


class ForAnother(Exception):
    """A command for another bot: not ours, and no talk either."""


def read_command(text: str, words: Words, me: str | None) -> Command | None:
    """The command in this line, or None. Raises ForAnother for /done@somebodyelse."""
    line = without_call(text, me)
    if line[:1].translate(WIDE) not in words.beginnings:  # most lines
        return None
    flat = line.translate(WIDE)
    if found := LATIN.match(flat):
        return _latin(found, line, flat, words, me)
    return _word(line, flat, words)


def without_call(text: str, me: str | None) -> str:
    """The line without our own @name, wherever it stands: /done@gridbot 12, @gridbot 办结12. Others' names stay."""
    if not me or "@" not in text:
        return text.strip()
    return re.sub(rf"@{re.escape(me)}(?![A-Za-z0-9_])", " ", text, flags=re.IGNORECASE).strip()


def _latin(found: re.Match[str], line: str, flat: str, words: Words, me: str | None) -> Command | None:
    name, glued, whose = found.groups()
    if whose and me and whose.lower() != me.lower():
        raise ForAnother
    if name.lower() not in words.names:
        return None
    rest = found.end()
    return _whole(name.lower(), line[rest:], flat[rest:], words, glued)


def _word(line: str, flat: str, words: Words) -> Command | None:
    bare = flat.removeprefix("/")
    skipped = len(flat) - len(bare)
    for word in words.by_letter.get(bare[:1], ()):
        if not bare.startswith(word):
            continue
        name, start = words.by_word[word], skipped + len(word)
        after = flat[start:]
        if not after.strip() or NUMBER.match(after) or (skipped and after[:1].isspace()):
            return _whole(name, line[start:], after, words)
        if name in words.with_text and after[:1] in (" ", "\n", "\t", "：", ":", "，", ","):
            return Command(name, None, line[start + 1 :].strip())
    return None


def _whole(name: str, rest: str, flat: str, words: Words, glued: str = "") -> Command:
    """What takes free text takes no number: 登记 3 号楼灯坏了."""
    if name in words.with_text:
        return Command(name, None, (glued + rest).strip())
    return _with_number(name, rest, flat, glued)


def _with_number(name: str, rest: str, flat: str, glued: str = "") -> Command:
    if glued:
        return Command(name, _number(glued), rest.strip())
    if found := NUMBER.match(flat):
        return Command(name, _number(found[1] or found[2]), rest[found.end() :].strip())
    return Command(name, None, rest.strip())


def _number(digits: str) -> int:
    return min(int(digits[:10]), LARGEST)
