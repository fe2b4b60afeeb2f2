"""Reading how long or until when: `2d 等配件`, `两天 等配件`, `到3月12日 等配件`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.commands import WIDE
from handlers.desk import Desk
from handlers.limits.terms import Term
from handlers.turn import Refusal

NUMERALS = re.compile("零一二三四五六七八九十").pattern  # each stands at its own value
TERM = re.compile(r"(?P<term>\d{1,3}d(?:\s+\d{1,2}:\d{2})?|\d{1,3}h|\d{1,4}m)(?![a-z0-9])", re.I)
SPAN = re.compile(r"(?P<n>\d{1,3}|[一两二三四五六七八九十])\s*(?:个\s*)?(?:(?P<days>工作日|天)|(?P<hours>小时|钟头))")
DAY = re.compile(
    r"延?(?:到|至|until\s|to\s)\s*(?:(?P<year>20\d\d)\s*[年/.-]\s*)?(?:(?P<month>\d{1,2})\s*[月/.-]\s*)?"
    r"(?P<day>\d{1,2})\s*(?:[日号]|(?=\s|$))(?:\s*(?P<at>\d{1,2}:\d{2}))?",
    re.I,
)
GAP = re.compile(r"[\s，,：:。]+").pattern


@dataclass(frozen=True)
class Until:
    """A day of the calendar, and a time of it where one was written."""

    day: date
    at: time | None = None

    def instant(self, desk: Desk) -> datetime:
        return desk.policy.at(self.day, self.at or desk.policy.limits.answer_at)


def read_span(desk: Desk, words: str) -> tuple[Term | Until | None, str]:
    """The term or the day at the beginning of the words, and the reason that follows; None where there is none."""
    flat = words.translate(WIDE)
    for pattern, read in ((TERM, _term), (SPAN, _span), (DAY, _until)):
        if found := pattern.match(flat):
            return read(desk, found), re.sub(f"^{GAP}", "", words[found.end() :]).strip()
    return None, words


def _term(desk: Desk, found: re.Match[str]) -> Term | None:
    try:
        return Term.read(found["term"].lower())
    except ValueError:  # 25:00, or no time at all
        return None


def _span(desk: Desk, found: re.Match[str]) -> Term | None:
    written = found["n"]
    count = int(written) if written.isdecimal() else NUMERALS.index(written) if written in NUMERALS else 2  # 两天
    if count == 0:
        return None
    return Term(days=count) if found["days"] else Term(amount=timedelta(hours=count))


def _until(desk: Desk, found: re.Match[str]) -> Until:
    at = found["at"]
    try:
        return Until(_day(desk, found), time.fromisoformat(at.zfill(5)) if at else None)
    except ValueError:
        raise Refusal("talk_no_such_date") from None


def _day(desk: Desk, found: re.Match[str]) -> date:
    """The next date of these numbers; what is written in full may lie in the past."""
    today = desk.policy.local(desk.now).date()
    number = int(found["day"])
    if found["year"]:
        return date(int(found["year"]), int(found["month"] or today.month), number)
    if found["month"]:
        this_year = date(today.year, int(found["month"]), number)
        return this_year if today - this_year < timedelta(days=182) else this_year.replace(year=today.year + 1)
    coming = (today + timedelta(days=n) for n in range(62))
    return next((day for day in coming if day.day == number), None) or date(today.year, today.month, number)
