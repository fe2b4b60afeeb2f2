"""What is said of a known matter: kept with its ticket, and read by whoever is in charge."""

from datetime import datetime, timedelta

from handlers.desk import Envelope
from handlers.intake import attach, gathered
from handlers.limits.first_word import note_first_word
from handlers.passing.calling import call
from handlers.summon import offer_privately, tell_privately
from handlers.turn import Turn
from handlers.wording import assignee_name, clip, when
from models.letters import newest_about
from models.pointers import point
from models.tickets import Ticket, TicketEvent

FOLDED = timedelta(minutes=10)  # additions within this time are one line
MOST_LINES = 20
CHASE_EVERY = timedelta(hours=1)  # at most one status line an hour


def add(turn: Turn, ticket: Ticket) -> None:
    """Keep the line and its files with the ticket, and let the responsible person read it."""
    message = turn.message
    text = turn.reader.mask(turn.words)
    files, _ = gathered(turn, message)
    attach(turn, ticket, files, turn.sender)
    point(turn.session, ticket, turn.chat, message.message_id, "added")
    ticket.record("added", by=turn.sender, at=turn.now, note=text, message=message.message_id, **turn.stamp)
    turn.outcome.became("joined", ticket)
    note_first_word(turn, ticket)
    if text:
        _let_read(turn, ticket, text)
    elif files:
        tell_privately(turn, ticket, "added_files", who=turn.name, count=len(files))


def _let_read(turn: Turn, ticket: Ticket, text: str) -> None:
    """One line to whoever is in charge; what follows within minutes is added to it without another call."""
    line = f"added:{ticket.number}:"
    before = newest_about(turn.session, ticket.id, line, turn.now - FOLDED)
    if before is None or ticket.private:
        once = None if ticket.private else f"{line}{len(ticket.history)}"
        offer_privately(turn, ticket, "added", (), once, who=turn.name, text=clip(text))
    else:
        turn.rewrite(before, turn.texts.segments("plain", text=_all_added(turn, ticket, before.written_at)), ())


def _all_added(turn: Turn, ticket: Ticket, since: datetime) -> str:
    told = [e for e in ticket.history if e.kind == "added" and e.note and e.at >= since and not e.data.get("remark")]
    lines = [_line(turn, ticket, "added_next" if n else "added", e) for n, e in enumerate(told[-MOST_LINES:])]
    return "".join(lines)


def _line(turn: Turn, ticket: Ticket, key: str, event: TicketEvent) -> str:
    who = event.by.name if event.by else turn.texts.line("nameless")
    return turn.texts.line(key, number=ticket.number, who=who, text=clip(event.note))


def keep(turn: Turn, ticket: Ticket) -> None:
    """A remark about the matter: kept for whoever opens it, and nobody is called."""
    attach_quietly(turn, ticket)
    note_first_word(turn, ticket)
    text = turn.reader.mask(turn.words)
    more = {"message": turn.message.message_id, **turn.stamp}
    ticket.record("added", by=turn.sender, at=turn.now, note=text, remark=True, **more)


def chase(turn: Turn, ticket: Ticket) -> None:
    """还没人来: one status line an hour at most, and a word to the one in charge."""
    point(turn.session, ticket, turn.chat, turn.message.message_id, "added")
    ticket.record("chased", by=turn.sender, at=turn.now, **turn.stamp)
    turn.outcome.became("joined", ticket)
    if ticket.chased_at is not None and turn.now - ticket.chased_at < CHASE_EVERY:
        return
    ticket.chased_at = turn.now
    tell_privately(turn, ticket, "chased_ping", text=clip(turn.reader.mask(turn.message.text)))
    _let_first_know(turn, ticket)
    if ticket.private and not turn.chat.private:
        return
    name = assignee_name(turn, ticket)
    doing = turn.texts.line(f"doing_{ticket.state}", assignee=name)
    how = Envelope(ticket_id=ticket.id, silent=turn.is_quiet(), reply_to=turn.message.message_id)
    turn.say("chased", how, number=ticket.number, doing=doing, due=when(turn, ticket.due_at))


def _let_first_know(turn: Turn, ticket: Ticket) -> None:
    """Who was asked first stays answerable after it went to somebody else (R34), and hears of it once a round."""
    first = ticket.first
    if first is None or first is ticket.assignee:
        return
    once = f"chased:{ticket.number}:{ticket.reopened}:{first.id}"
    text = clip(turn.reader.mask(turn.message.text))
    call(turn, ticket, first, "chased_first", once=once, text=text, assignee=assignee_name(turn, ticket))


def attach_quietly(turn: Turn, ticket: Ticket) -> None:
    """The next picture of what was just said: kept, and nobody is called again."""
    attach(turn, ticket, turn.message.files, turn.sender)
    point(turn.session, ticket, turn.chat, turn.message.message_id, "added")
    turn.outcome.became("joined", ticket)
