"""What is said of the bot itself: sizes, places, troubles. Never of whom, never what anybody wrote."""

from datetime import datetime

from handlers.desk import Desk
from handlers.wording import when
from models.chats import Chat
from models.health import free_bytes

STEP = 1000


def size(count: int) -> str:
    """12 MB, 3.4 GB."""
    value, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if value < STEP or unit == "TB":
            break
        value /= STEP
    return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"


def trouble(desk: Desk, key: str, about: str, count: int, start: datetime, end: datetime) -> str:
    """One trouble in a line; `key`: incident_<kind>, or incident_<kind>_over."""
    return desk.texts.line(
        key,
        where=_where(desk, about),
        count=count,
        days=desk.policy.operator.silent_days,
        free=size(free_bytes(desk.session) or 0),
        **span(desk, start, end),
    )


def span(desk: Desk, start: datetime, end: datetime) -> dict[str, str]:
    """今天09:00 and 14:30: the day of the end only where it is another; as it is read after the quiet hours."""
    read_at, first, last = desk.after_quiet(), desk.policy.local(start), desk.policy.local(end)
    same = first.date() == last.date()
    return {"start": when(desk, start, read_at), "end": f"{last:%H:%M}" if same else when(desk, end, read_at)}


def _where(desk: Desk, about: str) -> str:
    """The unit of the group, where the trouble is about a chat; of a private chat not whose."""
    chat = desk.session.get(Chat, int(about)) if about.isdecimal() else None
    if chat is None or chat.private or chat.unit is None:
        return desk.texts.line("incident_private")
    return chat.unit.name
