"""How a limit was counted, span by span: /deadline."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from handlers.desk import Desk
from handlers.limits.clock import counting, light, owes_first_word, pauses_of, word_light
from handlers.limits.stretches import Stretch, stretches, total
from handlers.limits.terms import Term
from handlers.limits.workdays import Workdays
from handlers.limits.worktime import Span
from handlers.lookup import visible_ticket
from handlers.router import Router
from handlers.turn import Turn
from handlers.wording import listed, month, when_full
from models.pointers import as_one
from models.tickets import Ticket

router = Router()


@router.command("deadline", "时限")
def deadline(turn: Turn) -> None:
    """Each span that counted, the pauses, what was granted on top, and both limits with their lights."""
    ticket = as_one(visible_ticket(turn, "example_deadline"))
    turn.outcome.became("command", ticket)
    lines = _old(turn, ticket) if ticket.clock_at is None else [*_first_word(turn, ticket), *_answer(turn, ticket)]
    turn.say("deadline", number=ticket.number, lines="".join(lines))


def _old(desk: Desk, ticket: Ticket) -> list[str]:
    """Opened by a version that counted days of the calendar."""
    return [desk.texts.line("deadline_old", due=when_full(desk, ticket.due_at), light=_sign(desk, ticket))]


def _first_word(desk: Desk, ticket: Ticket) -> Iterator[str]:
    if ticket.responded_at is not None:
        yield desk.texts.line("deadline_heard", at=when_full(desk, ticket.responded_at))
    elif owes_first_word(ticket) and ticket.is_open and ticket.called_at and ticket.respond_due_at:
        sign = desk.texts.word("lights", word_light(desk, ticket))
        due, term = when_full(desk, ticket.respond_due_at), _term(desk, ticket.respond_term)
        yield desk.texts.line("deadline_respond", due=due, term=term, light=sign)
        yield from _counted(desk, ticket, ticket.respond_term, ticket.called_at, ticket.respond_due_at)


def _answer(desk: Desk, ticket: Ticket) -> Iterator[str]:
    start, due, written = ticket.clock_at or ticket.opened_at, ticket.due_at, ticket.settle_term
    plain, *granted = written.split(" + ")
    term = _term(desk, plain)
    yield desk.texts.line("deadline_settle", due=when_full(desk, due), term=term, light=_sign(desk, ticket))
    yield from (desk.texts.line("deadline_granted", term=_term(desk, more)) for more in granted)
    yield from _counted(desk, ticket, written, start, due)
    yield from (_pause(desk, pause) for pause in pauses_of(ticket))
    if ticket.is_open:
        yield _used(desk, ticket, start)
    if not written.endswith("!"):
        yield from _unpublished(desk, start, due)


def _counted(desk: Desk, ticket: Ticket, written: str, start: datetime, end: datetime) -> Iterator[str]:
    calendar = counting(desk, written)
    for stretch in stretches(calendar, desk.calendar, calendar.counted(start, end, pauses_of(ticket))):
        yield _stretch(desk, stretch)


def _stretch(desk: Desk, stretch: Stretch) -> str:
    """3月3日–5日 3个工作日 22.5小时; 3月2日 9:00–12:00、14:00–18:00 7小时."""
    line, length = desk.texts.line, _length(desk, stretch.length)
    if stretch.whole:
        count = line("deadline_days", count=stretch.whole)
        return line("deadline_span", days=_days(desk, stretch.first, stretch.last), hours=count, length=length)
    if stretch.first != stretch.last:
        (span,) = stretch.spans
        return line("deadline_span", days=_moments(desk, span), hours="", length=length)
    hours = listed(desk, (f"{_clock(desk, s.start)}–{_clock(desk, s.end)}" for s in stretch.spans))
    return line("deadline_span", days=_days(desk, stretch.first, stretch.last), hours=hours, length=length)


def _used(desk: Desk, ticket: Ticket, start: datetime) -> str:
    calendar, pauses = counting(desk, ticket.settle_term), pauses_of(ticket)
    whole = total(calendar.counted(start, ticket.due_at, pauses))
    gone = total(calendar.counted(start, min(desk.now, ticket.due_at), pauses))
    share = round(100 * gone / whole) if whole else 100
    values = {"gone": _length(desk, gone), "whole": _length(desk, whole), "share": share}
    return desk.texts.line("deadline_used", **values)


def _pause(desk: Desk, pause: Span) -> str:
    return desk.texts.line("deadline_pause", span=_moments(desk, pause))


def _unpublished(desk: Desk, start: datetime, due: datetime) -> Iterator[str]:
    """The counting will be done again when the year's schedule is known."""
    work = Workdays(frozenset(desk.policy.work.off), frozenset(desk.policy.work.on))
    for year in range(desk.policy.local(start).year, desk.policy.local(due).year + 1):
        if not work.published(year):
            yield desk.texts.line("deadline_unpublished", year=year)


def _sign(desk: Desk, ticket: Ticket) -> str:
    return desk.texts.word("lights", light(desk, ticket)) if ticket.is_open else ""


def _term(desk: Desk, written: str) -> str:
    term = Term.read(written)
    if term.at is not None:
        key = "term_until" if term.days else "term_same_day"
        return desk.texts.line(key, count=term.days, at=f"{term.at.hour}:{term.at:%M}")
    key = "term_clock" if term.clock else "term_work"
    days = desk.texts.line("term_days" if term.clock else "deadline_days", count=term.days)
    return desk.texts.line(key, length=days if term.days else _length(desk, term.amount))


def _length(desk: Desk, length: timedelta) -> str:
    """22.5小时, 59分钟, 2小时24分钟."""
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    if hours and minutes in (0, 30):
        return desk.texts.line("length_hours", count=f"{hours + minutes / 60:g}")
    whole = desk.texts.line("length_hours", count=hours) if hours else ""
    return whole + desk.texts.line("length_minutes", count=minutes)


def _days(desk: Desk, first: date, last: date) -> str:
    """3月3日, 3月3日–5日, 9月29日–10月8日."""
    if first.month == last.month and first != last:
        return desk.texts.line("deadline_days_of", month=month(desk, first), first=first.day, last=last.day)
    apart = dict.fromkeys((first, last))
    days = (desk.texts.line("deadline_day", month=month(desk, d), day=d.day) for d in apart)
    return "–".join(days)


def _moments(desk: Desk, span: Span) -> str:
    """3月2日23:00–3月3日1:00."""
    ends = ((_days(desk, *2 * (desk.policy.local(at).date(),)), _clock(desk, at)) for at in (span.start, span.end))
    return "–".join(desk.texts.line("deadline_moment", day=day, clock=clock) for day, clock in ends)


def _clock(desk: Desk, at: datetime) -> str:
    local = desk.policy.local(at)
    return f"{local.hour}:{local:%M}"
