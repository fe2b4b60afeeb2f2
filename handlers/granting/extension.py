"""延期: a later date, asked for before the limit runs out, with a reason; the resident hears the new date."""

from datetime import datetime, timedelta
from typing import Any

from handlers.cards import refresh_card
from handlers.followers import tell_followers
from handlers.granting.asking import ask_above
from handlers.granting.levels import stands_above
from handlers.granting.telling import answer_alone, tell_resident
from handlers.granting.written import Until, read_span
from handlers.limits.clock import ends, plan, recount, remind_at
from handlers.limits.terms import Term
from handlers.resolve import refuse_unless_open
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import clip, when_full
from models.people import Person
from models.tickets import Ticket

router = Router()

DAY = timedelta(days=1)


@router.command("extend", "延期")
def ask_extension(turn: Turn) -> None:
    """`延期12 2d 等配件`, `延期12 到3月12日 等配件`. Who stands above those who have it grants it at once."""
    ticket = turn.ticket("ask_above", "example_extend")
    refuse_unless_open(turn, ticket)
    if ticket.state == "suspended":
        raise Refusal("extend_suspended", number=ticket.number)
    if turn.now >= ticket.due_at:
        raise Refusal("extend_late", number=ticket.number)
    span, reason = read_span(turn, turn.args)
    if span is None or not reason:
        raise Refusal("reason_and_time", example=turn.texts.line("example_extend", number=ticket.number))
    term, reason = _term(turn, ticket, span), turn.reader.mask(reason)
    until = _new_end(turn, ticket, term)
    if stands_above(turn, ticket, "extend", turn.sender):
        extend(turn, ticket, term, reason, None)
        turn.outcome.became("command", ticket)
        answer_alone(turn, "extended_done", number=ticket.number, due=when_full(turn, ticket.due_at))
    else:
        ask_above(turn, ticket, "extend", reason, term=str(term), until=until.isoformat())


def extend(turn: Turn, ticket: Ticket, term: Term, reason: str, asker: Person | None) -> None:
    """`asker`: None where it was done without being asked."""
    before = ticket.due_at
    _new_end(turn, ticket, term)
    if ticket.clock_at is None:  # opened by a version that counted calendar days
        ticket.due_at = term.ends(turn.calendar, ticket.due_at)
    else:
        ticket.settle_term = f"{ticket.settle_term} + {term}"
    recount(turn, ticket)
    if remind_at(turn, ticket) > turn.now:
        ticket.reminded = False
        plan(turn, ticket)
    dates = {"before": before.isoformat(), "due": ticket.due_at.isoformat()}
    asked = {"asked_by": asker.id} if asker else {}
    ticket.record("extended", by=turn.sender, at=turn.now, note=reason, term=str(term), **dates, **asked)
    refresh_card(turn, ticket)
    told: dict[str, Any] = {"reason": clip(reason), "due": when_full(turn, ticket.due_at)}
    tell_resident(turn, ticket, "extended", **told)
    tell_followers(turn, ticket, "extended", turn.sender, **told)


def _new_end(turn: Turn, ticket: Ticket, term: Term) -> datetime:
    """Refused when it is no later than now promised, or later than may be granted at once."""
    if ticket.clock_at is None:
        until = term.ends(turn.calendar, ticket.due_at)
    else:
        until = ends(turn, ticket, f"{ticket.settle_term} + {term}", ticket.clock_at)
    most = turn.policy.limits.extend_days
    if until <= ticket.due_at:
        raise Refusal("extend_not_later", due=when_full(turn, ticket.due_at))
    if until - ticket.due_at > (most + 1) * DAY:
        raise Refusal("extend_too_long", days=most)
    return until


def _term(turn: Turn, ticket: Ticket, span: Term | Until) -> Term:
    """What is added to the promise; danger is counted around the clock in this too."""
    if isinstance(span, Term):
        around = ticket.settle_term.endswith("!")
        return Term(span.days, span.at, span.amount, clock=True) if around and span.at is None else span
    first, day = turn.policy.local(ticket.due_at).date(), span.day
    if (day - first).days > turn.policy.limits.extend_days:
        raise Refusal("extend_too_long", days=turn.policy.limits.extend_days)
    worked = sum(turn.calendar.workday(first + n * DAY) for n in range(1, (day - first).days + 1))
    if span.instant(turn) <= ticket.due_at or (worked == 0 and day != first):
        raise Refusal("extend_not_later", due=when_full(turn, ticket.due_at))
    return Term(worked, span.at or turn.policy.limits.answer_at)
