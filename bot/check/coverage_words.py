"""The coverage of a week as the operator reads it: a matrix of signs, and every hole in words."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.check.coverage import EVERY_CASE, HOUR, WORST, Case, Hole, Row
from bot.sentences import say
from handlers.duty.hours import DAY, EVERY_DAY
from handlers.duty.telling import days_named
from handlers.texts import texts_in
from models.messages import CATEGORIES

COVERED, FALLS, EMPTY = "·", "↑", "✗"
WEEK = 7 * DAY


def lines(rows: Sequence[Row], start: datetime, language: str) -> Iterator[str]:
    """The matrix, then what finds nobody at all, then what falls to the level above."""
    yield from matrix(rows, start, language)
    told = [(hole.kind in WORST, line) for row in rows for hole, line in _told(row, language)]
    for worst, title in ((True, "coverage_holes"), (False, "coverage_falls")):
        if found := [line for which, line in told if which == worst]:
            yield say(language, title, count=len(found))
            yield from found
    if not told:
        yield say(language, "coverage_whole")


def matrix(rows: Sequence[Row], start: datetime, language: str) -> Iterator[str]:
    """A line a unit, an hour a sign; days that differ stand in lines of their own."""
    texts = texts_in(language)
    days = [str((start + n * DAY).weekday()) for n in range(7)]
    lines: list[tuple[str, str, str]] = []
    for row in rows:
        alike: dict[str, str] = defaultdict(str)
        for n, day in enumerate(days):
            alike[_signs(row, start + n * DAY)] += day
        for number, (signs, weekdays) in enumerate(alike.items()):
            weekdays = "".join(sorted(weekdays))
            named = texts.line("days_daily") if weekdays == EVERY_DAY else days_named(texts, weekdays)
            lines.append(("" if number else row.unit.name, named, signs))
    names, spans = (max([_width(line[n]) for line in lines] or [0]) for n in (0, 1))
    yield say(language, "coverage_head", start=f"{start:%Y-%m-%d}", end=f"{start + 6 * DAY:%Y-%m-%d}")
    yield " " * (names + spans + 2) + "0     6     12    18"
    for name, named, signs in lines:
        yield f"{_padded(name, names)} {_padded(named, spans)} {signs}"
    yield say(language, "coverage_legend")


def _signs(row: Row, day: datetime) -> str:
    return "".join(_sign(row, day + n * HOUR) for n in range(24))


def _sign(row: Row, hour: datetime) -> str:
    """The worst of the hour."""
    kinds = {hole.kind for hole in row.holes if hole.start < hour + HOUR and hour < hole.end}
    if kinds & set(WORST):
        return EMPTY
    return FALLS if kinds else COVERED


def _told(row: Row, language: str) -> Iterator[tuple[Hole, str]]:
    """One line for each kind of hole; what comes at the same hours of several days is said once."""
    groups: dict[tuple[object, ...], list[Hole]] = defaultdict(list)
    for hole in sorted(row.holes, key=lambda h: h.start):
        to = hole.to.person.id if hole.to else None
        groups[hole.kind, hole.cases, to, hole.start.time(), hole.end - hole.start].append(hole)
    for holes in groups.values():
        first = holes[0]
        values = {"unit": row.unit.name, "when": _when(holes, language), "to": _called(first)}
        yield first, say(language, f"coverage_{first.kind}", cases=_cases(first.cases, language), **values)


def _when(holes: Sequence[Hole], language: str) -> str:
    """周六周日 00:00–24:00, 周五 20:00–周六 08:00, 全周."""
    texts, first = texts_in(language), holes[0]
    if first.end - first.start >= WEEK:
        return say(language, "coverage_all_week")
    weekdays = "".join(sorted(str(hole.start.weekday()) for hole in holes))
    days = texts.line("days_daily") if weekdays == EVERY_DAY else days_named(texts, weekdays)
    end = first.end - timedelta(microseconds=1)
    until = f"{first.end:%H:%M}" if first.end.time() > end.time() else "24:00"
    ahead = (end.date() - first.start.date()).days
    if ahead == 1 and len(holes) > 1:
        until = say(language, "coverage_next_day", clock=until)
    elif ahead:
        until = f"{texts.word('weekdays', str(end.weekday()))} {until}"
    return f"{days} {first.start:%H:%M}–{until}"


def _cases(cases: frozenset[Case], language: str) -> str:
    """Nothing when it is all of them; else the classes and which urgency, or all but these."""
    if cases == EVERY_CASE:
        return ""
    rest = EVERY_CASE - cases
    if _is_plain(rest) and (len(rest) < len(cases) or not _is_plain(cases)):
        return say(language, "coverage_cases_but", cases=_described(rest, language))
    return say(language, "coverage_cases", cases=_described(cases, language))


def _is_plain(cases: frozenset[Case]) -> bool:
    """Some classes, each with the same urgency: they can be said in two words."""
    return cases == {(name, urgent) for name, _ in cases for _, urgent in cases}


def _described(cases: frozenset[Case], language: str) -> str:
    texts, urgency = texts_in(language), {urgent for _, urgent in cases}
    names = [texts.word("categories", name) for name in CATEGORIES if any(name == case[0] for case in cases)]
    words = [texts.line("name_list_joint").join(names)] if len(names) < len(CATEGORIES) else []
    if len(urgency) == 1:
        words.append(say(language, "coverage_urgent" if True in urgency else "coverage_ordinary"))
    return " ".join(words)


def _called(hole: Hole) -> str:
    return f"{hole.to.unit.level}{hole.to.person.name}" if hole.to else ""


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
