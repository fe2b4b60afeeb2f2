"""Private chat: pressing Start, 私下说, and plain words there."""

import re

from handlers.acts import act
from handlers.desk import Envelope
from handlers.intake import attach
from handlers.interest import speaks_up
from handlers.limits.first_word import note_first_word
from handlers.passing.parts import for_the_lead, helper_note
from handlers.private_intake import own_matters, take_in_private, told_before
from handlers.proxy.dialogue import go_on_with
from handlers.rights import may
from handlers.router import Router
from handlers.sides.call import naming_buttons
from handlers.sides.talk import answered_side, other_side_spoke, refuse_unless_clear, reporter_spoke, said_so_far
from handlers.summon import tell_privately, tell_reporter
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name, clip, listed, role_word
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
        _begin(turn, ticket)
        return
    posts = [turn.texts.line("post_held", unit=p.unit.name, role=role_word(turn, p.role)) for p in turn.sender.held()]
    known = turn.texts.line("start_posts", posts=listed(turn, posts)) if posts else ""
    turn.say("start", posts=known)


def _begin(turn: Turn, ticket: Ticket) -> None:
    """The reporter may say whether they may be named; who has it now reads what was said before."""
    if turn.reported(ticket):
        how = Envelope(buttons=naming_buttons(turn, ticket)) if ticket.private and ticket.is_open else Envelope()
        turn.say("start_about", how, number=ticket.number)
        return
    hint = turn.texts.line("start_sides", number=ticket.number) if ticket.private and ticket.is_open else ""
    turn.say("start_reading", number=ticket.number, so_far=said_so_far(turn, ticket), hint=hint)


def mark_started(turn: Turn) -> None:
    """Whoever writes to us privately can be written to."""
    turn.chat.person_id = turn.sender.id
    identity = find_identity(turn.session, turn.event.channel, turn.event.sender.id)
    if identity is not None and identity.started_at is None:
        identity.started_at = turn.now


def private_words(turn: Turn) -> None:
    """Words in reply, or after 私下说, act on their ticket or are kept with it; anything else gets a hint."""
    mark_started(turn)
    if (not turn.replied() and go_on_with(turn)) or speaks_up(turn):
        return
    about = turn.session.get(Ticket, turn.chat.about_ticket_id) if turn.chat.about_ticket_id else None
    if other_side_spoke(turn, about) or answered_side(turn):
        return
    replied = [t for t in turn.replied() if any(may(r, turn.known, turn.chat, t) for r in ("see", "propose"))]
    tickets = replied or ([about] if about else [])
    if act(turn, tickets or own_matters(turn)):
        return
    ours = [t for t in tickets if t.is_open and may("see_private", turn.known, turn.chat, t)]
    if not ours and (before := told_before(turn)):
        ours = [before]
    if not ours:
        if take_in_private(turn):
            return
        raise Refusal("private_unknown")
    keep_private_words(turn, ours[-1])


def keep_private_words(turn: Turn, ticket: Ticket) -> None:
    """Only those who answer for the matter read what is said here, and the reporter what they answer."""
    if for_the_lead(turn, ticket):
        helper_note(turn, ticket)
        return
    if ticket.reporter_id == turn.sender.id:
        reporter_spoke(turn, ticket)
        turn.say("private_added", number=ticket.number, assignee=assignee_name(turn, ticket))
        return
    refuse_unless_clear(turn, ticket)
    note_first_word(turn, ticket)
    text = turn.reader.mask(turn.words)
    attach(turn, ticket, turn.message.files, turn.sender)
    ticket.record("added", by=turn.sender, at=turn.now, note=text, private=True)
    turn.outcome.became("joined", ticket)
    said = {"number": ticket.number, "who": turn.name, "text": clip(text) or "📎"}
    if ticket.assignee_id != turn.sender.id:
        tell_privately(turn, ticket, "added", **said)
    passed = tell_reporter(turn, ticket, "added", Envelope(kind="ping", ticket_id=ticket.id), **said)
    reporter = ticket.reporter.name if ticket.reporter else turn.texts.line("nameless")
    turn.say("private_passed" if passed else "private_unreached", number=ticket.number, reporter=reporter)
