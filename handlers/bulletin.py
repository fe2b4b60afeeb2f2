"""The week's summary (R5, 一周一晒): every figure counted from the history, the span and the base printed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.desk import Desk, Envelope
from handlers.router import Router
from handlers.wording import category_word, listed, month
from models.chats import Chat, take_due_chat
from models.figures import Figures, figures
from models.posts import Segment
from models.units import Unit, children, tree

router = Router()

WEEK = timedelta(days=7)
LATE = timedelta(days=3)  # a summary that could not go out for longer than this says nothing new
FEWEST_MARKS = 5  # a share of fewer would tell whose mark it is
MOST_ROWS = 40  # a county with more grids than this reads one row for each unit just below it


@dataclass(frozen=True)
class Span:
    """(start, end]: one week up to a cut-off."""

    start: datetime
    end: datetime

    def before(self) -> "Span":
        return Span(self.start - WEEK, self.start)


def next_week_end(desk: Desk, after: datetime) -> datetime:
    """The first cut-off after this instant."""
    at = desk.policy.weekly.at
    day = desk.policy.local(after).date()
    day += timedelta(days=(at.weekday - day.weekday()) % 7)
    end = desk.policy.at(day, at.at)
    return end if end > after else desk.policy.at(day + WEEK, at.at)


@router.step
def summary_one(desk: Desk) -> bool:
    """Post one group's summary for the week that has just ended; after a long silence only the latest."""
    taken = take_due_chat(desk.session, "week_due_at", desk.now)
    if taken is None:
        return False
    chat, _ = taken
    coming = next_week_end(desk, desk.now)
    end = coming - WEEK
    if chat.unit is not None and desk.now - end <= LATE:
        how = Envelope(kind="summary", silent=desk.is_quiet(), expires_at=end + LATE, dedupe=f"week:{chat.id}:{end}")
        desk.write(chat, summary(desk, chat, chat.unit, Span(end - WEEK, end)), how)
    chat.week_due_at = coming
    return True


def summary(desk: Desk, chat: Chat, unit: Unit, span: Span) -> tuple[Segment, ...]:
    """What this group reads: its grid's week, or the sum with a row per grid for a higher unit."""
    units = tree(desk.session, unit)
    now, before = _figures(desk, units, span), _figures(desk, units, span.before())
    moments = {"start": _moment(desk, span.start), "end": _moment(desk, span.end)}
    if now.empty:
        return desk.texts.segments("week_nothing", **moments)
    values = {**moments, **_values(desk, now, before)}
    staff = chat.kind == "staff"
    if not staff and len(units) == 1:
        return desk.texts.segments("week", **values)
    rows = _rows(desk, unit, units, span)
    told = _for_staff(desk, now) if staff else ""
    return desk.texts.segments("week_head_unit", unit=unit.name, rows=rows, members=told, **values)


def _figures(desk: Desk, units: list[Unit], span: Span) -> Figures:
    return figures(desk.session, [u.id for u in units], span.start, span.end)


def _values(desk: Desk, now: Figures, before: Figures) -> dict[str, str]:
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
            received=_change(now.received, before.received),
            settled=_change(now.settled, before.settled),
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


def _rows(desk: Desk, unit: Unit, units: list[Unit], span: Span) -> str:
    """One row per grid, so that the rows add up to the sum; a unit with grids below it only for matters of its own."""
    parents = {u.parent_id for u in units}
    grids = [u for u in units if u.id not in parents]
    if len(units) == 1:
        return ""
    if len(grids) > MOST_ROWS:
        below = [(u, _figures(desk, tree(desk.session, u), span)) for u in children(desk.session, unit)]
        return "".join(_row(desk, u, f) for u, f in [(unit, _figures(desk, [unit], span)), *below] if not f.empty)
    counted = [(u, _figures(desk, [u], span)) for u in units]
    return "".join(_row(desk, u, f) for u, f in counted if u in grids or not f.empty)


def _row(desk: Desk, unit: Unit, f: Figures) -> str:
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
