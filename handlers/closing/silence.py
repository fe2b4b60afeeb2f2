"""Nobody answers the closing line: one reminder, then it ends as 沉默, which is neither 办结 nor 确认."""

from datetime import datetime

from handlers.cards import refresh_card, reporter_chat, tell_group
from handlers.closing.line import answer_buttons, reporter_mention, rewrite_line, settled_key, settled_values
from handlers.desk import Desk, Envelope
from handlers.wording import what, when_full
from models.chats import Chat, private_chat
from models.letters import letter_kept
from models.marks import marked_by
from models.people import Person
from models.tickets import Ticket


def answer_ends(desk: Desk, ticket: Ticket) -> datetime:
    """Until when the closing line is answered by its buttons; later words are heard all the same."""
    assert ticket.settled_at is not None
    return desk.policy.closing.silent_after.ends(desk.calendar, ticket.settled_at)


def wait_for_answer(desk: Desk, ticket: Ticket) -> None:
    """Plan the reminder."""
    assert ticket.settled_at is not None
    remind = desk.policy.closing.remind_after.ends(desk.calendar, ticket.settled_at)
    ticket.asked_again, ticket.next_at = False, min(remind, answer_ends(desk, ticket))


def look_for_answer(desk: Desk, ticket: Ticket) -> None:
    """What a settled ticket needs at this moment; the heartbeat asks."""
    if desk.now >= answer_ends(desk, ticket):
        end_in_silence(desk, ticket)
        return
    ticket.next_at = answer_ends(desk, ticket)
    if not ticket.asked_again:
        ticket.asked_again = True
        ask_again(desk, ticket)


def ask_again(desk: Desk, ticket: Ticket) -> None:
    """Once, and only who has not answered: privately; a line in the group for a reporter who cannot be reached so."""
    heard = marked_by(desk.session, ticket)
    waiting = [f.person for f in ticket.followers if f.person is not None and f.person_id not in heard]
    for person in waiting:
        if chat := private_chat(desk.session, person, ticket.chat.channel, ticket.chat.account):
            _ask_alone(desk, ticket, chat, person)
    own = reporter_chat(desk, ticket)
    if own is not None and own.present and ticket.reporter is not None:
        _ask_alone(desk, ticket, own, ticket.reporter)
    elif _has_account(ticket) and not ticket.chat.private:
        _ask_in_group(desk, ticket)


def end_in_silence(desk: Desk, ticket: Ticket) -> None:
    """Nobody hears of it: the closing line and the card say so. 没好 still takes it up again for some days."""
    ticket.move("silence", by=None, at=desk.now)
    ticket.next_at = None
    rewrite_line(desk, ticket, "settled_silent")
    refresh_card(desk, ticket)


def _ask_alone(desk: Desk, ticket: Ticket, chat: Chat, person: Person) -> None:
    values = {**settled_values(desk, ticket), "what": what(desk, ticket, openly=False), "until": _until(desk, ticket)}
    once = f"again:{ticket.number}:{ticket.reopened}:{person.id}"
    how = Envelope(kind="reminder", ticket_id=ticket.id, buttons=answer_buttons(desk, ticket), dedupe=once)
    desk.write(chat, desk.texts.segments("asked_again_alone", **values), how.but(due_at=desk.after_quiet()))


def _ask_in_group(desk: Desk, ticket: Ticket) -> None:
    """In reply to the closing line, whose buttons still stand: no second set of them."""
    line = letter_kept(desk.session, settled_key(ticket))
    values = {"number": ticket.number, "reporter": reporter_mention(desk, ticket), "until": _until(desk, ticket)}
    how = Envelope(
        kind="reminder",
        ticket_id=ticket.id,
        thread_id=ticket.thread_id,
        reply_to=line.message_id if line else None,
        silent=True,
        dedupe=f"again:{ticket.number}:{ticket.reopened}",
    )
    tell_group(desk, ticket, desk.texts.segments("asked_again", **values), how)


def _until(desk: Desk, ticket: Ticket) -> str:
    return when_full(desk, answer_ends(desk, ticket))


def _has_account(ticket: Ticket) -> bool:
    return ticket.reporter is not None and ticket.reporter.identity(ticket.chat.channel) is not None
