"""Closing a matter: settled with its note and photo, and everybody whom it concerns is told and asked."""

from handlers.cards import refresh_card, tell_group
from handlers.closing.ending import end, settling_unit
from handlers.closing.line import answer_buttons, settled_key, settled_values, settler
from handlers.desk import Envelope
from handlers.followers import tell_followers, tell_other_groups
from handlers.intake import attach
from handlers.proposed import proposed_files
from handlers.summon import tell_reporter
from handlers.turn import Turn
from handlers.wording import clip
from models.messages import Attachment, Incoming
from models.pointers import point
from models.tickets import Ticket


def close(turn: Turn, ticket: Ticket, note: str) -> None:
    """Settle it, with the note and the photo that came along, and tell everybody whom it concerns."""
    files = closing_files(turn) or proposed_files(ticket)
    end(turn, ticket, turn.reader.mask(note.strip()), settling_unit(turn.sender, ticket))
    attach(turn, ticket, files, turn.sender, closing=True)
    for file in ticket.files:  # what the property company had shown before is the closing picture now
        file.closing = file.closing or any(file.ref == f.ref for f in files)
    if isinstance(turn.event, Incoming):
        point(turn.session, ticket, turn.chat, turn.event.message_id, "added")
    refresh_card(turn, ticket)
    announce(turn, ticket, tuple((f.kind, f.ref) for f in files if f.kind != "location"))


def announce(turn: Turn, ticket: Ticket, files: tuple[tuple[str, str], ...] = ()) -> None:
    """One line in the group that asks the reporter; the note of a private matter goes to the reporter alone."""
    how = Envelope(
        ticket_id=ticket.id,
        buttons=answer_buttons(turn, ticket),
        thread_id=ticket.thread_id,
        silent=turn.is_quiet(),
        dedupe=settled_key(ticket),
        files=() if ticket.private else files,
    )
    key = "settled_private" if ticket.private else "settled"
    if ticket.by_voice and not any(f.person_id for f in ticket.followers):  # nobody here is waiting for it
        key, how = key.replace("settled", "settled_voice"), how.but(buttons=())
    if not ticket.chat.private:
        tell_group(turn, ticket, turn.texts.segments(key, **settled_values(turn, ticket)), how)
    if ticket.private:
        values = {"number": ticket.number, "note": clip(ticket.note) or "—", "member": settler(ticket)}
        own = how.but(files=files, dedupe=f"{settled_key(ticket)}:own")
        tell_reporter(turn, ticket, "settled_to_reporter", own, **values)
    told = {"note": settled_values(turn, ticket)["note"], "member": settler(ticket)}
    tell_followers(turn, ticket, "settled", turn.sender, answer_buttons(turn, ticket), **told)
    tell_other_groups(turn, ticket, "settled_elsewhere", **told)
    turn.assure(ticket, "done_here", number=ticket.number, reporter=_reporter_name(turn, ticket))


def _reporter_name(turn: Turn, ticket: Ticket) -> str:
    return ticket.reporter.name if ticket.reporter else turn.texts.line("nameless")


def closing_files(turn: Turn) -> tuple[Attachment, ...]:
    """What came with the word, or what it answers."""
    if not isinstance(turn.event, Incoming):
        return ()
    quoted = turn.event.reply_to
    return turn.event.files or (quoted.attachments if quoted and not turn.replied() else ())
