"""When a leave begins and when it ends, what is open changes hands; everybody concerned gets one list."""

from handlers.desk import Desk
from handlers.duty.handover import give, list_to
from handlers.duty.roster import LEVEL, OnDuty, read_roster
from handlers.duty.telling import span_words
from handlers.ladder import next_level
from handlers.router import Router
from models.interest import closed_units
from models.people import ON_DUTY, Person
from models.roster import Leave, handed_over, held_by, take_due_leave
from models.tickets import Ticket

router = Router()


@router.step
def change_hands(desk: Desk) -> bool:
    """Deal with one leave that begins or ends."""
    leave = take_due_leave(desk.session, desk.now)
    if leave is None:
        return False
    if desk.now < leave.end:
        leave.next_at = leave.end
        go(desk, leave)
    else:
        come_back(desk, leave)
    return True


def go(desk: Desk, leave: Leave) -> None:
    """What they have goes to the stand-in, else to whoever is on duty; they and each of these get a list."""
    values = {"name": leave.person.name, "span": span_words(desk, leave)}
    given: dict[Person, list[Ticket]] = {}
    for ticket in [*handed_over(desk.session, leave), *held_by(desk.session, leave.person)]:
        to = _successor(desk, leave, ticket)
        if to is not None and to is not ticket.assignee:
            give(desk, ticket, to, None, leave=leave.id)
            given.setdefault(to, []).append(ticket)
    for person, tickets in given.items():
        list_to(desk, person, "handover_leave", tickets, **values)
    if moved := [t for tickets in given.values() for t in tickets]:
        list_to(desk, leave.person, "handover_away", sorted(moved, key=lambda t: t.number), **values)


def come_back(desk: Desk, leave: Leave) -> None:
    """What was handed over and is still open comes back; what came meanwhile stays with the first asked (R34)."""
    tickets = handed_over(desk.session, leave)
    from_whom: dict[Person, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.assignee is not None:
            from_whom.setdefault(ticket.assignee, []).append(ticket)
        give(desk, ticket, leave.person, None, back=leave.id)
    for person, theirs in from_whom.items():
        list_to(desk, person, "handover_returned", theirs, name=leave.person.name)
    if tickets:
        list_to(desk, leave.person, "handover_back", tickets)


def _successor(desk: Desk, leave: Leave, ticket: Ticket) -> Person | None:
    """The stand-in, else the next on duty at this level, else above; nobody of a unit that the matter is about."""
    roster, ladder = read_roster(desk, ticket.unit), ticket.unit.ladder()
    closed = closed_units(ticket)
    named = roster.present(OnDuty(leave.person, ladder[ticket.rung], ""), desk.now)
    here = (
        []
        if ladder[ticket.rung] in closed
        else roster.here(ladder[ticket.rung], desk.now, LEVEL if ticket.rung else ON_DUTY)
    )
    for duty in [*([named] if named else []), *here]:
        if duty.person not in (ticket.about, leave.person) and not any(p.unit in closed for p in duty.person.held()):
            return duty.person
    above = next_level(desk, ticket)
    return above.person if above else None
