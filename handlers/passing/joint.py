"""Handled together (联办): one leads and settles, helpers have a part each; departments stand beside the ladder."""

import re

from handlers.cards import refresh_card
from handlers.passing.calling import call, reaches
from handlers.passing.helpers import helper_label
from handlers.passing.whom import Named, named
from handlers.resolve import refuse_unless_open
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name, clip, listed
from models.parties import HELPING, Party
from models.people import Person
from models.tickets import Ticket

router = Router()

DROPPED = re.compile(r"(?:取消|drop)\s+", re.IGNORECASE)
WHY = re.compile(r"\s*[：:\n]\s*")


@router.command("joint", "联办")
def joint(turn: Turn) -> None:
    """联办12 物业 供电所：要断电检修; 联办12 取消 物业."""
    ticket = turn.ticket("joint", "example_joint")
    refuse_unless_open(turn, ticket)
    if ticket.private and not turn.chat.private:
        raise Refusal("joint_privately", number=ticket.number)
    if dropped := DROPPED.match(turn.args):
        _let_go(turn, ticket, named(turn, ticket, turn.args[dropped.end() :]))
    else:
        words, _, why = _parts(turn.args)
        _call_in(turn, ticket, named(turn, ticket, words), turn.reader.mask(why))
    turn.outcome.became("command", ticket)


def _parts(written: str) -> tuple[str, str, str]:
    """Who, and after a colon why."""
    found = WHY.search(written)
    return (written[: found.start()], found[0], written[found.end() :]) if found else (written, "", "")


def _call_in(turn: Turn, ticket: Ticket, helpers: list[Named], why: str) -> None:
    if not helpers:
        raise Refusal("joint_whom", example=turn.texts.line("example_joint", number=ticket.number))
    for helper in helpers:
        _refuse(ticket, helper.person)
    lead = assignee_name(turn, ticket)
    names = listed(turn, [_add(turn, ticket, helper, why) for helper in helpers])
    refresh_card(turn, ticket)
    if ticket.assignee is not None and ticket.assignee_id != turn.sender.id:
        call(turn, ticket, ticket.assignee, "joint_lead", who=turn.sender.name, names=names)
    turn.say("joint_done", number=ticket.number, names=names, lead=lead)
    unreached = [h.person for h in helpers if not reaches(turn, ticket, h.person)]
    if unreached:
        turn.say("unreached", names=listed(turn, [p.name for p in unreached]))


def _refuse(ticket: Ticket, person: Person) -> None:
    if person.id == ticket.assignee_id:
        raise Refusal("joint_own", number=ticket.number, name=person.name)
    if person.id == ticket.about_id or ticket.opposes(person):
        raise Refusal("transfer_about", number=ticket.number)
    if not person.held():
        raise Refusal("transfer_post", number=ticket.number, name=person.name)


def _add(turn: Turn, ticket: Ticket, helper: Named, why: str) -> str:
    """Their part, a private letter with what, why and by when; what they are called."""
    person = helper.person
    mediates = helper.role == "mediator" or any(p.role == "mediator" for p in person.held())
    part = "mediator" if mediates else "helper"
    party = ticket.helper(person)
    if party is None:
        party = Party(person=person, part=part, at=turn.now)
        ticket.parties.append(party)
    party.part, party.at, party.ended_at = part, turn.now, None
    turn.session.flush()
    ticket.record("helper", by=turn.sender, at=turn.now, note=why, helper=person.id, part=part)
    reason = turn.texts.line("joint_why", who=turn.sender.name, why=clip(why)) if why else ""
    lead = assignee_name(turn, ticket)
    near = helper.unit or ticket.unit
    once = f"joint:{ticket.number}:{person.id}:{len(ticket.history)}"
    call(turn, ticket, person, "joint_ping", near=near, once=once, why=reason, lead=lead)
    return helper_label(turn, person, named=True)


def _let_go(turn: Turn, ticket: Ticket, helpers: list[Named]) -> None:
    gone = [(h, ticket.helper(h.person)) for h in helpers]
    if not gone or any(party is None for _, party in gone):
        raise Refusal("joint_not_one", number=ticket.number)
    for helper, party in gone:
        assert party is not None and party.part in HELPING
        ticket.parties.remove(party)
        ticket.record("let_go", by=turn.sender, at=turn.now, helper=helper.person.id)
        call(turn, ticket, helper.person, "joint_over")
    refresh_card(turn, ticket)
    names = listed(turn, [helper_label(turn, h.person, named=True) for h in helpers])
    turn.say("joint_dropped", number=ticket.number, names=names)
