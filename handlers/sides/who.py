"""Who is the other side of a private matter, and whom the member means by it."""

from handlers.rights import standings
from handlers.turn import Refusal, Turn
from models.chats import groups_of
from models.heard import heard_called
from models.matters import has_matters_in
from models.messages import Sender
from models.parties import Party
from models.people import Person, people_called
from models.tickets import Ticket

IN_CHARGE = frozenset({"responsible", "above", "helper"})


def other_sides(ticket: Ticket) -> list[Party]:
    return [p for p in ticket.parties if p.part == "other_side" and p.person is not None]


def side_of(ticket: Ticket, person: Person | None) -> Party | None:
    """Their row, if they are the other side of it."""
    return next((p for p in other_sides(ticket) if person is not None and p.person_id == person.id), None)


def whom(turn: Turn, ticket: Ticket, written: str) -> Person:
    """The one person mentioned, named, or whose message is answered; a Refusal else: a wrong guess tells a secret."""
    person = _mentioned(turn) or _called(turn, ticket, written.strip()) or _answered(turn)
    if person is None:
        example = turn.texts.line("example_side", number=ticket.number)
        raise (
            Refusal("side_unknown", name=written.strip()) if written.strip() else Refusal("side_whom", example=example)
        )
    return person


def refuse(turn: Turn, ticket: Ticket, person: Person) -> None:
    """Neither who reported it nor who answers for it can be the other side."""
    if person.id == ticket.reporter_id:
        raise Refusal("side_reporter", name=person.name, number=ticket.number)
    if IN_CHARGE & standings(person, turn.chat, ticket) or any(p.person_id == person.id for p in ticket.parties):
        raise Refusal("side_in_charge", name=person.name, number=ticket.number)


def _mentioned(turn: Turn) -> Person | None:
    found = next((m for m in turn.message.mentions if m.kind == "user" and m.id is not None), None)
    return turn.person(Sender(found.id, found.name)) if found else None


def _answered(turn: Turn) -> Person | None:
    quoted = turn.message.reply_to
    if quoted is None or quoted.sender is None or quoted.sender.kind != "user" or quoted.sender.id is None:
        return None
    return turn.person(quoted.sender) if quoted.sender.id != turn.event.sender.id else None


def _called(turn: Turn, ticket: Ticket, name: str) -> Person | None:
    """By name: of several the only one of this unit; else who spoke in its groups just now."""
    if not name:
        return None
    people = people_called(turn.session, turn.chat.channel, name)
    near = [p for p in people if has_matters_in(p, ticket.unit_id)]
    found = near if len(people) > 1 else people
    if len(people) > 1 and len(found) != 1:
        raise Refusal("side_several", name=name)
    return found[0] if found else _just_heard(turn, ticket, name)


def _just_heard(turn: Turn, ticket: Ticket, name: str) -> Person | None:
    for group in groups_of(turn.session, [ticket.unit_id], "residents"):
        row = heard_called(turn.session, group, name)
        if row is not None and row.sender_id is not None:
            return turn.person(Sender(row.sender_id, row.sender_name, username=row.username))
    return None
