"""Where the buttons that move time lead to."""

from collections.abc import Callable
from datetime import datetime, timedelta

from handlers.bulletin import next_week_end
from handlers.desk import Desk
from handlers.talk_days import talk_days
from models.chats import find_chat
from models.matters import open_tickets

Target = Callable[[Desk, str, str], datetime]
A_MOMENT = timedelta(minutes=1)  # past the due instant itself, so that the clock shows a later minute


def target(desk: Desk, move: str, channel: str, group: str) -> datetime:
    """The instant that this button means now. Raises KeyError for a button that does not exist."""
    found = {"hour": _in(hours=1), "day": _in(days=1), "talk": _talk_day, "week": _week, "overdue": _overdue}[move]
    return found(desk, channel, group)


def _in(**span: float) -> Target:
    return lambda desk, channel, group: desk.now + timedelta(**span)


def _talk_day(desk: Desk, channel: str, group: str) -> datetime:
    """When the next 说事日 begins: both calls have been made by then."""
    chat, today = find_chat(desk.session, channel, group), desk.policy.local(desk.now).date()
    assert chat is not None and chat.unit is not None, "the demo's group belongs to its grid"
    starts = (desk.policy.at(day, desk.policy.talk_days.start) for day in talk_days(desk, chat.unit, today))
    return next((start for start in starts if start > desk.now), desk.now)


def _week(desk: Desk, channel: str, group: str) -> datetime:
    return next_week_end(desk, desk.now) + A_MOMENT


def _overdue(desk: Desk, channel: str, group: str) -> datetime:
    """When the first promise is broken; now, if nothing is open."""
    chat = find_chat(desk.session, channel, group)
    assert chat is not None and chat.unit_id is not None, "the demo's group belongs to its grid"
    due = [ticket.due_at for ticket in open_tickets(desk.session, [chat.unit_id])]
    return min(due) + A_MOMENT if due else desk.now
