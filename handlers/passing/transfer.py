"""Handing over (转派): another person has it, the first asked stays answerable to the resident (R34)."""

from handlers.cards import refresh_card
from handlers.limits.clock import call_holder
from handlers.passing.calling import call, reaches
from handlers.passing.helpers import department
from handlers.passing.standing import levels_of, refuse_unless_movable
from handlers.passing.whom import Named, named
from handlers.rights import RESPONSIBLE
from handlers.router import Router
from handlers.summon import ping_buttons
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name, mention, when
from models.letters import withdraw
from models.people import Person
from models.posts import Segment, Text
from models.tickets import Ticket
from models.units import subtree

router = Router()


@router.command("transfer", "转派")
def transfer(turn: Turn) -> None:
    """转派12 陈副, @陈副, 供水公司, 幸福里第4网格; or in reply to somebody's message."""
    ticket = turn.ticket("transfer", "example_transfer")
    refuse_unless_movable(turn, ticket, "transfer")
    to = _whom(turn, ticket)
    _refuse(turn, ticket, to)
    before = ticket.assignee
    hand_over(turn, ticket, to)
    turn.outcome.became("command", ticket)
    _tell(turn, ticket, before)


def hand_over(turn: Turn, ticket: Ticket, to: Named) -> None:
    """Somebody else owes a first word; what was promised to the residents stands.

    Another grid that was named gets the matter itself: it was theirs from the beginning, and counts there from then on.
    """
    before, unit = ticket.assignee_id, ticket.unit
    if _another_grid(ticket, to) and to.unit is not None:
        ticket.unit, ticket.rung = to.unit, 0
    elif levels := levels_of(to.person, ticket):
        ticket.rung = min(levels)
    ticket.assignee = to.person
    ticket.move("transfer", by=turn.sender, at=turn.now, before=before, to=to.person.id)
    if ticket.unit is not unit:
        ticket.record("unit", by=turn.sender, at=turn.now, before=unit.id, after=ticket.unit.id)
    withdraw(turn.session, f"ping:{ticket.number}:")
    call_holder(turn, ticket)
    refresh_card(turn, ticket)


def _whom(turn: Turn, ticket: Ticket) -> Named:
    found = named(turn, ticket, turn.args)
    if len(found) != 1:
        raise Refusal("transfer_whom", example=turn.texts.line("example_transfer", number=ticket.number))
    return found[0]


def _refuse(turn: Turn, ticket: Ticket, to: Named) -> None:
    """Within one's own units and below; the departments too from above. Never to whom it is about."""
    person = to.person
    if person.id == ticket.assignee_id and not _another_grid(ticket, to):
        raise Refusal("transfer_same", number=ticket.number, name=person.name)
    if person.id == ticket.about_id or ticket.opposes(person):
        raise Refusal("transfer_about", number=ticket.number)
    if not any(p.role in RESPONSIBLE for p in person.held()) and department(person) is None:
        raise Refusal("transfer_post", number=ticket.number, name=person.name)
    if not _in_reach(turn, ticket, to):
        raise Refusal("transfer_reach", number=ticket.number)


def _in_reach(turn: Turn, ticket: Ticket, to: Named) -> bool:
    ladder, post = ticket.unit.ladder(), department(to.person)
    own = [p.unit for p in turn.sender.held() if p.unit in ladder and p.role in RESPONSIBLE]
    above = any(unit != ticket.unit for unit in own)
    if mine := department(turn.sender):
        own.append(mine.unit)  # a department passes on among its own people
    reach = {i for unit in own for i in subtree(turn.session, unit)}
    if to.unit is not None:
        return to.unit.id in reach or (above and post is not None)
    held = any(p.unit_id in reach and (p.role in RESPONSIBLE or p is post) for p in to.person.held())
    return held or (above and post is not None)


def _another_grid(ticket: Ticket, to: Named) -> bool:
    """A unit was named that is no level of the ticket's own and no department."""
    return to.unit is not None and to.unit not in ticket.unit.ladder() and department(to.person) is None


def _tell(turn: Turn, ticket: Ticket, before: Person | None) -> None:
    """The new person is called, the one before and the first asked are told; the group reads its card."""
    person = ticket.assignee
    assert person is not None
    told = reaches(turn, ticket, person)
    call(
        turn,
        ticket,
        person,
        "transfer_ping",
        buttons=ping_buttons(turn, ticket),
        near=ticket.unit,
        who=turn.sender.name,
    )
    for other in dict.fromkeys((before, ticket.first)):
        if other is not None and other not in (turn.sender, person):
            stays = turn.texts.line("first_stays") if other is ticket.first else ""
            call(turn, ticket, other, "transfer_told", member=person.name, stays=stays)
    name: Segment = Text(assignee_name(turn, ticket))
    if not told and not turn.chat.private:
        name = mention(person, turn.chat.channel)  # the line itself is the call
    turn.say("transferred", number=ticket.number, member=name, due=when(turn, ticket.due_at))
    if not told and turn.chat.private:
        turn.say("unreached", names=person.name)
