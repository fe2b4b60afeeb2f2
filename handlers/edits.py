"""An edited message: it updates its ticket, adds to a closed one, or is heard for the first time."""

from datetime import timedelta

from handlers.cards import refresh_card
from handlers.turn import Turn
from models.heard import heard
from models.messages import PRIVATE_CATEGORY
from models.tickets import Ticket, tickets_at

FRESH = timedelta(hours=48)


def is_new_intake(turn: Turn) -> bool:
    """Deal with an edit of what we know; True when the message should be read as if it were new."""
    message = turn.message
    if message.live:
        return False
    about = tickets_at(turn.session, turn.chat, message.message_id, "report", "added")
    for ticket in about:
        update(turn, ticket)
    if about:
        return False
    before = heard(turn.session, turn.chat, message.message_id)
    if before is not None and before.command:
        return False
    return turn.now - message.sent_at <= FRESH


def update(turn: Turn, ticket: Ticket) -> None:
    """The words of an open ticket follow the edit; after closing they are kept as an addition and reopen nothing."""
    text = turn.reader.mask(turn.message.text)
    is_report = bool([t for t in tickets_at(turn.session, turn.chat, turn.message.message_id, "report") if t is ticket])
    turn.outcome.became("joined", ticket)
    if not text or text == ticket.text:
        return
    if not ticket.is_open or not is_report:
        ticket.record("added", by=turn.known, at=turn.now, note=text)
        return
    ticket.record("edited", by=turn.known, at=turn.now, note=text)
    ticket.text = text
    _reread(turn, ticket)
    refresh_card(turn, ticket)


def _reread(turn: Turn, ticket: Ticket) -> None:
    """Thing and place follow the new words where these still report an issue; what became private stays so."""
    verdict = turn.verdict
    if verdict.decision == "ignore":
        return
    ticket.thing = verdict.thing or ticket.thing
    if verdict.place:
        ticket.place, ticket.place_key = verdict.place.text, verdict.place.key
    if verdict.category == PRIVATE_CATEGORY:
        ticket.private = True
