"""对方13 小李: the member names the other side of a private matter; they are written to, the reporter is not named."""

import re

from handlers.desk import Buttons, Envelope
from handlers.resolve import refuse_unless_open
from handlers.router import Router
from handlers.sides.talk import line_to
from handlers.sides.who import other_sides, refuse, whom
from handlers.turn import Refusal, Turn
from handlers.wording import clip, role_word
from models.chats import private_chat
from models.parties import Party
from models.people import Person
from models.posts import Button
from models.tickets import Ticket

router = Router()

DROPPED = re.compile(r"(?:取消|撤回|drop)\s*", re.IGNORECASE)


@router.command("side", "对方")
def side(turn: Turn) -> None:
    """对方13 小李; 对方13 取消 小李. Only in private: a group would see whom it is about."""
    if not turn.chat.private:
        raise Refusal("side_privately")
    ticket = turn.ticket("side", "example_side")
    refuse_unless_open(turn, ticket)
    if not ticket.private:
        raise Refusal("side_public", number=ticket.number)
    if dropped := DROPPED.match(turn.args):
        _drop(turn, ticket, whom(turn, ticket, turn.args[dropped.end() :]).id)
    else:
        _call(turn, ticket, whom(turn, ticket, turn.args))
    turn.outcome.became("command", ticket)


@router.press("sideoff")
def take_back(turn: Turn) -> None:
    """［撤回］: it was somebody else."""
    ticket = turn.ticket("side")
    if not (turn.args.isascii() and turn.args.isdecimal()):
        raise Refusal("stale_button")
    _drop(turn, ticket, int(turn.args))


@router.press("named")
def may_be_named(turn: Turn) -> None:
    """［可以说是我］ and back: only who reported it decides, and who has it is told."""
    ticket = turn.ticket("confirm")
    if not ticket.private or not ticket.is_open:
        raise Refusal("stale_button")
    unnamed = turn.args != "yes"
    if unnamed != ticket.unnamed:
        ticket.unnamed = unnamed
        ticket.record("unnamed" if unnamed else "named", by=turn.sender, at=turn.now)
        line_to(turn, ticket, "side_unnamed" if unnamed else "side_named")
    how = Envelope(buttons=naming_buttons(turn, ticket))
    turn.say("unnamed_on" if unnamed else "named_on", how, number=ticket.number)


def naming_buttons(turn: Turn, ticket: Ticket) -> Buttons:
    """What the reporter can change: whether the other side may hear who it was."""
    key, answer = ("button_named", "yes") if ticket.unnamed else ("button_unnamed", "no")
    return ((Button(turn.texts.line(key), f"named:{ticket.number}:{answer}"),),)


def _call(turn: Turn, ticket: Ticket, person: Person) -> None:
    refuse(turn, ticket, person)
    ticket.parties.append(Party(person=person, part="other_side", at=turn.now))
    ticket.record("side", by=turn.sender, at=turn.now, side=person.id)
    turn.session.flush()
    reached = _write_to(turn, ticket, person)
    off = Button(turn.texts.line("button_side_off"), f"sideoff:{ticket.number}:{person.id}")
    key = "side_called" if reached else "side_called_unreached"
    unnamed = ticket.unnamed or ticket.reporter is None
    named = turn.texts.line("side_keep_unnamed" if unnamed else "side_may_name")
    values = {"number": ticket.number, "name": person.name, "named": named}
    dedupe = f"said:{ticket.number}:{person.id}:{turn.event.event_id}:{turn.chat.id}"
    turn.say(key, Envelope(ticket_id=ticket.id, buttons=((off,),), dedupe=dedupe), **values)


def _write_to(turn: Turn, ticket: Ticket, person: Person) -> bool:
    """A first word to them: who wants to talk, not about what, and no number, for the group saw when that one came."""
    chat = private_chat(turn.session, person, ticket.chat.channel, ticket.chat.account)
    if chat is None or not chat.present:
        return False
    post = next((p for p in turn.sender.held() if p.unit in ticket.unit.ladder()), None)
    office = f"{post.unit.name}{role_word(turn, post.role)}" if post else ticket.unit.name
    key = "side_asked" if ticket.unnamed or ticket.reporter is None else "side_asked_named"
    reporter = ticket.reporter.name if ticket.reporter else ""
    says = turn.texts.segments(key, member=turn.sender.name, office=office, reporter=reporter)
    turn.write(chat, says, Envelope(kind="ping", ticket_id=ticket.id, due_at=turn.after_quiet()))
    if chat.about_ticket_id is None:
        chat.about_ticket_id = ticket.id
    return True


def _drop(turn: Turn, ticket: Ticket, person_id: int) -> None:
    gone = next((p for p in other_sides(ticket) if p.person_id == person_id), None)
    if gone is None or gone.person is None:
        raise Refusal("stale_button")
    name = clip(gone.person.name)
    chat = private_chat(turn.session, gone.person, ticket.chat.channel, ticket.chat.account)
    if chat is not None and chat.about_ticket_id == ticket.id:
        chat.about_ticket_id = None
    ticket.parties.remove(gone)
    ticket.record("side_off", by=turn.sender, at=turn.now, side=person_id)
    turn.say("side_dropped", number=ticket.number, name=name)
