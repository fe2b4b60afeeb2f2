"""Time runs: a reminder when most of a limit is gone, then one level up for every limit missed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from handlers.cards import refresh_card
from handlers.closing.silence import look_for_answer
from handlers.desk import Desk
from handlers.duty.roster import LEVEL, OnDuty
from handlers.followers import tell_followers
from handlers.granting.resuming import look_at_pause
from handlers.health.away import is_catching_up
from handlers.ladder import hand_up, next_level
from handlers.limits.clock import (
    Missed,
    call_holder,
    last_missed,
    nudge_at,
    owes_first_word,
    plan,
    remind_at,
    renew,
    start_clock,
)
from handlers.limits.counting_again import count_again
from handlers.notices import called, reach, tell_holder, tell_in_charge, tell_level, tell_residents
from handlers.router import Router
from handlers.wording import when_full, when_told
from models.tickets import Ticket, take_due_ticket

__all__ = ["LEVEL", "look", "next_level", "reach", "router", "tell_level"]

router = Router()

TOGETHER = timedelta(hours=1)  # two reminders that would fall within it are one letter


@router.step
def look_at_one(desk: Desk) -> bool:
    """Deal with one ticket whose time has come."""
    ticket = None if is_catching_up(desk) else take_due_ticket(desk.session, desk.now)
    if ticket is None:
        return False
    look(desk, ticket)
    return True


def look(desk: Desk, ticket: Ticket) -> None:
    """What its clocks ask for at this moment; sets when to look next."""
    if looks := LOOKS.get(ticket.state):
        looks(desk, ticket)


def press_on(desk: Desk, ticket: Ticket) -> None:
    """It waits for a first word or an answer; both limits are counted again before anybody hears of them."""
    count_again(desk, ticket)
    if desk.now >= ticket.due_at or last_missed(ticket, "overdue"):
        miss_answer(desk, ticket)
    elif owes_first_word(ticket) and ticket.respond_due_at and desk.now >= ticket.respond_due_at:
        miss_first_word(desk, ticket)
    else:
        remind(desk, ticket)


def remind(desk: Desk, ticket: Ticket) -> None:
    """Four fifths of a limit are gone: a private word, never in the residents' group."""
    times = {} if ticket.reminded else {"reminded": remind_at(desk, ticket)}
    if owes_first_word(ticket) and not ticket.nudged:
        times["nudged"] = nudge_at(desk, ticket)
    if times and min(times.values()) <= desk.now:
        now = sorted(kind for kind, at in times.items() if at <= desk.now + TOGETHER)
        take_by = when_told(desk, ticket, ticket.respond_due_at or ticket.due_at)
        tell_holder(desk, ticket, "_".join(now), take_by=take_by)
        ticket.reminded |= "reminded" in now
        ticket.nudged |= "nudged" in now
    plan(desk, ticket)


def miss_first_word(desk: Desk, ticket: Ticket) -> None:
    """Nobody answered the call: the next level is called. What was promised to the residents stands."""
    _miss(desk, ticket, "unheard", call_holder)


def miss_answer(desk: Desk, ticket: Ticket) -> None:
    """The limit is missed: the next level takes over with a new limit."""
    _miss(desk, ticket, "overdue", start_clock)


def _miss(desk: Desk, ticket: Ticket, kind: Missed, begin: Callable[[Desk, Ticket], None]) -> None:
    """`begin` starts the clock of whoever has it now."""
    post = next_level(desk, ticket)
    if post is None:
        ask_last(desk, ticket, kind)
        return
    tell_in_charge(desk, ticket, kind, above=called(desk, post))
    _note_missed(desk, ticket, kind)
    hand_up(desk, ticket, post)
    begin(desk, ticket)
    _tell_all(desk, ticket, post, kind)


def ask_last(desk: Desk, ticket: Ticket, kind: Missed) -> None:
    """Nobody is above, and the last level cannot refuse (R36): it is asked every working day until it answers."""
    if last_missed(ticket, kind):
        tell_holder(desk, ticket, f"{kind}_last")
    else:
        tell_in_charge(desk, ticket, f"{kind}_last")
        told = any(e.kind == kind and e.data.get("last") == ticket.reopened for e in ticket.history)
        _note_missed(desk, ticket, kind, last=ticket.reopened)
        if kind == "overdue":
            _promise_again(desk, ticket, told)
    ticket.reminded |= remind_at(desk, ticket) <= desk.now + TOGETHER
    plan(desk, ticket)


def _promise_again(desk: Desk, ticket: Ticket, told: bool) -> None:
    """The residents hear once that it is still being pressed for; the card goes on saying by when."""
    renew(desk, ticket)
    refresh_card(desk, ticket)
    if not told:
        tell_residents(desk, ticket, "escalated_nobody")
        tell_followers(desk, ticket, "late", due=when_full(desk, ticket.due_at))


def _note_missed(desk: Desk, ticket: Ticket, kind: Missed, **more: Any) -> None:
    ticket.late |= kind == "overdue"
    due = ticket.due_at if kind == "overdue" else ticket.respond_due_at or ticket.due_at
    ticket.record(kind, by=None, at=desk.now, due=due.isoformat(), rung=ticket.rung, **more)


def _tell_all(desk: Desk, ticket: Ticket, post: OnDuty, kind: Missed) -> None:
    """The residents read who has it now and by when, once a step."""
    above = called(desk, post)
    line, step = ("escalated_unheard", "unheard") if kind == "unheard" else ("escalated", "escalated")
    tell_residents(desk, ticket, line, above=above)
    tell_followers(desk, ticket, step, due=when_full(desk, ticket.due_at), above=above)
    if chat := reach(desk, ticket, post):
        tell_level(desk, ticket, chat, "escalated_ping")
    refresh_card(desk, ticket)


LOOKS: dict[str, Callable[[Desk, Ticket], None]] = {
    "open": press_on,
    "taken": press_on,
    "suspended": look_at_pause,
    "settled": look_for_answer,
}
"""state -> what to do when its time has come; a state that is not here has nothing to wait for."""
