"""Honestly up (上报): whoever has it hands it to the next level, before the limit does, and says why."""

from handlers.cards import refresh_card, tell_group
from handlers.desk import Envelope
from handlers.duty.roster import LEVEL, OnDuty, read_roster
from handlers.followers import tell_followers
from handlers.limits.clock import start_clock
from handlers.merging import absorb
from handlers.notices import called
from handlers.passing.calling import call
from handlers.passing.standing import levels_of, refuse_unless_movable
from handlers.router import Router
from handlers.summon import ping_buttons, tell_reporter
from handlers.turn import Refusal, Turn
from handlers.wording import clip, when_full
from models.letters import withdraw
from models.matters import open_wishes
from models.tickets import Ticket

router = Router()


@router.command("up", "上报")
def up(turn: Turn) -> None:
    """上报12 要街道出钱. The last level has nobody to hand it to, and cannot refuse (R36)."""
    ticket = turn.ticket("up", "example_up")
    refuse_unless_movable(turn, ticket, "raised")
    reason = turn.reason(ticket, "example_up")
    to = _next(turn, ticket)
    if to is None:
        raise Refusal("up_last", number=ticket.number)
    if not joins_standing(turn, ticket, to):
        hand_up(turn, ticket, to, reason)
        _tell(turn, ticket, to, reason)
    turn.outcome.became("command", ticket)


def hand_up(turn: Turn, ticket: Ticket, to: OnDuty, reason: str = "") -> None:
    """A new promise, by the one who has it now."""
    ticket.assignee = to.person
    ticket.rung = ticket.unit.ladder().index(to.unit)
    if ticket.wish:
        ticket.raised = to.unit
    ticket.move("raised", by=turn.sender, at=turn.now, note=reason, unit=to.unit.name, to=to.person.id)
    start_clock(turn, ticket)
    withdraw(turn.session, f"ping:{ticket.number}:")
    refresh_card(turn, ticket)


def joins_standing(turn: Turn, ticket: Ticket, post: OnDuty) -> bool:
    """The same wish of another grid stands there already: this one becomes part of it."""
    standing = [t for t in open_wishes(turn.session, ticket.wish, post.unit) if t.raised is not None]
    if not ticket.wish or not standing or ticket in standing:
        return False
    absorb(turn, standing[0], ticket)
    turn.say("merged", number=ticket.number, into=standing[0].number, reporter="")
    return True


def level_above(turn: Turn, ticket: Ticket, level: int) -> OnDuty | None:
    """Who has it next: the nearest level above this one that has anybody on duty whom it is not about."""
    roster = read_roster(turn, ticket.unit)
    above = (d for unit in ticket.unit.ladder()[level + 1 :] for d in roster.here(unit, turn.now, LEVEL))
    return next((d for d in above if d.person not in (ticket.assignee, ticket.about, turn.sender)), None)


def _next(turn: Turn, ticket: Ticket) -> OnDuty | None:
    """Above where it stands, and above whoever says so: a cadre hands to the street what the grid still has."""
    own = max(levels_of(turn.sender, ticket), default=0)
    return level_above(turn, ticket, max(ticket.rung, own))


def _tell(turn: Turn, ticket: Ticket, to: OnDuty, reason: str) -> None:
    """The next level reads why, privately; the residents in one line who has it now, and by when."""
    above = called(turn, to)
    who, first = turn.sender.name, ticket.first.name if ticket.first else ""
    more = {"who": who, "why": clip(reason), "first": turn.texts.line("first_note", name=first) if first else ""}
    call(turn, ticket, to.person, "up_ping", buttons=ping_buttons(turn, ticket), near=to.unit, **more)
    values = {"number": ticket.number, "above": above, "due": when_full(turn, ticket.due_at)}
    how = Envelope(ticket_id=ticket.id, thread_id=ticket.thread_id, silent=turn.is_quiet() and not ticket.urgent)
    if ticket.private:
        tell_reporter(turn, ticket, "up_line", how, **values)
    else:
        tell_group(turn, ticket, turn.texts.segments("up_line", **values), how)
    tell_followers(turn, ticket, "up", turn.sender, above=above, due=values["due"])
    if ticket.private or turn.chat.id != ticket.chat_id:
        turn.say("up_done", number=ticket.number, above=above)
