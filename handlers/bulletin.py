"""The week's summary (R5, 一周一晒): every figure counted from the history, the span and the base printed."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.desk import Desk, Envelope, Planned
from handlers.router import Router
from handlers.week import WEEK, Span, Week
from handlers.wording import category_word, listed, month
from models.base import blame
from models.chats import Chat, Group, take_due_groups
from models.figures import Figures
from models.posts import Segment
from models.units import Place

__all__ = ["WEEK", "next_week_end", "router"]

log = logging.getLogger(__name__)

router = Router()

LATE = timedelta(days=3)  # a summary that could not go out for longer than this says nothing new
FEWEST_MARKS = 5  # a share of fewer would tell whose mark it is
MOST_ROWS = 40  # a county with more grids than this reads one row for each unit just below it
TOGETHER = 300  # summaries of one transaction: all groups are due at one moment, and their rows are read once


def next_week_end(desk: Desk, after: datetime) -> datetime:
    """The first cut-off after this instant."""
    at = desk.policy.weekly.at
    day = desk.policy.local(after).date()
    day += timedelta(days=(at.weekday - day.weekday()) % 7)
    end = desk.policy.at(day, at.at)
    return end if end > after else desk.policy.at(day + WEEK, at.at)


@router.step
def post_summaries(desk: Desk) -> bool:
    """Post what is due for the week that has just ended; after a long silence only the latest."""
    coming = next_week_end(desk, desk.now)
    span = Span(coming - 2 * WEEK, coming - WEEK)
    groups = take_due_groups(desk.session, "week_due_at", desk.now, coming, TOGETHER)
    if groups and desk.now - span.end <= LATE:
        desk.write_all(_letters(desk, groups, span))
    elif groups:
        told = {"event": "notice_stale", "kind": "week", "count": len(groups)}
        log.info("the summary of a week long over was dropped in %(count)d groups", told)
    return bool(groups)


def _letters(desk: Desk, groups: list[Group], span: Span) -> Iterator[Planned]:
    week = Week.read(desk.session, {group.unit_id for group in groups if group.unit_id is not None}, span)
    moments = {"start": _moment(desk, span.start), "end": _moment(desk, span.end)}
    how = Envelope(kind="summary", silent=desk.is_quiet(), expires_at=span.end + LATE)
    for group in groups:
        if group.unit_id is not None:
            blame(desk.session, Chat, group.id, "week_due_at")
            says = summary(desk, group, week.forest.tree(group.unit_id), week, moments)
            yield group.id, says, how.but(dedupe=f"week:{group.id}:{span.end}")


def summary(desk: Desk, group: Group, units: list[Place], week: Week, moments: dict[str, str]) -> tuple[Segment, ...]:
    """What this group reads: its grid's week, or the sum with a row per grid for a higher unit."""
    unit, now, before = units[0], week.now(units), week.before(units)
    if now.empty:
        return desk.texts.segments("week_nothing", **moments)
    values = {**moments, **_values(desk, now, before)}
    staff = group.kind == "staff"
    if not staff and len(units) == 1:
        return desk.texts.segments("week", **values)
    rows = _rows(desk, unit, units, week)
    told = _for_staff(desk, now) if staff else ""
    return desk.texts.segments("week_head_unit", unit=unit.name, rows=rows, members=told, **values)


def _values(desk: Desk, now: Figures, before: tuple[int, int]) -> dict[str, str]:
    line = desk.texts.line
    return {
        "balance": _balance(desk, now),
        "share": _share(desk, now),
        "confirmed": _answers(desk, now),
        "overdue": line("week_overdue", count=now.overdue) if now.overdue else "",
        "classes": _classes(desk, now),
        "wishes": _wishes(desk, now),
        "before": line(
            "week_before",
            received=_change(now.received, before[0]),
            settled=_change(now.settled, before[1]),
        ),
    }


def _answers(desk: Desk, f: Figures) -> str:
    """办结, 确认 and 沉默 are three columns: nobody's silence counts as a word."""
    silent = desk.texts.line("week_silent", count=f.fell_silent) if f.fell_silent else ""
    if not f.settled and not silent:
        return ""
    return desk.texts.line("week_confirmed", confirmed=f.confirmed, waiting=f.waiting, silent=silent)


def _balance(desk: Desk, f: Figures) -> str:
    line = desk.texts.line
    reopened = line("week_reopened", count=f.reopened) if f.reopened else ""
    households = line("week_households", count=f.households) if f.households > f.received else ""
    return line("week_balance", reopened=reopened, households=households, **_numbers(desk, f))


def _numbers(desk: Desk, f: Figures) -> dict[str, object]:
    merged = desk.texts.line("week_merged", count=f.merged) if f.merged else ""
    merged += desk.texts.line("week_final", count=f.final) if f.final else ""
    numbers = {"carried": f.carried, "received": f.received, "settled": f.settled, "in_hand": f.in_hand}
    return {**numbers, "void": f.void, "merged": merged}


def _share(desk: Desk, f: Figures) -> str:
    if not f.received:
        return desk.texts.line("week_share_none")
    return desk.texts.line(
        "week_share", percent=percent(f.settled_of_received, f.received), done=f.settled_of_received, n=f.received
    )


def percent(part: int, whole: int) -> str:
    """One digit after the point, halves rounded up: 256 of 259 are 98.8%."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def _classes(desk: Desk, f: Figures) -> str:
    """By class, largest first; what is dealt with privately only as a count."""
    ordered = sorted(f.by_category.items(), key=lambda item: -item[1])
    words = [desk.texts.line("week_class", category=category_word(desk, c), count=n) for c, n in ordered]
    if f.private:
        words.append(desk.texts.line("week_private", count=f.private))
    return desk.texts.line("week_classes", classes=listed(desk, words)) if words else ""


def _wishes(desk: Desk, f: Figures) -> str:
    """R2: what neighbours wish for all, by how many households."""
    words = [desk.texts.line("week_wish", wish=wish, count=n) for wish, n in f.wishes.items()]
    return desk.texts.line("week_wishes", wishes=listed(desk, words)) if words else ""


def _change(now: int, before: int) -> str:
    return f"{now - before:+d}" if now != before else "±0"


def _rows(desk: Desk, unit: Place, units: list[Place], week: Week) -> str:
    """One row per grid, so that the rows add up to the sum; a unit with grids below it only for matters of its own."""
    parents = {u.parent_id for u in units}
    grids = [u for u in units if u.id not in parents]
    if len(units) == 1:
        return ""
    if len(grids) > MOST_ROWS:
        below = [(u, week.now(week.forest.tree(u.id))) for u in units if u.parent_id == unit.id]
        return "".join(_row(desk, u, f) for u, f in [(unit, week.now([unit])), *below] if not f.empty)
    counted = [(u, week.now([u])) for u in units]
    return "".join(_row(desk, u, f) for u, f in counted if u in grids or not f.empty)


def _row(desk: Desk, unit: Place, f: Figures) -> str:
    return desk.texts.line("week_row", unit=unit.name, **_numbers(desk, f))


def _for_staff(desk: Desk, f: Figures) -> str:
    """What only those who answer for it read: what came back, marks, levels, names."""
    return _came_back(desk, f) + _satisfied(desk, f) + _levels(desk, f) + _members(desk, f)


def _came_back(desk: Desk, f: Figures) -> str:
    if not f.rework and not f.returned:
        return ""
    return desk.texts.line("week_rework", rework=f.rework, returned=f.returned)


def _satisfied(desk: Desk, f: Figures) -> str:
    """With its base (R17), and only of so many that no single mark shows."""
    good, n = f.satisfied
    return desk.texts.line("week_satisfied", percent=percent(good, n), n=n) if n >= FEWEST_MARKS else ""


def _levels(desk: Desk, f: Figures) -> str:
    """R22: at which level matters were truly settled."""
    words = [desk.texts.line("week_level", level=level, count=n) for level, n in f.by_level.items()]
    return desk.texts.line("week_levels", levels=listed(desk, words)) if words else ""


def _members(desk: Desk, f: Figures) -> str:
    words = [desk.texts.line("week_member", name=n, settled=s, in_hand=h) for n, (s, h) in f.by_member.items()]
    return desk.texts.line("week_members", members=listed(desk, words)) if words else ""


def _moment(desk: Desk, instant: datetime) -> str:
    local = desk.policy.local(instant)
    return desk.texts.line("week_moment", month=month(desk, local.date()), day=local.day, clock=f"{local:%H:%M}")
