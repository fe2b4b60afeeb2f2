"""Where: the words that name a place, exactly as written, and a key under which 3号楼, 三栋 and 3# are one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.reading.normalise import alternation
from models.messages import Place

_WIDE = str.maketrans(
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ－—–＃號樓單門棟區層",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ---#号楼单门栋区层",
)
_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[A-Za-z]\d{0,2})"
_DOOR = r"(?<![\d:.~/-])\d{1,2}-\d{1,2}-\d{3,4}(?![\d-])|(?<![\d:.~/-])\d{1,2}-\d{3,4}(?![\d:.月年-]|[-~]\d)"
_DATE = r"(?<!月)(?<!周)(?<!星期)(?<!礼拜)"
_CHINESE = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_ASIDE = re.compile(r"^(?:的|那个|那|这)+|(?:的|那个|那|这)+$")


def arabic(number: str) -> str:
    """十二 -> 12, 三 -> 3; Latin letters in capitals; what is no number stays."""
    if not number or number[0] not in "一二三四五六七八九十":
        return number.upper()
    tens, ten, ones = number.rpartition("十")
    value = (_CHINESE.get(tens[-1:], 1) * 10 if ten else 0) + _CHINESE.get(ones[-1:], 0)
    return str(value)


GUESSED = 2  # what a name guessed from its ending is worth at most


class Places:
    """Compiled once from places.toml."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        relation, noun, fixture = (
            alternation(table["relations"]),
            alternation(table["nouns"]),
            alternation(table["fixtures"]),
        )
        numbered = _numbered(table)
        someone = rf"{table['people']}(?:家|屋里|屋后)"
        door = rf"{_DOOR}|(?:楼[上下]|隔壁)?(?<!\d)\d{{3,4}}(?=[室家房那把的楼漏装天这开已又]|$)|[A-Z]\d?-\d{{2,4}}"
        compass = r"[东西南北](?:[东西南北]?[边头侧面角区街院屋墙门])|[前后](?:[街院山墙门河浜])"
        own = r"(?:我家|我屋|咱家)?(?:楼[上下]|对门)|(?:我家|咱家|我屋|咱)(?:门口|门前|后头|后面|后院|旁边)"
        first = rf"{door}|{numbered}|负[一二三\d][楼层]?|[A-Z][区座栋幢口门]|{noun}|{compass}|{someone}"
        more = rf"{first}|{relation}|\d{{2,4}}(?:室|房)?|{fixture}|[北南东西]?[梯户]"
        joint = r"(?:的|那个|那|和|到)?"
        self._find = re.compile(rf"(?:{first}|{own}(?:那家|那)?(?:{noun})?)(?:{joint}(?:{more}))*")
        self._named = re.compile(
            rf"{_GUESS}{_NEAR}{_plain(table['stops'])}(?:{alternation(table['suffixes'])})(?!灯)(?:{joint}(?:{more}))*))"
        )
        self._tail = re.compile(
            rf"(?<=.)(?:{alternation(table['tails'])}|(?<![楼边路])上|下(?=$)(?<![楼地底桥山坡脚]下)|(?<=..)(?:{fixture}))$"
        )
        self._head = re.compile(rf"^(?:{alternation(table['heads'])})(?!家|门口|楼|对门|屋|门前|后)(?=..)")
        self._left = re.compile(rf"{_plain(table['stops'])}$")
        self._not = frozenset(table["not_places"])

    def find(self, text: str, landmarks: Sequence[str] = ()) -> Place | None:
        """The place that says most; None when the text names none."""
        plain = text.translate(_WIDE)
        spans = [span for name in landmarks if name and (span := _span(plain, name))]
        spans += [self._trim(plain, *found.span()) for found in self._find.finditer(plain)]
        if not any(_worth(plain[slice(*span)], landmarks) > GUESSED for span in spans):
            spans += [self._trim(plain, *found.span("name")) for found in self._named.finditer(plain)]
        spans = [span for span in spans if span[1] - span[0] > 1 and plain[slice(*span)] not in self._not]
        if not spans:
            return None
        start, end = max(spans, key=lambda span: (_worth(plain[slice(*span)], landmarks), -span[0], span[1]))
        known = [name for name in landmarks if name and name in plain[start:end]]
        return Place(text[start:end], max(known, key=len) if known else key(plain[start:end]))

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        """我们码头那块 -> 码头, and 批发 + 市场 -> 批发市场."""
        while head := self._head.search(text[start:end]):
            start += head.end()
        while tail := self._tail.search(text[start:end]):
            end = start + tail.start()
        return self._reach_left(text, start, end), end

    def _reach_left(self, text: str, start: int, end: int) -> int:
        """Take in the modifier that stands right before, if nothing but it stands there."""
        before = re.split(r"[\s,，。.!！?？;；、:：~…\]\"”“（）()@]", text[:start])[-1]
        if 1 <= len(before) <= 4 and self._left.fullmatch(before) and not text[start].isdigit():
            return start - len(before)
        return start


_NEAR = r"(?:(?:楼下|对面|隔壁|旁边|底下)(?:那家|那个|新开的?那?[个家]?)?)?"
_GUESS = r"(?:^|(?<=[\s,，。!！?？;；、:：在从往到去]))(?:我们|咱们|俺们|咱)?(?=(?P<name>"


def _plain(stops: str) -> str:
    """One to four characters of which names are made."""
    return rf"[^\W\d_a-zA-Z{stops}]{{1,4}}?"


def _numbered(table: Mapping[str, Any]) -> str:
    single = alternation(table["not_one"])
    return rf"{_DATE}(?<![\d.:-])(?!一(?:{single})){_NUMBER}(?:{alternation(table['numbered'])})(?!钟|左右|人)"


def _span(text: str, name: str) -> tuple[int, int] | None:
    at = text.find(name)
    return (at, at + len(name)) if at >= 0 else None


def _worth(written: str, landmarks: Sequence[str]) -> int:
    """A door or a building beats a landmark beats a unit or a noun; among equals the first named counts."""
    if re.search(r"\d-\d|[\d一二三四五六七八九十A-Z](?:号楼|幢|栋|座|#|号院|弄|巷|号)", written):
        return 4
    if written in landmarks:
        return 3
    return 2 if len(written) > 2 or re.search(r"[\d一二三四五六七八九十]", written) else 1


_BUILDING = re.compile(rf"({_NUMBER})(?:号楼|号院|号|幢|栋|座|#楼|#)")
_AREA = re.compile(rf"({_NUMBER}|[东西南北])(区|期|巷|弄|组|队|社|胡同)")
_UNIT = re.compile(rf"({_NUMBER})(?:单元|门)")
_ROOM = re.compile(r"(?<![\d-])(\d{3,4})(?!\d|[幢栋座#]|(?<!元\d{3})(?<!元\d{4})号)")
_FLOOR = re.compile(rf"(负?{_NUMBER})[楼层]")
_DASHED = re.compile(r"(\d{1,2})-(?:(\d{1,2})-)?(\d{3,4})")


def key(written: str) -> str:
    """3号楼2单元501 -> 3-2-501; 三栋 and 3# -> 3; a place without numbers is its own words."""
    plain = written.translate(_WIDE)
    if dashed := _DASHED.search(plain):
        return "-".join(part for part in dashed.groups() if part)
    parts = [_first(pattern, plain) for pattern in (_BUILDING, _UNIT, _ROOM)]
    area = "".join(arabic(found[1]) + found[2] for found in _AREA.finditer(plain))
    if not parts[2] and (floor := _first(_FLOOR, plain)):
        parts[2] = floor + "层"
    if not parts[0] and parts[1]:
        parts[0] = "?"
    if any(parts):
        return "-".join(part for part in (area, *parts) if part)
    return area or _ASIDE.sub("", re.sub(r"\s+", "", plain)).upper()


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if not found:
        return ""
    below = found[1].startswith("负")
    return ("负" if below else "") + arabic(found[1].removeprefix("负"))
