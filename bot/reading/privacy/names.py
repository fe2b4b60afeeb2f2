"""A full name beside a door tells who lives there: of such a name only the surname stays."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.reading.normalise import alternation
from bot.reading.privacy.numbers import Hidden
from bot.reading.tables import SHIPPED, read_table
from bot.reading.words import encodable, tags

_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十百零〇]{1,5}|[A-Za-z]\d{0,2})"
_BUILDING = rf"{_NUMBER}\s*(?:号楼|栋|幢|座|号院|#)\s*(?:{_NUMBER}\s*(?:单元|门|区)\s*)?"
_ROOM = r"(?:\d{3,4}|[一二三四五六七八九零〇]{3,4})(?!\d)\s*(?:室|号房|号|房|户)?"
_DOOR = rf"(?:{_BUILDING}{_ROOM}|\d{{1,2}}-(?:\d{{1,2}}-)?\d{{3,4}}(?!\d)\s*(?:室|号|户)?|(?<!\d)\d{{3,4}}(?:室|户|房))"
_BARE_ROOM = r"(?<![\d.:-])[1-9]\d{2,3}(?!\d)"  # 501李秀英: only a name behind it makes it a door
_ASIDE = r"[\s,，、:：(（]*"
_HAN = "[\u4e00-\u9fff]"
_DIGIT = re.compile(r"\d|[栋幢单室]")
GIVEN = 2  # letters of a given name, at most
PLAIN = frozenset({"n", "ns", "nz", "a", "z"})  # parts of speech of words that people are named with


class _Words(NamedTuple):
    """Compiled once from privacy.toml. `after`: a door with what may follow; the name begins where it ends."""

    after: re.Pattern[str]
    before: re.Pattern[str]
    titled: re.Pattern[str]
    compound: tuple[str, ...]
    common: frozenset[str]
    then: frozenset[str]
    not_given: str
    not_names: tuple[str, ...]


@cache
def _words() -> _Words:
    table = read_table(SHIPPED / "privacy.toml")
    surname = rf"(?:{alternation(table['compound'])}|[{table['surnames']}])"
    linked, lead = alternation(table["after_door"]), alternation(table["before_name"])
    name = rf"(?={surname}{_HAN})"
    start = rf"(?:^|(?<=[\s,，。；;、:：(（!！?？])|(?<={_HAN})(?:{lead})|^(?:{lead}))"
    return _Words(
        re.compile(rf"(?:{_DOOR}{_ASIDE}(?:{linked})?{_ASIDE}|{_BARE_ROOM}\s?(?:{linked})?){name}"),
        re.compile(
            rf"{start}{_ASIDE}(?P<name>{surname}{_HAN}{{1,{GIVEN}}}){_ASIDE}(?:{alternation(table['before_door'])})?{_ASIDE}{_DOOR}"
        ),
        re.compile(rf"(?:{alternation(table['titles'])})"),
        tuple(table["compound"]),
        frozenset(table["common"]),
        frozenset(table["then"]),
        table["not_given"],
        tuple(table["not_names"]),
    )


def names_in(text: str) -> Iterator[Hidden]:
    """The given names to star, of full names right behind a door or right before one."""
    if not _DIGIT.search(text):
        return
    words = _words()
    for door in words.after.finditer(text):
        yield from _given(text, door.end())
    for door in words.before.finditer(text):
        yield from _given(text, door.start("name"), door.end("name"))


def _given(text: str, start: int, most: int | None = None) -> Iterator[Hidden]:
    """What follows the surname, if the whole is a person's name: no title (王阿姨), no everyday word (高空, 马桶)."""
    words = _words()
    surname = next((s for s in words.compound if text.startswith(s, start)), text[start])
    begin = start + len(surname)
    if words.titled.match(text, begin) or text.startswith(words.not_names, start):
        return
    given = _given_name(text[start : begin + GIVEN + 4], surname)
    if given:
        yield begin, min(begin + len(given), most or len(text))


def _given_name(beginning: str, surname: str) -> str:
    """By the dictionary's parts of speech, with what follows and without it: the shorter name that either sees."""
    longest = len(surname) + GIVEN
    seen = {_by_tags(beginning, surname), _by_tags(beginning[:longest], surname)} - {""}
    return min(seen, key=len) if seen else _by_what_follows(beginning, surname)


def _by_tags(beginning: str, surname: str) -> str:
    tagged = list(tags(encodable(beginning)))
    word, kind = tagged[0]
    if word == surname and len(tagged) > 1:
        word, kind = surname + tagged[1][0], tagged[1][1]
    given = word[len(surname) :].rstrip(_words().not_given)
    return given if kind.startswith("nr") and len(given) <= GIVEN else ""


def _by_what_follows(beginning: str, surname: str) -> str:
    """赵铁柱打我: a common surname, a word of two letters, and then what is said of people."""
    words = _words()
    if surname not in words.common:
        return ""
    (first, _), *rest = tags(encodable(beginning))
    behind = beginning[len(surname) + GIVEN :][:1]
    told = first == surname and bool(rest) and len(rest[0][0]) == GIVEN and rest[0][1] in PLAIN
    return rest[0][0] if told and (not behind or behind in words.then) else ""
