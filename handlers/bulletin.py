"""The week's summary (R5, 一周一晒): every figure counted from the history, the span and the base printed."""

from datetime import datetime, timedelta

from handlers.desk import Desk, Envelope
from handlers.router import Router
from handlers.wording import category_word, listed, month
from models.chats import Chat, chats_without_plan, take_due_chat
from models.figures import Figures, figures
from models.posts import Segment
from models.units import Unit, children, subtree

router = Router()

WEEK = timedelta(days=7)
LATE = timedelta(days=3)  # a summary that could not go out for longer than this says nothing new


def next_week_end(desk: Desk, after: datetime) -> datetime:
    """The first cut-off after this instant."""
    at = desk.policy.weekly.at
    day = desk.policy.local(after).date()
    day += timedelta(days=(at.weekday - day.weekday()) % 7)
    end = desk.policy.at(day, at.at)
    return end if end > after else desk.policy.at(day + WEEK, at.at)


@router.step
def plan_weeks(desk: Desk) -> bool:
    """Groups that have no next summary yet get one; nothing is due by it."""
    for chat in chats_without_plan(desk.session):
        if chat.week_due_at is None:
            chat.week_due_at = next_week_end(desk, desk.now)
    return False


@router.step
def summary_one(desk: Desk) -> bool:
    """Post one group's summary for the week that has just ended; after a long silence only the latest."""
    taken = take_due_chat(desk.session, "week_due_at", desk.now)
    if taken is None:
        return False
    chat, end = taken
    while end + WEEK <= desk.now:
        end += WEEK
    if chat.unit is not None and desk.now - end <= LATE:
        how = Envelope(kind="summary", silent=desk.is_quiet(), expires_at=end + LATE, dedupe=f"week:{chat.id}:{end}")
        desk.write(chat, summary(desk, chat, end), how)
    chat.week_due_at = next_week_end(desk, desk.now)
    return True


def summary(desk: Desk, chat: Chat, end: datetime) -> tuple[Segment, ...]:
    """What this group reads: its grid's week, or the sum with a row per grid for a higher unit."""
    assert chat.unit is not None
    units, start = subtree(desk.session, chat.unit), end - WEEK
    now = figures(desk.session, units, start, end)
    span = {"start": _moment(desk, start), "end": _moment(desk, end)}
    if now.empty:
        return desk.texts.segments("week_nothing", **span)
    below = children(desk.session, chat.unit)
    before = figures(desk.session, units, start - WEEK, start)
    values = {**span, **_values(desk, now, before)}
    if chat.kind != "staff" and not below:
        return desk.texts.segments("week", **values)
    members = _members(desk, now) if chat.kind == "staff" else ""
    rows = "".join(_row(desk, u, start, end) for u in below)
    return desk.texts.segments("week_head_unit", unit=chat.unit.name, rows=rows, members=members, **values)


def _values(desk: Desk, now: Figures, before: Figures) -> dict[str, str]:
    line = desk.texts.line
    return {
        "balance": _balance(desk, now),
        "share": _share(desk, now),
        "confirmed": line("week_confirmed", confirmed=now.confirmed, waiting=now.waiting) if now.settled else "",
        "overdue": line("week_overdue", count=now.overdue) if now.overdue else "",
        "classes": _classes(desk, now),
        "before": line(
            "week_before", received=_change(now, before, "received"), settled=_change(now, before, "settled")
        ),
    }


def _balance(desk: Desk, f: Figures) -> str:
    reopened = ""
    if f.reopened:
        reopened = desk.texts.line("week_reopened", count=f.reopened)
    numbers = {"carried": f.carried, "received": f.received, "settled": f.settled}
    return desk.texts.line("week_balance", reopened=reopened, in_hand=f.in_hand, void=f.void, **numbers)


def _share(desk: Desk, f: Figures) -> str:
    if not f.received:
        return desk.texts.line("week_share_none")
    percent = f"{100 * f.settled_of_received / f.received:.1f}%"
    return desk.texts.line("week_share", percent=percent, done=f.settled_of_received, n=f.received)


def _classes(desk: Desk, f: Figures) -> str:
    """By class, largest first; what is dealt with privately only as a count."""
    ordered = sorted(f.by_category.items(), key=lambda item: -item[1])
    words = [desk.texts.line("week_class", category=category_word(desk, c), count=n) for c, n in ordered]
    if f.private:
        words.append(desk.texts.line("week_private", count=f.private))
    return desk.texts.line("week_classes", classes=listed(desk, words)) if words else ""


def _change(now: Figures, before: Figures, name: str) -> str:
    return f"{getattr(now, name) - getattr(before, name):+d}".replace("+0", "±0")


def _row(desk: Desk, unit: Unit, start: datetime, end: datetime) -> str:
    f = figures(desk.session, subtree(desk.session, unit), start, end)
    numbers = {"carried": f.carried, "received": f.received, "settled": f.settled}
    return desk.texts.line("week_row", unit=unit.name, in_hand=f.in_hand, void=f.void, **numbers)


def _members(desk: Desk, f: Figures) -> str:
    words = [desk.texts.line("week_member", name=n, settled=s, in_hand=h) for n, (s, h) in f.by_member.items()]
    return desk.texts.line("week_members", members=listed(desk, words)) if words else ""


def _moment(desk: Desk, instant: datetime) -> str:
    local = desk.policy.local(instant)
    return desk.texts.line("week_moment", month=month(desk, local.date()), day=local.day, clock=f"{local:%H:%M}")
