"""Private chat: pressing Start, 私下说, and plain words there."""

import re

from handlers.intake import attach
from handlers.listen import listen
from handlers.rights import may
from handlers.router import Router
from handlers.summon import tell_privately
from handlers.turn import Refusal, Turn
from handlers.wording import clip, listed, role_word
from models.people import find_identity
from models.tickets import Ticket, ticket_numbered

router = Router()


@router.command("start")
def start(turn: Turn) -> None:
    """Start makes private letters possible; `p12` comes from 私下说 and opens the talk about ticket 12."""
    if not turn.chat.private:
        return
    turn.outcome.became("command")
    mark_started(turn)
    turn.chat.about_ticket_id = None
    if asked_for := re.fullmatch(r"p(\d{1,9})", turn.args):
        ticket = ticket_numbered(turn.session, int(asked_for[1]))
        if ticket is None or not may("see_private", turn.known, turn.chat, ticket):
            raise turn.missing(int(asked_for[1]))
        turn.chat.about_ticket_id = ticket.id
        turn.say("start_about", number=ticket.number)
        return
    posts = [turn.texts.line("post_held", unit=p.unit.name, role=role_word(turn, p.role)) for p in turn.sender.held()]
    known = turn.texts.line("start_posts", posts=listed(turn, posts)) if posts else ""
    turn.say("start", posts=known)


def mark_started(turn: Turn) -> None:
    """Whoever writes to us privately can be written to."""
    turn.chat.person_id = turn.sender.id
    identity = find_identity(turn.session, turn.event.channel, turn.event.sender.id)
    if identity is not None and identity.started_at is None:
        identity.started_at = turn.now


def private_words(turn: Turn) -> None:
    """A reply acts on its ticket; words after 私下说 belong to that ticket; anything else gets a hint."""
    mark_started(turn)
    if turn.replied():
        listen(turn)
        if turn.outcome.kind != "ignored":
            return
    ticket = turn.session.get(Ticket, turn.chat.about_ticket_id) if turn.chat.about_ticket_id else None
    if ticket is not None and ticket.is_open and may("see_private", turn.known, turn.chat, ticket):
        keep_private_words(turn, ticket)
        return
    raise Refusal("private_unknown")


def keep_private_words(turn: Turn, ticket: Ticket) -> None:
    """Only those who answer for the matter read what is said here."""
    text = turn.reader.mask(turn.message.text)
    attach(turn, ticket, turn.message.attachments, turn.sender)
    ticket.record("added", by=turn.sender, at=turn.now, note=text, private=True)
    turn.outcome.became("joined", ticket)
    if ticket.assignee_id != turn.sender.id:
        tell_privately(turn, ticket, "added", who=turn.sender.name, text=clip(text) or "📎")
    assignee = ticket.assignee.name if ticket.assignee else turn.texts.line("nobody", unit=ticket.unit.name)
    turn.say("private_added", number=ticket.number, assignee=assignee)
