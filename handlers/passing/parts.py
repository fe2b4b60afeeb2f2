"""What a helper says of their part (联办): it is done, or a word for the one who leads. The lead alone settles."""

from handlers.intake import attach
from handlers.passing.helpers import helper_label, helpers_of
from handlers.rights import may
from handlers.summon import tell_privately
from handlers.turn import Turn
from handlers.wording import assignee_name, clip
from models.letters import letter_at
from models.messages import Incoming
from models.tickets import Ticket


def only_helps(turn: Turn, ticket: Ticket) -> bool:
    """Has the sender a part in it, and no say over the whole?"""
    return may("part", turn.known, turn.chat, ticket) and not may("settle", turn.known, turn.chat, ticket)


def settled_part(turn: Turn) -> bool:
    """办结12 of a helper settles their part. False: the sender does not only help."""
    ticket = turn.ticket("see", "example_done")
    if not ticket.is_open or not only_helps(turn, ticket):
        return False
    part_done(turn, ticket, turn.args)
    turn.outcome.became("command", ticket)
    return True


def part_done(turn: Turn, ticket: Ticket, words: str) -> None:
    """办好了 of a helper: the lead reads it, and that it was the last part if it was."""
    party = ticket.helper(turn.sender)
    assert party is not None
    party.ended_at = turn.now
    text = turn.reader.mask(words.strip())
    if isinstance(turn.event, Incoming):
        attach(turn, ticket, turn.event.files, turn.sender)
    ticket.record("part_done", by=turn.sender, at=turn.now, note=text)
    ended = all(p.ended_at for p in helpers_of(ticket))
    more = turn.texts.line("part_last") if ended else ""
    said = turn.texts.line("part_words", text=clip(text)) if text else ""
    tell_privately(turn, ticket, "part_told", who=helper_label(turn, turn.sender, named=True), said=said, more=more)
    if turn.chat.private or turn.command is not None:
        turn.say("part_done", number=ticket.number, lead=assignee_name(turn, ticket))


def for_the_lead(turn: Turn, ticket: Ticket) -> bool:
    """Does a helper speak to the lead? A mediator also speaks to the sides: only in reply to the letter that called."""
    if not only_helps(turn, ticket):
        return False
    quoted, party = turn.message.reply_to, ticket.helper(turn.sender)
    letter = letter_at(turn.session, turn.chat, quoted.message_id) if quoted and quoted.message_id else None
    called = letter is not None and (letter.dedupe or "").startswith("joint:")
    return called or (party is not None and party.part == "helper")


def helper_note(turn: Turn, ticket: Ticket) -> None:
    """Plain words of a helper in private: kept with the ticket, read by the lead and by nobody else."""
    text = turn.reader.mask(turn.words)
    attach(turn, ticket, turn.message.files, turn.sender)
    ticket.record("added", by=turn.sender, at=turn.now, note=text, private=True)
    turn.outcome.became("joined", ticket)
    tell_privately(turn, ticket, "added", who=helper_label(turn, turn.sender, named=True), text=clip(text) or "📎")
    turn.say("private_added", number=ticket.number, assignee=assignee_name(turn, ticket))
