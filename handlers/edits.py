"""An edited message: it updates its ticket, adds to a closed one, or is heard for the first time."""

from datetime import timedelta

from handlers.asking import take_back
from handlers.cards import is_private, refresh_card
from handlers.limits.clock import start_clock
from handlers.summon import ping
from handlers.turn import Turn
from models.asks import open_ask
from models.heard import heard
from models.messages import Speaker, Verdict
from models.pointers import tickets_at
from models.tickets import Ticket

FRESH = timedelta(hours=48)


def is_new_intake(turn: Turn) -> bool:
    """Deal with an edit of what we know; True when the message should be read as if it were new."""
    message = turn.message
    if message.live:
        return False
    about = tickets_at(turn.session, turn.chat, message.message_id, "report", "added")
    for ticket in about:
        _update(turn, ticket)
    before = heard(turn.session, turn.chat, message.message_id)
    if about or (before is not None and before.command):
        return False  # what a command did, its edit does not do again
    if question := open_ask(turn.session, turn.chat, message.message_id):
        take_back(turn, question)  # the new words are judged anew
    return turn.said_at - message.sent_at <= FRESH


def _update(turn: Turn, ticket: Ticket) -> None:
    """The words of an open ticket follow the edit; after closing they are kept as an addition and reopen nothing."""
    text = _new_words(turn)
    turn.outcome.became("joined", ticket)
    if not text or text == ticket.text:
        return
    reported = tickets_at(turn.session, turn.chat, turn.message.message_id, "report")
    if not ticket.is_open or ticket not in reported:
        ticket.record("added", by=turn.known, at=turn.now, note=text, **turn.stamp)
        return
    ticket.record("edited", by=turn.known, at=turn.now, note=text, **turn.stamp)
    ticket.text = text
    if len(reported) == 1:  # of a message with two problems nobody knows which was corrected
        _reread(turn, ticket, turn.reader.judge(text, Speaker(), turn.ground))
    refresh_card(turn, ticket)


def _new_words(turn: Turn) -> str:
    """Of a 登记 only what is registered; nothing of any other command."""
    if turn.command is None:
        return turn.reader.mask(turn.words)
    return turn.reader.mask(turn.args) if turn.command.name == "report" else ""


def _reread(turn: Turn, ticket: Ticket, verdict: Verdict) -> None:
    """The card follows the new words where these still report an issue; what became private stays so."""
    if verdict.decision == "ignore":
        return
    ticket.thing = verdict.thing or ticket.thing
    if verdict.place:
        ticket.place, ticket.place_key = verdict.place.text, verdict.place.key
    if verdict.category and not any(e.kind == "class" for e in ticket.history):  # what a member decided stands
        ticket.category = verdict.category
    ticket.private = ticket.private or is_private(verdict)
    if verdict.emergency and not ticket.urgent:
        ticket.emergency = verdict.emergency
        start_clock(turn, ticket)
        ping(turn, ticket)
