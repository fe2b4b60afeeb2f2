"""Where: the words that name a place, exactly as written, and a key under which 3号楼, 三栋 and 3# are one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.reading.normalise import one_of
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


class Places:
    """Compiled once from places.toml."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        numbered = _DATE + rf"{_NUMBER}(?:{_any(table['numbered'])})(?!钟|左右)"
        noun, relation = _any(table["nouns"]), _any(table["relations"])
        named = rf"[\u4e00-\u9fff]{{1,3}}?(?:{_any(table['suffixes'])})"
        compass = r"[东西南北](?:[东西南北]?[边头侧面角区街院屋墙门])|[前后左右](?:[边侧]|院|街|墙|门|河|浜)"
        someone = rf"{table['people']}(?:家|那家|那户)?"
        first = rf"{_DOOR}|{numbered}|负[一二三\d][楼层]?|[A-Za-z][\d-]*\d{{2,3}}|(?:楼[上下])?\d{{3,4}}(?=室|家|房|那|把|[楼的漏装]|$)|{noun}|{compass}|{someone}"
        more = rf"{first}|\d{{2,4}}(?:室|房)?|{relation}"
        self._find = re.compile(rf"(?:我家|我们|咱|俺家|我屋)?(?:{first})(?:(?:的|那个|那|到)?(?:{more}))*")
        self._own = re.compile(rf"(?:我家|我屋)?(?:楼[上下]|对门|隔壁)(?:{first})?(?:{more})*")
        self._named = re.compile(rf"{named}(?:(?:的|那个|那|到)?(?:{more}))*")
        self._not = frozenset(table["not_places"])

    def find(self, text: str, landmarks: Sequence[str] = ()) -> Place | None:
        """The place that says most; None when the text names none."""
        plain = text.translate(_WIDE)
        spans = [found.span() for found in self._find.finditer(plain)]
        spans += [plain_span for name in landmarks if name and (plain_span := _span(plain, name))]
        spans = [span for span in spans if plain[slice(*span)] not in self._not]
        if not spans:
            return None
        start, end = max(spans, key=lambda span: (_worth(plain[slice(*span)], landmarks), -span[0]))
        return Place(text[start:end], key(plain[start:end]))


def _any(words: Sequence[str]) -> str:
    return one_of({word: word for word in words}).pattern


def _span(text: str, name: str) -> tuple[int, int] | None:
    at = text.find(name)
    return (at, at + len(name)) if at >= 0 else None


def _worth(written: str, landmarks: Sequence[str]) -> float:
    """A numbered door beats a landmark beats a noun; among equals the longer says more."""
    numbers = len(re.findall(r"\d+|[一二三四五六七八九十]+(?=[号幢栋座单楼层巷弄])", written))
    return 10 * numbers + 15 * (written in landmarks) + len(written)


_BUILDING = re.compile(rf"({_NUMBER})(?:号楼|号院|号|幢|栋|座|#楼|#)")
_AREA = re.compile(rf"({_NUMBER}|[东西南北])(区|期|巷|弄|组|队|社|胡同)")
_UNIT = re.compile(rf"({_NUMBER})(?:单元|门)")
_ROOM = re.compile(r"(?<![\d-])(\d{3,4})(?!\d|[号幢栋座#])")
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
