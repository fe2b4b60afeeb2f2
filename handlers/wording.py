"""Small pieces of sentences: times, names, what a matter is called."""

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from handlers.desk import Desk
from handlers.policy import TalkDays
from models.chats import Chat
from models.people import Person
from models.posts import MentionOut, Segment, Text
from models.tickets import Ticket

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # of Unicode: controls, direction marks, halves


def mention(person: Person | None, channel: str, otherwise: str = "") -> Segment:
    """The person as a mention that notifies, where the channel knows them; else the bare name.

    Who has neither account nor post is here because somebody entered their matter: no group reads their name.
    """
    if person is None or not (person.identities or person.held()):
        return Text(otherwise)
    identity = person.identity(channel)
    return MentionOut(person.name, identity.external_id if identity else None)


def reporter_called(desk: Desk, ticket: Ticket, *, masked: bool) -> str:
    """王奶奶（13800001111）: who reported it and, where somebody must call or visit them, by which number."""
    name = ticket.reporter.name if ticket.reporter else desk.texts.line("nameless")
    phone = f"{ticket.contact[:3]}****{ticket.contact[-4:]}" if masked and ticket.contact else ticket.contact
    return name + (desk.texts.line("tell_phone", phone=phone) if phone else "")


def assignee_name(desk: Desk, ticket: Ticket) -> str:
    """Who is in charge; the unit's staff where nobody is named."""
    return ticket.assignee.name if ticket.assignee else desk.texts.line("nobody", unit=ticket.unit.name)


def assignee_mention(desk: Desk, ticket: Ticket) -> Segment:
    """The same, so that it notifies."""
    return mention(ticket.assignee, ticket.chat.channel, assignee_name(desk, ticket))


def first_asked(desk: Desk, ticket: Ticket, key: str = "card_first") -> str:
    """Who was asked first, where somebody else has it by now: they stay answerable to the resident (R34)."""
    first = ticket.first
    return desk.texts.line(key, name=first.name) if first is not None and first is not ticket.assignee else ""


def state_word(desk: Desk, ticket: Ticket) -> str:
    """What residents read; that nobody answered (沉默) is for the figures, to them it is settled."""
    silent = ticket.state == "silent" and not ticket.lapsed
    return desk.texts.word("states", "settled" if silent else ticket.state)


def when(desk: Desk, instant: datetime, read_at: datetime | None = None) -> str:
    """今天18:00, 昨天16:20, or the full date; `read_at`: when it is read, if not now."""
    local, today = desk.policy.local(instant), desk.policy.local(read_at or desk.now).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return desk.texts.line("when_today", clock=clock)
    if local.date() == today - timedelta(days=1):
        return desk.texts.line("when_yesterday", clock=clock)
    return when_full(desk, instant)


def when_told(desk: Desk, ticket: Ticket, instant: datetime) -> str:
    """The same in a private letter, which waits for the morning unless the matter is urgent."""
    return when(desk, instant, desk.now if ticket.urgent else desk.after_quiet())


def when_said(desk: Desk, ticket: Ticket) -> str:
    """When it was reported, as whoever is called reads it; marked where we heard of it late (补收)."""
    return when_told(desk, ticket, ticket.opened_at) + (desk.texts.line("caught_up_mark") if ticket.caught_up else "")


def when_full(desk: Desk, instant: datetime) -> str:
    local = desk.policy.local(instant)
    names = {"month": month(desk, local.date()), "day": local.day, "weekday": weekday(desk, local.date())}
    return desk.texts.line("when_full", clock=f"{local:%H:%M}", **names)


def day_full(desk: Desk, day: date) -> str:
    return desk.texts.line("day_full", month=month(desk, day), day=day.day, weekday=weekday(desk, day))


def day_short(desk: Desk, day: date) -> str:
    """3月20日."""
    return desk.texts.line("day_short", month=month(desk, day), day=day.day)


def month(desk: Desk, day: date) -> str:
    """3 in Chinese, Mar in English."""
    return desk.texts.word("months", str(day.month))


def hours(rule: TalkDays) -> str:
    """9:00–11:00."""
    return f"{rule.start.hour}:{rule.start:%M}–{rule.end.hour}:{rule.end:%M}"


def weekday(desk: Desk, day: date) -> str:
    return desk.texts.word("weekdays", str(day.weekday()))


def category_word(desk: Desk, category: str) -> str:
    return desk.texts.word("categories", category)


def role_word(desk: Desk, role: str) -> str:
    return desk.texts.word("roles", role)


def listed(desk: Desk, words: Iterable[str]) -> str:
    return desk.texts.line("name_list_joint").join(words)


def what(desk: Desk, ticket: Ticket, *, openly: bool = True) -> str:
    """Place and thing in one phrase; of a private matter nothing but that it is one, unless we speak privately."""
    if ticket.private and openly:
        return desk.texts.line("private_what")
    return f"{ticket.place} {ticket.thing}".strip()


def told(desk: Desk, ticket: Ticket, chat: Chat) -> dict[str, object]:
    """What a letter to somebody in charge may say of the ticket: of a private one nothing where a group reads it."""
    hidden = ticket.private and not chat.private  # a staff group is a group too
    reporter = reporter_called(desk, ticket, masked=not chat.private) if ticket.reporter and not hidden else ""
    return {
        "number": ticket.number,
        "unit": ticket.unit.name,
        "what": what(desk, ticket, openly=hidden),
        "reporter": reporter,
        "at": when_said(desk, ticket),
        "text": desk.texts.line("private_what") if hidden else clip(ticket.text),
        "due": when_told(desk, ticket, ticket.due_at),
        "take_by": when_told(desk, ticket, ticket.respond_due_at or ticket.due_at),
    }


def shown_name(desk: Desk, name: str) -> str:
    """A name that can stand in a line: without invisible characters, not too long, and never empty."""
    seen = "".join(c for c in name if unicodedata.category(c) not in INVISIBLE)
    return clip(seen, 24) or desk.texts.line("nameless")


def clip(text: str, most: int = 120) -> str:
    """The text on one line, cut where it gets long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
