"""When it happened, as people write it: 昨天下午, 3月1日, 3天前 15:00, 上周三晚上8点. Never in the future."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LONGEST = timedelta(days=180)  # a date without its year is one of the last months, or none of the past at all
MOST = 366  # days back that somebody may count

WIDE = str.maketrans("０１２３４５６７８９：　", "0123456789: ")
DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
EARLIER = {"大前天": 3, "前天": 2, "前晚": 2, "昨天": 1, "昨日": 1, "昨晚": 1, "昨夜": 1}  # days; what is not here: 0
DAYS = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
WEEKDAYS = "一二三四五六日"
PARTS = {  # the hour that a part of the day stands for
    **dict.fromkeys(("凌晨", "半夜"), 2),
    **dict.fromkeys(("清晨", "早上", "早晨", "今早", "今晨"), 7),
    "上午": 9,
    "中午": 12,
    **dict.fromkeys(("午后", "下午"), 15),
    "傍晚": 18,
    **dict.fromkeys(("晚上", "今晚", "昨晚", "前晚"), 20),
    **dict.fromkeys(("夜里", "深夜", "昨夜"), 22),
}

_NUMBER = "[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_BEFORE = r"(?<![^\s,，。;；、:：楼栋幢座元室户号层])"
_DAY = (
    "(?P<near>大前天|前天|前晚|昨天|昨日|昨晚|昨夜|今天|今日|今早|今晨|今晚)"
    r"|(?:(?P<year>20[0-9]{2})\s*[年/.-]\s*)?(?P<month>[0-9]{1,2})\s*月\s*(?P<dom>[0-9]{1,2})"
    "(?:日|号(?!楼|院|门|线|井)|(?![0-9号]))"
    "|(?P<iso>20[0-9]{2}-[0-9]{1,2}-[0-9]{1,2})(?![0-9])"
    rf"|(?P<count>{_NUMBER})\s*个?(?P<unit>天|星期|礼拜|周|月)(?:以)?前"
    "|上个?(?:星期|礼拜|周)(?P<weekday>[一二三四五六日天])"
)
_AGO = rf"(?P<span>半|{_NUMBER})\s*个?(?P<short>分钟|小时|钟头)(?:以)?前"
_CLOCK = (
    "(?P<hour>[0-9]{1,2}|[一二两三四五六七八九十]{1,2})"
    "(?::(?P<exact>[0-9]{2})|[点时](?:(?P<half>半)|(?P<minute>[0-9]{1,2})分?)?)"
)
SAID = re.compile(rf"{_BEFORE}(?:{_AGO}|(?:{_DAY})[的\s]*(?P<part>{'|'.join(PARTS)})?\s*(?:{_CLOCK})?(?:左右)?)")


@dataclass(frozen=True)
class Moment:
    """`start` and `end`: where the words stand. Midnight means that only the day was named."""

    at: datetime
    start: int
    end: int


def happened(text: str, now: datetime) -> Moment | None:
    """The first moment of the past that the text names; `now` is local time, and so is the answer."""
    for found in SAID.finditer(text.translate(WIDE)):
        at = _instant(found, now)
        if at is not None and at <= now:
            return Moment(at, found.start(), found.start() + len(found[0].rstrip()))
    return None


def _instant(found: re.Match[str], now: datetime) -> datetime | None:
    if found["short"]:
        minutes = 1 if found["short"] == "分钟" else 60
        return now - timedelta(minutes=minutes * (number(found["span"]) or 0.5))
    day, clock = _day(found, now.date()), _clock(found)
    if day is None or clock is None:
        return None
    return datetime.combine(day, time(), now.tzinfo) + clock


def _day(found: re.Match[str], today: date) -> date | None:
    if near := found["near"]:
        return today - timedelta(days=EARLIER.get(near, 0))
    if found["count"]:
        days = number(found["count"]) * DAYS[found["unit"]]
        return today - timedelta(days=days) if 0 < days <= MOST else None
    if found["weekday"]:
        monday = today - timedelta(days=today.weekday() + 7)
        return monday + timedelta(days=WEEKDAYS.index(found["weekday"].replace("天", "日")))
    return _written(found, today)


def _written(found: re.Match[str], today: date) -> date | None:
    """A date; without a year the last one of that name, if it is not long ago."""
    if found["iso"]:
        return _date(*map(int, found["iso"].split("-")))
    month, day = int(found["month"]), int(found["dom"])
    if found["year"]:
        return _date(int(found["year"]), month, day)
    years = (_date(today.year, month, day), _date(today.year - 1, month, day))
    return next((d for d in years if d and timedelta() <= today - d <= LONGEST), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> timedelta | None:
    """Time since midnight, nothing when only the day is named; None when what is named is no time."""
    part = PARTS.get(found["part"] or found["near"] or "")
    if not found["hour"]:
        return timedelta(hours=part or 0)
    hour = number(found["hour"])
    minute = 30 if found["half"] else int(found["exact"] or found["minute"] or 0)
    if part == 2 and hour == 12:
        hour = 0
    elif part is not None and hour < (13 if part >= 18 else 12 if part > 12 else 4 if part == 12 else 0):
        hour += 12  # 下午3点, 中午1点; 晚上12点 is the midnight that follows
    return timedelta(hours=hour, minutes=minute) if hour <= 24 and minute < 60 else None


def number(written: str) -> int:
    """十 is 10, 二十三 is 23; 0 when it is no number."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.partition("十")
    if not ten:
        return DIGITS.get(written, 0)
    return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)
