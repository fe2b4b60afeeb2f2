"""Who decides: the level above whoever has it. Never who asked, and never who has it, in whatever other post."""

from handlers.desk import Desk
from handlers.duty.roster import LEVEL, OnDuty, read_roster
from handlers.notices import reach
from handlers.rights import CADRES
from models.chats import Chat
from models.parties import HELPING
from models.people import Person, holders
from models.tickets import Ticket, TicketEvent
from models.units import Unit

HANDLED = frozenset({"take", "settle"})
GIVEN = frozenset({"escalated", "raised", "transfer", "return", "assigned", "withdrawn"})


def grantors(desk: Desk, ticket: Ticket, kind: str, asker: Person | None) -> list[OnDuty]:
    """Who decides, the nearest level first. On the last rung its other cadres do, for nobody is above them."""
    units = ticket.unit.ladder()
    floor = answering_rung(desk, ticket) if kind == "void" else ticket.rung
    found = [d for unit in units[floor + 1 :] for d in _deciding(desk, unit)]
    found = found or [d for d in _deciding(desk, units[floor]) if d.role in CADRES]
    barred = _barred(ticket, kind) | ({asker.id} if asker else set())
    return [d for d in found if d.person.id not in barred]


def stands_above(desk: Desk, ticket: Ticket, kind: str, person: Person) -> bool:
    """May this person do it without asking, because it is not their own delay? 依法终结 always takes two."""
    return kind != "finish" and any(d.person is person for d in grantors(desk, ticket, kind, None))


def first_reached(desk: Desk, ticket: Ticket, found: list[OnDuty]) -> tuple[OnDuty, Chat] | None:
    """The nearest of them who can be told, and where: privately, else in the staff group of their unit."""
    reached = ((d, reach(desk, ticket, d)) for d in found)
    return next(((d, chat) for d, chat in reached if chat is not None), None)


def answering_rung(desk: Desk, ticket: Ticket) -> int:
    """The highest rung on which a limit was missed since it was last taken up: its delay is not theirs to clear."""
    missed = [int(e.data.get("rung", 0)) for e in _since_taken_up(ticket) if e.kind == "overdue"]
    if desk.now > ticket.due_at:
        missed.append(ticket.rung)
    return max(missed, default=0)


def handled_by(ticket: Ticket) -> set[int]:
    """Everybody who ever had it in hand (R36)."""
    found = {ticket.first_id, ticket.assignee_id, *(p.person_id for p in ticket.parties if p.part in HELPING)}
    for event in ticket.history:
        if event.kind in HANDLED:
            found.add(event.by_id)
        if event.kind in GIVEN:
            found |= {event.data.get(key) for key in ("to", "before", "after")}
    return {who for who in found if isinstance(who, int)}


def _deciding(desk: Desk, unit: Unit) -> list[OnDuty]:
    """Who is there, stand-ins among them; then those who are away, for they may still answer."""
    here = [d for d in read_roster(desk, unit).here(unit, desk.now, LEVEL) if d.role in LEVEL]
    away = [OnDuty(p.person, unit, p.role) for p in holders(desk.session, unit, *LEVEL)]
    return [*here, *(d for d in away if all(d.person is not h.person for h in here))]


def _barred(ticket: Ticket, kind: str) -> set[int | None]:
    if kind == "finish":
        return {*handled_by(ticket), ticket.about_id}
    if kind == "void":  # who said that it was settled does not clear away that it was not
        settled = {e.by_id for e in ticket.history if e.kind == "settle"} if ticket.reopened else set()
        return {*settled, ticket.about_id}
    return {ticket.assignee_id, ticket.about_id}


def _since_taken_up(ticket: Ticket) -> list[TicketEvent]:
    events = list(ticket.history)
    last = max((n for n, e in enumerate(events) if e.kind == "reopen"), default=0)
    return events[last:]
