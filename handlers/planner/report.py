"""A rehearsal in words: one line a step."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from handlers.desk import Desk
from handlers.limits.workdays import Workdays
from handlers.planner.steps import Moved, Opened, Rehearsal, Told
from handlers.wording import category_word, clip, listed, month, when_full

LONGEST_WORDS = 40
DAY = timedelta(days=1)
WEEKEND = 5  # date.weekday() from here on


def lines(desk: Desk, group: str, text: str, found: Rehearsal) -> Iterator[str]:
    """The whole report; `desk.now` is the moment that was rehearsed."""
    say = desk.texts.line
    yield say("rehearsed_head", group=group, at=_at(desk, desk.now), text=clip(text))
    if found.outcome != "opened":
        yield _instead(desk, found)
    yield from (_opened(desk, one) for one in found.opened)
    for step in found.steps:
        if isinstance(step, Moved):
            above = say("called", level=step.level, name=step.to).strip()
            yield say("rehearsed_moved", at=_at(desk, step.at), above=above, due=when_full(desk, step.due))
        elif not step.edit:
            yield _told(desk, step)
    if found.repeats:
        yield say("rehearsed_repeats")
    yield from _days(desk, found)


def _opened(desk: Desk, one: Opened) -> str:
    named = {"number": one.number, "what": one.what, "category": category_word(desk, one.category)}
    key = "rehearsed_opened_private" if one.private else "rehearsed_opened"
    return desk.texts.line(key, assignee=one.assignee, due=when_full(desk, one.due), **named)


def _instead(desk: Desk, found: Rehearsal) -> str:
    """What would happen where no ticket is opened, and why."""
    bars = desk.policy.reading
    numbers = listed(desk, (desk.texts.line("rehearsed_number", number=n) for n in found.joined))
    key = "rehearsed_joined" if found.joined else f"rehearsed_{found.outcome}"
    score = f"{found.verdict.score:.2f}"
    return desk.texts.line(key, numbers=numbers, score=score, open=f"{bars.open:.2f}", ask=f"{bars.ask:.2f}")


def _told(desk: Desk, step: Told) -> str:
    say = desk.texts.line
    to = say(f"rehearsed_to_{step.where}", to=step.to)
    silent = say("rehearsed_silent") if step.silent else ""
    return say("rehearsed_told", at=_at(desk, step.at), to=to, text=clip(step.text, LONGEST_WORDS), silent=silent)


def _at(desk: Desk, instant: datetime) -> str:
    local = desk.policy.local(instant)
    values = {"month": month(desk, local.date()), "day": local.day, "clock": f"{local.hour}:{local:%M}"}
    return desk.texts.line("rehearsed_at", **values)


def _days(desk: Desk, found: Rehearsal) -> Iterator[str]:
    """Weekdays that are not worked and weekends that are, as far as the steps reach."""
    if not found.opened:
        return
    first, last = (desk.policy.local(step.at).date() for step in (found.steps[0], found.steps[-1]))
    days = [first + n * DAY for n in range((last - first).days + 1)]
    workday = desk.calendar.workday
    off = [run for run in _runs([d for d in days if not workday(d)]) if any(d.weekday() < WEEKEND for d in run)]
    on = [[d] for d in days if workday(d) and d.weekday() >= WEEKEND]
    for key, runs in (("rehearsed_off", off), ("rehearsed_on", on)):
        if runs:
            yield desk.texts.line(key, days=listed(desk, (_span(desk, run) for run in runs)))
    schedule = Workdays()
    for year in sorted({d.year for d in days}):
        if not schedule.published(year):
            yield desk.texts.line("rehearsed_unpublished", year=year)


def _runs(days: list[date]) -> list[list[date]]:
    """Days that follow each other belong together."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _span(desk: Desk, run: list[date]) -> str:
    first, last = run[0], run[-1]
    values = {"month": month(desk, first), "day": first.day}
    if first == last:
        return desk.texts.line("rehearsed_day", **values)
    return desk.texts.line("rehearsed_days", to_month=month(desk, last), to_day=last.day, **values)
