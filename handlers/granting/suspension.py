"""挂账: the clock stands still until a day, with a reason and a cap; 恢复 ends it earlier."""

from datetime import datetime, timedelta
from typing import Any

from handlers.cards import refresh_card
from handlers.desk import Desk
from handlers.followers import tell_followers
from handlers.granting.asking import ask_above
from handlers.granting.levels import stands_above
from handlers.granting.resuming import resume
from handlers.granting.telling import answer_alone, tell_neighbours, tell_resident
from handlers.granting.written import Until, read_span
from handlers.limits.clock import recount
from handlers.limits.terms import Term
from handlers.resolve import refuse_unless_open
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import clip, day_short, when_full
from models.pauses import Pause
from models.people import Person
from models.tickets import Ticket

router = Router()


@router.command("suspend", "挂账")
def ask_suspension(turn: Turn) -> None:
    """`挂账12 到3月20日 等停水通知`. Who stands above those who have it grants it at once."""
    ticket = turn.ticket("ask_above", "example_suspend")
    refuse_unless_open(turn, ticket)
    if ticket.state == "suspended":
        raise Refusal("already_suspended", number=ticket.number, until=_day(turn, ticket.pauses[-1].end))
    if turn.now >= ticket.due_at:
        raise Refusal("suspend_late", number=ticket.number)
    span, reason = read_span(turn, turn.args)
    if span is None or not reason:
        raise Refusal("reason_and_time", example=turn.texts.line("example_suspend", number=ticket.number))
    until, reason = _until(turn, span), turn.reader.mask(reason)
    _refuse_beyond_cap(turn, ticket, until)
    if stands_above(turn, ticket, "suspend", turn.sender):
        suspend(turn, ticket, until, reason, None)
        turn.outcome.became("command", ticket)
        turn.assure(ticket, "suspended_done", number=ticket.number, until=_day(turn, until))
    else:
        ask_above(turn, ticket, "suspend", reason, until=until.isoformat())


def suspend(turn: Turn, ticket: Ticket, until: datetime, reason: str, asker: Person | None) -> None:
    """The residents read one line; of a private matter the reporter alone."""
    _refuse_beyond_cap(turn, ticket, until)
    asked = {"asked_by": asker.id} if asker else {}
    ticket.move("suspend", by=turn.sender, at=turn.now, note=reason, until=until.isoformat(), **asked)
    ticket.pauses.append(Pause(start=turn.now, until=until, reason=reason))
    recount(turn, ticket)
    refresh_card(turn, ticket)
    told: dict[str, Any] = {"reason": clip(reason), "until": _day(turn, until)}
    tell = tell_resident if ticket.private or ticket.chat.private else tell_neighbours
    tell(turn, ticket, "suspended", **told)
    tell_followers(turn, ticket, "suspended", turn.sender, **told)


@router.command("resume", "恢复")
def resume_by_hand(turn: Turn) -> None:
    """Whoever is in charge may let the clock run again: that is to nobody's own favour."""
    ticket = turn.ticket("ask_above", "example_resume")
    refuse_unless_open(turn, ticket)
    if ticket.state != "suspended":
        raise Refusal("not_suspended", number=ticket.number)
    resume(turn, ticket, turn.sender)
    turn.outcome.became("command", ticket)
    told: dict[str, Any] = {"due": when_full(turn, ticket.due_at)}
    tell_resident(turn, ticket, "resumed", **told)
    tell_followers(turn, ticket, "resumed", turn.sender, **told)
    answer_alone(turn, "resumed_done", number=ticket.number, **told)


def _until(turn: Turn, span: Term | Until) -> datetime:
    """Days are those of the calendar: a pause is no working time."""
    if isinstance(span, Until):
        return span.instant(turn)
    if span.amount:
        return turn.now + span.amount
    day = turn.policy.local(turn.now).date() + timedelta(days=span.days)
    return turn.policy.at(day, span.at or turn.policy.limits.answer_at)


def _refuse_beyond_cap(turn: Turn, ticket: Ticket, until: datetime) -> None:
    """All pauses of a ticket together have the cap: else one would follow upon the other for ever."""
    most = turn.policy.limits.suspend_days
    had = sum((p.end - p.start for p in ticket.pauses), timedelta())
    if until <= turn.now:
        raise Refusal("suspend_past")
    if had + (until - turn.now) > timedelta(days=most + 1):
        raise Refusal("suspend_too_long", days=most)


def _day(desk: Desk, instant: datetime) -> str:
    return day_short(desk, desk.policy.local(instant).date())
