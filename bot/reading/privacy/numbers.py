"""Phones, identity cards, bank cards and number plates in a text: which letters of them must go."""

import re
from collections.abc import Iterator
from itertools import chain

Hidden = tuple[int, int]  # from, to: offsets of what is starred

_PLAIN = str.maketrans("０１２３４５６７８９－—–‐‑．（）　\u00a0", "0123456789-----.()  ")
_SPELLED = str.maketrans("零〇一幺二三四五六七八九", "001123456789")
_SPELLED_RUN = re.compile(r"[0-9零〇一幺二三四五六七八九](?:[ -]?[0-9零〇一幺二三四五六七八九]){6,}")
_DIGITS = re.compile(r"\d")

_ALONE, _ENDS = r"(?<![0-9A-Za-z.*])", r"(?![0-9A-Za-z*]|[.]\d)"
_GAP = "[ -]?"
_MOBILE = re.compile(
    rf"(?<![0-9A-Za-z])(?:(?:\+|00)?86{_GAP})?(?P<head>1[3-9]\d)(?:{_GAP}\d{{4}}{_GAP}\d{{4}}|{_GAP}\d{{3}}{_GAP}\d{{5}}"
    rf"|\d{_GAP}\d{{3}}{_GAP}\d{{4}}|\d{_GAP}\d{{4}}{_GAP}\d{{3}})(?![0-9])"
)
_LANDLINE = re.compile(
    rf"(?<![0-9A-Za-z-])\(?(?P<head>0(?:10|2\d|[3-9]\d{{2}}))\)?{_GAP}[2-8]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
)
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_REGION = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}"
_IDENTITY = re.compile(rf"{_ALONE}(?P<head>{_REGION}){_GAP}(?:19|20)\d{{2}}{_MONTH_DAY}{_GAP}\d{{3}}[0-9Xx]{_ENDS}")
_OLD_IDENTITY = re.compile(rf"{_ALONE}(?P<head>{_REGION})\d{{2}}{_MONTH_DAY}\d{{3}}{_ENDS}")
_CARD = re.compile(rf"{_ALONE}(?P<head>\d{{4}})(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?{_ENDS}")
_CARD_NAMED = re.compile(r"卡号?[是为:： ]{0,3}$|账号?[是为:： ]{0,3}$|银行.{0,6}$|信用社.{0,6}$")
_ISSUERS = ("4", "51", "52", "53", "54", "55", "60", "62", "9")  # how numbers of bank cards in use here begin

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER = "A-HJ-NP-Za-hj-np-z0-9"  # plates know neither I nor O
_PLATE = re.compile(
    rf"(?P<head>[{_PROVINCES}][A-HJ-NP-Za-hj-np-z])[·•. -]?(?=[A-Za-z]*\d)"
    rf"[{_LETTER}]{{4,5}}[{_LETTER}挂学警港澳领使](?![A-Za-z0-9])"
)


def numbers_in(text: str) -> Iterator[Hidden]:
    """What to star: of a phone, a card or a plate the middle, so that its owner still knows it."""
    if not (_DIGITS.search(text) or _SPELLED_RUN.search(text)):
        return
    plain = _SPELLED_RUN.sub(lambda run: run[0].translate(_SPELLED), text.translate(_PLAIN))
    yield from chain(_middles(_IDENTITY, plain, 4), _middles(_MOBILE, plain, 4), _middles(_OLD_IDENTITY, plain, 3))
    yield from chain(_middles(_LANDLINE, plain, 2), _middles(_PLATE, plain, 1))
    yield from (_middle(found, 4) for found in _CARD.finditer(plain) if _is_card(plain, found))


def _middles(number: re.Pattern[str], plain: str, kept: int) -> Iterator[Hidden]:
    return (_middle(found, kept) for found in number.finditer(plain))


def _middle(found: re.Match[str], kept: int) -> Hidden:
    """All but what it begins with and its last letters."""
    return found.end("head"), found.end() - kept


def _is_card(plain: str, found: re.Match[str]) -> bool:
    """An order's number is as long: a card's adds up (Luhn) and begins as a bank's does, or is called one."""
    digits = re.sub(r"\D", "", found[0])
    if _CARD_NAMED.search(plain[: found.start()]):
        return True
    return digits.startswith(_ISSUERS) and adds_up(digits)


def adds_up(digits: str) -> bool:
    """Luhn's sum."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(map(int, digits[::-2])) + sum(doubled)) % 10 == 0
