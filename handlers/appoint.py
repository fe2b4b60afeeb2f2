"""Naming the responsible people of a unit (指定网格员)."""

import re

from handlers.desk import Envelope
from handlers.duty.handover import give, list_to
from handlers.rights import may_run
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import role_word
from models.heard import heard_called
from models.interest import closed_units
from models.matters import open_tickets
from models.messages import Incoming, Sender
from models.people import Person, Post, holders, people_called
from models.posts import Button
from models.units import Unit

router = Router()

PART_TIME = re.compile(r"兼职\s*|\bpart[ -]?time\b\s*", re.IGNORECASE)


@router.command("assign", "指定网格员", text=True)
def assign(turn: Turn) -> None:
    """`指定网格员` in reply to the person, with a text mention, or by the name of somebody already seen."""
    unit = turn.chat.unit
    if unit is None:
        raise Refusal("unbound")
    if not may_run(turn.known, unit):
        raise Refusal("staff_only")
    written = PART_TIME.sub("", turn.args, count=1)
    part_time = written != turn.args
    role, rest = _role(turn, written.strip())
    person, rest = _whom(turn, rest)
    place = turn.reader.place(rest, turn.ground.landmarks) if rest else None
    handed = appoint(turn, unit, person, Post(role=role, scope=[place.key] if place else [], part_time=part_time))
    turn.outcome.became("command")
    scope = turn.texts.line("assigned_scope", scope=place.text) if place else ""
    buttons = ((Button(turn.texts.line("button_start"), start="hello"),),)
    values = {"name": person.name, "unit": unit.name, "role": role_word(turn, role), "scope": scope}
    says = turn.texts.segments("assigned", **values)
    if handed:
        says += turn.texts.segments("assigned_handover", count=handed)
    if part_time:
        says += turn.texts.segments("assigned_part_time", name=person.name)
    if not has_started(turn, person):
        says += turn.texts.segments("assigned_start")
        turn.answer(says, Envelope(buttons=buttons))
        return
    turn.answer(says)


def appoint(turn: Turn, unit: Unit, person: Person, given: Post) -> int:
    """Give the post. A unit has one full-time grid member: the one before hands over; how many open tickets that is.

    A part-time one (兼职) comes beside them, and is asked in their shifts.
    """
    replaces = given.role == "grid_member" and not given.part_time
    others = [p for p in holders(turn.session, unit, "grid_member") if p.person_id != person.id]
    before = [p for p in others if replaces and not p.part_time]
    for post in before:
        post.ended_at = turn.now
    same = [p for p in person.held() if p.unit == unit and p.role == given.role and p.scope == given.scope]
    if same:
        same[0].part_time = given.part_time
    else:
        given.person, given.unit = person, unit
        turn.session.add(given)
    turn.session.flush()
    for one in (person, *(p.person for p in before)):
        turn.session.refresh(one)
    return _hand_over(turn, unit, person, {p.person_id for p in before}) if replaces else 0


def _hand_over(turn: Turn, unit: Unit, person: Person, before: set[int]) -> int:
    """What was open with those before, or with nobody, goes to the new member, who gets one list of it."""
    tickets = [t for t in open_tickets(turn.session, [unit.id]) if unit not in closed_units(t)]
    tickets = [t for t in tickets if t.assignee_id is None or t.assignee_id in before]
    for ticket in tickets:
        give(turn, ticket, person, turn.sender)
    if tickets:
        list_to(turn, person, "handover_post", tickets, unit=unit.name)
    return len(tickets)


def _role(turn: Turn, written: str) -> tuple[str, str]:
    """The role that is named, in either language, and the other words; grid_member when none is."""
    words = {w.lower(): role for role, name in turn.texts.table("roles").items() for w in (role, name)}
    parts = written.split()
    named = next((p for p in parts if p.lower() in words), None)
    rest = " ".join(p for p in parts if p != named)
    return (words[named.lower()] if named else "grid_member"), rest


def _whom(turn: Turn, written: str) -> tuple[Person, str]:
    """The person meant, and what is left of the words (a building)."""
    message = turn.event
    assert isinstance(message, Incoming)
    if message.reply_to and message.reply_to.sender and message.reply_to.sender.kind == "user":
        return turn.person(message.reply_to.sender), written
    for m in message.mentions:
        if m.kind == "user" and m.id is not None:
            return turn.person(Sender(m.id, m.name)), written.replace(message.text[m.start : m.end], "").strip()
    name, _, rest = written.partition(" ")
    if not name:
        raise Refusal("assign_whom")
    if row := heard_called(turn.session, turn.chat, name):
        return turn.person(Sender(row.sender_id, row.sender_name, username=row.username)), rest
    if len(found := people_called(turn.session, turn.event.channel, name)) == 1:
        return found[0], rest
    raise Refusal("assign_unseen")


def has_started(turn: Turn, person: Person) -> bool:
    identity = person.identity(turn.chat.channel)
    return identity is not None and identity.started_at is not None
