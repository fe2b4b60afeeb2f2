"""The property company may propose (物业说修好了): the member looks, and settles it or not. The group hears nothing."""

from typing import Any

from handlers.closing.close import closing_files
from handlers.closing.notes import settle_with
from handlers.desk import Buttons, Envelope
from handlers.intake import attach
from handlers.limits.clock import heard_from
from handlers.proposed import last_proposal, proposed_note
from handlers.rights import Right, may
from handlers.router import Router
from handlers.summon import offer_privately
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name, clip
from models.chats import private_chat
from models.messages import Press
from models.people import Person
from models.posts import Button
from models.tickets import Ticket

router = Router()

MORE: tuple[Right, ...] = ("settle", "answer", "part")


def proposes(turn: Turn, ticket: Ticket) -> bool:
    """Is the speaker of the property company, and nothing more to the matter?"""
    may_more = any(may(right, turn.known, turn.chat, ticket) for right in MORE)
    return ticket.is_open and may("propose", turn.known, turn.chat, ticket) and not may_more


def proposed(turn: Turn) -> bool:
    """办结12 of the property company is a proposal. False: the sender is nothing of the kind."""
    try:
        ticket = turn.ticket("propose", "example_done")
    except Refusal:  # what follows answers whoever may not propose
        return False
    if not proposes(turn, ticket):
        return False
    propose(turn, ticket, turn.args)
    turn.outcome.became("command", ticket)
    return True


def propose(turn: Turn, ticket: Ticket, words: str) -> None:
    """Kept with the ticket; whoever has it is asked privately, once for what is said twice."""
    again = last_proposal(ticket)
    files = closing_files(turn)
    text = turn.reader.mask(words.strip())
    attach(turn, ticket, files, turn.sender)
    ticket.record("proposed", by=turn.sender, at=turn.now, note=text, files=[f.ref for f in files])
    if again is None or again.note != text or files:
        said = turn.texts.line("proposed_words", text=clip(text)) if text else ""
        pictures = turn.texts.line("proposed_files", count=len(files)) if files else ""
        once = f"proposed:{ticket.number}:{len(ticket.history)}"
        values = {"who": turn.sender.name, "said": said + pictures}
        offer_privately(turn, ticket, "proposed", _buttons(turn, ticket), once, **values)
    _assure(turn, ticket)


@router.press("approve")
def approve(turn: Turn) -> None:
    """［办结］ under a proposal: settled by whoever presses, with the company's note and pictures."""
    ticket = turn.ticket("settle")
    if not ticket.is_open or last_proposal(ticket) is None:
        raise Refusal("stale_button")
    settle_with(turn, ticket, proposed_note(ticket))
    turn.outcome.became("command", ticket)


@router.press("notyet")
def decline(turn: Turn) -> None:
    """［还没好］: the company reads it, privately."""
    ticket = turn.ticket("settle")
    proposal = last_proposal(ticket)
    if not ticket.is_open or proposal is None:
        raise Refusal("stale_button")
    ticket.record("declined", by=turn.sender, at=turn.now)
    heard_from(turn, ticket)
    turn.outcome.became("command", ticket)
    if proposal.by is not None:
        _write(turn, ticket, proposal.by, "proposal_declined", number=ticket.number, member=turn.sender.name)
    turn.say("declined", number=ticket.number)


def _assure(turn: Turn, ticket: Ticket) -> None:
    """The company reads that it was passed on: as a toast, or where the neighbours do not read."""
    values: dict[str, Any] = {"number": ticket.number, "assignee": assignee_name(turn, ticket)}
    if turn.chat.private or isinstance(turn.event, Press):
        turn.say("proposed_told", **values)
    elif turn.command is not None:
        _write(turn, ticket, turn.sender, "proposed_told", **values)


def _write(turn: Turn, ticket: Ticket, person: Person, key: str, **values: object) -> None:
    chat = private_chat(turn.session, person, turn.event.channel, turn.event.account)
    if chat is not None:
        turn.write(chat, turn.texts.segments(key, **values), Envelope(ticket_id=ticket.id))


def _buttons(turn: Turn, ticket: Ticket) -> Buttons:
    line = turn.texts.line
    done = Button(line("button_done"), f"approve:{ticket.number}")
    return ((done, Button(line("button_notyet"), f"notyet:{ticket.number}")),)
