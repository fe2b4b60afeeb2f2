"""The closing note is looked at once: what was done, or a photo; else the member is asked, and never twice."""

from datetime import timedelta

from handlers.closing.close import close, closing_files
from handlers.desk import Envelope
from handlers.proposed import proposed_files, proposed_note
from handlers.said import PICTURES
from handlers.turn import Turn
from models.chats import private_chat
from models.letters import letter_kept
from models.messages import Press
from models.tickets import Ticket, notes_of

LATELY = timedelta(days=7)
FOR_OTHERS = 2  # so many other matters settled of late with the very same words: they say nothing of this one


def settle_with(turn: Turn, ticket: Ticket, note: str) -> None:
    """Settle, or ask what was done; whatever is said the second time settles."""
    if not _says_enough(turn, ticket, note):
        note = proposed_note(ticket) or note  # the property company's words, where the member adds none
    if ticket.note_asked or _says_enough(turn, ticket, note):
        close(turn, ticket, note)
    else:
        _ask(turn, ticket)


def answers_for_note(turn: Turn, ticket: Ticket) -> bool:
    """Is it a line or a picture in reply to our question? That it is still to be done is no answer."""
    if isinstance(turn.event, Press) or not ticket.note_asked or turn.event.reply_to is None:
        return False
    question = letter_kept(turn.session, _question(ticket))
    asked = question is not None and question.chat is turn.chat
    if not asked or question is None or question.message_id != turn.event.reply_to.message_id:
        return False
    waits = turn.verdict.speech in ("take", "unsolved", "chase") or turn.reader.denies(turn.words)
    return not waits and (_pictured(turn) or any(c.isalnum() for c in turn.words))


def _says_enough(turn: Turn, ticket: Ticket, note: str) -> bool:
    """A photo says it; else something that was done, or words of the matter, and not the words for everything."""
    if _pictured(turn) or proposed_files(ticket):
        return True
    matter = f"{ticket.text} {ticket.thing} {ticket.place}"
    return turn.reader.tells(note, matter) and not _said_of_others(turn, ticket, note)


def _said_of_others(turn: Turn, ticket: Ticket, note: str) -> bool:
    said, since = _letters(turn.reader.mask(note)), turn.now - LATELY
    before = notes_of(turn.session, turn.sender, since, but=ticket)
    return sum(_letters(words) == said for words in before) >= FOR_OTHERS


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _pictured(turn: Turn) -> bool:
    return any(f.kind in PICTURES for f in closing_files(turn))


def _ask(turn: Turn, ticket: Ticket) -> None:
    """Privately where the member can be written to: the neighbours need not read it."""
    ticket.note_asked = True
    key = "note_asked_urgent" if ticket.urgent else "note_asked"
    example = turn.texts.line("example_done", number=ticket.number)
    says = turn.texts.segments(key, number=ticket.number, example=example)
    private = private_chat(turn.session, turn.sender, turn.chat.channel, turn.chat.account)
    how = Envelope(ticket_id=ticket.id, silent=True)
    if isinstance(turn.event, Press):
        turn.answer(says)
    if private is not None and turn.chat.kind != "staff":
        turn.write(private, says, how.but(dedupe=_question(ticket)))
    elif not isinstance(turn.event, Press):
        turn.answer(says, how.but(dedupe=_question(ticket), reply_to=turn.message.message_id))


def _question(ticket: Ticket) -> str:
    return f"note:{ticket.number}:{ticket.reopened}"
