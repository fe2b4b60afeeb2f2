"""Where: the words that name a place, exactly as written, and a key under which 3号楼, 三栋 and 3# are one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.reading.normalise import alternation
from bot.reading.spans import Span, Spans
from models.messages import Place

_WIDE = str.maketrans(
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ－—–＃號樓單門棟區層",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ---#号楼单门栋区层",
)
_ANY_WIDE = re.compile(f"[{''.join(map(chr, _WIDE))}]")
_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[A-Za-z]\d{0,2})"
_DOOR = r"(?<![\d:.~/-])\d{1,2}-\d{1,2}-\d{3,4}(?![\d-])|(?<![\d:.~/-])\d{1,2}-\d{3,4}(?![\d:.月年-]|[-~]\d)"
_TIME = re.compile(r"[\d:：.点分年月日号周至到\-~—上下午早晚]+")
_DATE = r"(?<!月)(?<!周)(?<!星期)(?<!礼拜)"
_CHINESE = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
CHINESE = frozenset("一二三四五六七八九十")  # the numerals with which a door may be written
_ASIDE = re.compile(r"^(?:的|那个|那|这)+|(?:的|那个|那|这)+$")


def narrow(text: str) -> str:
    """One character for one, so that offsets stay; asked first, for a table of characters is slow."""
    return text.translate(_WIDE) if _ANY_WIDE.search(text) else text


def arabic(number: str) -> str:
    """十二 -> 12, 三 -> 3; Latin letters in capitals; what is no number stays."""
    if not number or number[0] not in "一二三四五六七八九十":
        return number.upper()
    tens, ten, ones = number.rpartition("十")
    value = (_CHINESE.get(tens[-1:], 1) * 10 if ten else 0) + _CHINESE.get(ones[-1:], 0)
    return str(value)


GUESSED, KNOWN = 2, 3  # what a name guessed from its ending is worth at most; what one on the grid's own list is worth
LONGEST_LEFT = 4  # characters of a modifier: 批发 + 市场


class Places:
    """Compiled once from places.toml."""

    def __init__(self, table: Mapping[str, Any], spans: Spans) -> None:
        self._spans = spans
        fixture, suffix = alternation(table["fixtures"]), alternation(table["suffixes"])
        first, more = _first_part(table), _further_part(table)
        self._find = re.compile(rf"{first}{more}*")
        name = rf"{_NEAR}{_plain(table['stops'])}(?:{suffix})(?!灯){more}*"
        self._named = re.compile(rf"{_BEFORE_NAMES}{_OURS}(?=(?P<name>{name}))")
        self._tail = re.compile(
            rf"(?<=.)(?:{alternation(table['tails'])}|(?<![楼边路])上|下(?=$)(?<![楼地底桥山坡脚]下)|(?<=..)(?:{fixture}))$"
        )
        self._tail_letters = frozenset("上下").union(word[-1] for word in (*table["tails"], *table["fixtures"]))
        self._head = re.compile(rf"(?:{alternation(table['heads'])})(?!家|门口|楼|对门|屋|门前|后)(?=..)")
        self._left = re.compile(rf"{_plain(table['stops'])}$")
        self._not = frozenset(table["not_places"])

    def find(self, text: str, landmarks: Sequence[str] = ()) -> Place | None:
        """The place that says most; None when the text names none."""
        plain = narrow(text)
        span = self._likely(plain, self._by_rules(plain, landmarks), landmarks)
        if span is None:
            return None
        start, end = span
        known = [name for name in landmarks if name and name in plain[start:end]]
        return Place(text[start:end], max(known, key=len) if known else key(plain[start:end]))

    def _likely(self, plain: str, ruled: Span | None, landmarks: Sequence[str]) -> Span | None:
        """A landmark is what it is; elsewhere learned weights move the edges, or see a place that no rule knows."""
        if ruled and landmarks and _worth(plain[slice(*ruled)], landmarks) == KNOWN:
            return ruled
        learned = self._spans.best(plain, ruled)
        if learned is None or plain[slice(*learned)] in self._not:
            return ruled if ruled and _is_door(plain[slice(*ruled)]) else None
        return learned if ruled or not _TIME.fullmatch(plain[slice(*learned)]) else None

    def by_rules(self, text: str) -> Span | None:
        """What the words and patterns of places.toml alone would say."""
        return self._by_rules(narrow(text), ())

    def _by_rules(self, plain: str, landmarks: Sequence[str]) -> Span | None:
        spans = [span for name in landmarks if name and (span := _span(plain, name))]
        spans += [self._trim(plain, *found.span()) for found in self._find.finditer(plain)]
        ranked = [_ranked(plain, span, landmarks) for span in spans]
        if not ranked or max(ranked)[0] <= GUESSED:
            ranked += [_ranked(plain, self._trim(plain, *span), landmarks) for span in self._guess(plain)]
        ranked = [rank for rank in ranked if rank[2] + rank[1] > 1 and plain[-rank[1] : rank[2]] not in self._not]
        if not ranked:
            return None
        _, minus_start, end = max(ranked)
        return -minus_start, end

    def _guess(self, plain: str) -> list[tuple[int, int]]:
        """Names by their endings, at the beginning of the text or of a clause."""
        spans = [found.span("name") for found in self._named.finditer("\n" + plain)]
        return [(start - 1, end - 1) for start, end in spans]

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        """我们码头那块 -> 码头, and 批发 + 市场 -> 批发市场."""
        while head := self._head.match(text, start, end):
            start = head.end()
        while text[end - 1] in self._tail_letters and (tail := self._tail.search(text[start:end])):
            end = start + tail.start()
        return self._reach_left(text, start, end), end

    def _reach_left(self, text: str, start: int, end: int) -> int:
        """Take in the modifier that stands right before, if nothing but it stands there."""
        if start == 0 or text[start].isdigit():
            return start
        before = _BREAK.split(text[max(0, start - LONGEST_LEFT - 1) : start])[-1]
        stands = 1 <= len(before) <= LONGEST_LEFT and self._left.fullmatch(before)
        return start - len(before) if stands else start


_NEAR = r"(?:(?:楼下|对面|隔壁|旁边|底下)(?:那家|那个|新开的?那?[个家]?)?)?"
_BEFORE_NAMES = r"[\s,，。!！?？;；、:：在从往到去]"  # first in its pattern, which a search skips to fastest
_OURS = r"(?:我们|咱们|俺们|咱)?"


def _plain(stops: str) -> str:
    """One to four characters of which names are made."""
    return rf"[^\W\d_a-zA-Z{stops}]{{1,4}}?"


def _numbered(table: Mapping[str, Any]) -> str:
    single = alternation(table["not_one"])
    return rf"{_DATE}(?<![\d.:-])(?!一(?:{single})){_NUMBER}(?:{alternation(table['numbered'])})(?!钟|左右|人)"


_FIGURES = r"\dA-Za-z一二三四五六七八九十"
_OTHERS = "负东西南北前后楼隔对我咱"  # with which the parts written below can begin


def _begins(*lists: Iterable[str]) -> str:
    """A test that most characters fail: no place begins here. Without it each would be tried against every branch."""
    return f"(?=[{_FIGURES}{_OTHERS}{''.join(sorted({re.escape(word[0]) for words in lists for word in words}))}])"


def _parts(table: Mapping[str, Any]) -> str:
    """What names a place by itself. `people` begins with one of the letters it is written with."""
    numbers = rf"{_DOOR}|(?:楼[上下]|隔壁)?(?<!\d)\d{{3,4}}(?=[室家房那把的楼漏装天这开已又]|$)|[A-Z]\d?-\d{{2,4}}"
    numbers = rf"(?=[{_FIGURES}楼隔])(?:{numbers}|{_numbered(table)})"
    compass = r"[东西南北](?:[东西南北]?[边头侧面角区街院屋墙门])|[前后](?:[街院山墙门河浜])"
    someone = rf"{table['people']}(?:家|屋里|屋后)"
    noun = alternation(table["nouns"])
    return rf"{numbers}|负[一二三\d][楼层]?|[A-Z][区座栋幢口门]|{noun}|{compass}|{someone}"


def _first_part(table: Mapping[str, Any]) -> str:
    noun = alternation(table["nouns"])
    own = r"(?:我家|我屋|咱家)?(?:楼[上下]|对门)|(?:我家|咱家|我屋|咱)(?:门口|门前|后头|后面|后院|旁边)"
    return rf"{_begins(table['nouns'], table['people'])}(?:{_parts(table)}|{own}(?:那家|那)?(?:{noun})?)"


def _further_part(table: Mapping[str, Any]) -> str:
    relation, fixture = alternation(table["relations"]), alternation(table["fixtures"])
    begins = _begins(table["nouns"], table["people"], table["relations"], table["fixtures"], "梯户")
    beside = rf"{relation}|\d{{2,4}}(?:室|房)?|{fixture}|[北南东西]?[梯户]"
    return rf"(?:(?:的|那个|那|和|到)?{begins}(?:{_parts(table)}|{beside}))"


def _span(text: str, name: str) -> tuple[int, int] | None:
    at = text.find(name)
    return (at, at + len(name)) if at >= 0 else None


def _ranked(text: str, span: tuple[int, int], landmarks: Sequence[str]) -> tuple[int, int, int]:
    """The greatest says most: worth, then the first named (minus its beginning), then the longest (its end)."""
    start, end = span
    return _worth(text[start:end], landmarks), -start, end


def _is_door(written: str) -> bool:
    return _DOOR_OR_HOUSE.search(written) is not None


def _worth(written: str, landmarks: Sequence[str]) -> int:
    """A door or a building beats a landmark beats a unit or a noun; among equals the first named counts."""
    if _is_door(written):
        return 4
    if written in landmarks:
        return KNOWN
    return 2 if len(written) > 2 or _COUNTED.search(written) else 1


_DOOR_OR_HOUSE = re.compile(r"\d-\d|[\d一二三四五六七八九十A-Z](?:号楼|幢|栋|座|#|号院|弄|巷|号)")
_COUNTED = re.compile(r"[\d一二三四五六七八九十]")
_BREAK = re.compile(r"[\s,，。.!！?？;；、:：~…\]\"”“\"（）()@]")
_ANY_FIGURE = re.compile(f"[{_FIGURES}]")
_BUILDING = re.compile(rf"({_NUMBER})(?:号楼|号院|号|幢|栋|座|#楼|#)")
_AREA = re.compile(rf"({_NUMBER}|[东西南北])(区|期|巷|弄|组|队|社|胡同)")
_UNIT = re.compile(rf"({_NUMBER})(?:单元|门)")
_ROOM = re.compile(r"(?<![\d-])(\d{3,4})(?!\d|[幢栋座#]|(?<!元\d{3})(?<!元\d{4})号)")
_FLOOR = re.compile(rf"(负?{_NUMBER})[楼层]")
_DASHED = re.compile(r"(\d{1,2})-(?:(\d{1,2})-)?(\d{3,4})")


def key(written: str) -> str:
    """3号楼2单元501 -> 3-2-501; 三栋 and 3# -> 3; a place without numbers is its own words."""
    plain = narrow(written)
    if dashed := _DASHED.search(plain):
        return "-".join(part for part in dashed.groups() if part)
    area = "".join([arabic(found[1]) + found[2] for found in _AREA.finditer(plain)])
    if not _ANY_FIGURE.search(plain):
        return area or _ASIDE.sub("", "".join(plain.split())).upper()
    parts = [_first(pattern, plain) for pattern in (_BUILDING, _UNIT, _ROOM)]
    if not parts[2] and (floor := _first(_FLOOR, plain)):
        parts[2] = floor + "层"
    if not parts[0] and parts[1]:
        parts[0] = "?"
    if any(parts):
        return "-".join([part for part in (area, *parts) if part])
    return area or _ASIDE.sub("", "".join(plain.split())).upper()


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if not found:
        return ""
    below = found[1].startswith("负")
    return ("负" if below else "") + arabic(found[1].removeprefix("负"))
