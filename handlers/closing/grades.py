"""Marks: what a resident thinks of the answer. One a person and round, the last word counts, and nobody reads it."""

from datetime import timedelta

from handlers.closing.silence import answer_ends
from handlers.desk import Envelope
from handlers.rights import may
from handlers.turn import Refusal, Turn
from models.chats import Chat, private_chat
from models.marks import Mark, mark_of
from models.messages import Press
from models.tickets import Ticket

WHY_WAITS = timedelta(hours=24)  # so long words in reply are taken as the reason of a low mark
SAYS_WHY = 8  # letters: 不满意 alone is no reason, 不满意，灯还是不亮 is one


def keep_mark(turn: Turn, ticket: Ticket, grade: str) -> None:
    """Whoever answers for the matter gives no marks to their own work (R35)."""
    if ticket.settled_at is None or may("settle", turn.known, turn.chat, ticket):
        return
    mark = mark_of(turn.session, ticket, turn.sender)
    if mark is None:
        mark = Mark(ticket_id=ticket.id, round=ticket.reopened, person_id=turn.sender.id)
        turn.session.add(mark)
    mark.grade, mark.reason, mark.at = grade, "", turn.now
    turn.session.flush()


def refuse_unless_asked(turn: Turn, ticket: Ticket) -> None:
    """A press on a line whose time is over."""
    if ticket.settled_at is None or ticket.state not in ("settled", "confirmed", "silent"):
        raise Refusal("stale_button")
    if ticket.state == "silent" or turn.now > answer_ends(turn, ticket):
        raise Refusal("answer_over", number=ticket.number)


def ask_why(turn: Turn, ticket: Ticket) -> None:
    """What is wrong? Asked of nobody but who gave the mark: privately where they can be written to."""
    chat = turn.chat if turn.chat.private else private_chat(turn.session, turn.sender, *_account(turn))
    private = chat is not None and chat.present
    if isinstance(turn.event, Press):
        turn.say("why_poor_toast" if private else "why_poor_reply_toast", number=ticket.number)
    if chat is not None and private:
        _ask_privately(turn, ticket, chat)
    elif not isinstance(turn.event, Press):
        how = Envelope(ticket_id=ticket.id, silent=True, reply_to=turn.message.message_id)
        turn.say("why_poor", how, number=ticket.number)


def waits_for_why(turn: Turn, ticket: Ticket) -> bool:
    """Are these words what a low mark of the sender still lacks?"""
    mark = mark_of(turn.session, ticket, turn.known) if turn.known else None
    if mark is None or mark.grade != "poor" or mark.reason or turn.now - mark.at > WHY_WAITS:
        return False
    return any(c.isalnum() for c in turn.words) and (turn.chat.private or ticket in turn.replied())


def says_why(turn: Turn) -> bool:
    """Does 不满意 come with its reason in one line?"""
    return sum(c.isalnum() for c in turn.words) >= SAYS_WHY


def keep_why(turn: Turn, ticket: Ticket) -> str:
    """The reason, masked; it is kept with the mark."""
    mark = mark_of(turn.session, ticket, turn.sender)
    why = turn.reader.mask(turn.words)
    if mark is not None:
        mark.reason = why
    if turn.chat.about_ticket_id == ticket.id:
        turn.chat.about_ticket_id = None
    return why


def _account(turn: Turn) -> tuple[str, str]:
    return turn.chat.channel, turn.chat.account


def _ask_privately(turn: Turn, ticket: Ticket, chat: Chat) -> None:
    """The next words there belong to the ticket; what was being talked about goes on after a reply to it."""
    chat.about_ticket_id = ticket.id
    how = Envelope(ticket_id=ticket.id, silent=True, dedupe=f"why:{ticket.number}:{ticket.reopened}:{chat.id}")
    turn.write(chat, turn.texts.segments("why_poor", number=ticket.number), how)
