"""A grid member takes a matter on (签收) and says that it is settled (办结)."""

from handlers.cards import refresh_card, tell_group
from handlers.desk import Buttons, Envelope
from handlers.followers import tell_followers, tell_other_groups
from handlers.intake import attach
from handlers.limits.clock import heard_from
from handlers.router import Router
from handlers.summon import tell_reporter
from handlers.turn import Refusal, Turn
from handlers.wording import clip, mention, when, when_full
from models.messages import Attachment, Incoming
from models.pointers import as_one, point
from models.posts import Button, Segment
from models.tickets import Ticket

router = Router()


@router.command("done", "办结")
@router.press("done")
def settle(turn: Turn) -> None:
    """Close the ticket that the reply or the number points at. R18: the reporter always hears of it."""
    ticket = turn.ticket("settle", "example_done")
    refuse_unless_open(turn, ticket)
    close(turn, ticket, turn.args)
    turn.outcome.became("command", ticket)


@router.command("take", "我来办", "签收")
@router.press("take")
def take(turn: Turn) -> None:
    """The responsible person says: mine."""
    ticket = turn.ticket("take", "example_take")
    refuse_unless_open(turn, ticket)
    if ticket.state == "taken":
        raise Refusal("already_taken", number=ticket.number)
    take_on(turn, ticket)
    turn.outcome.became("command", ticket)
    turn.say("taken", number=ticket.number, member=turn.sender.name, due=when(turn, ticket.due_at))


def take_on(turn: Turn, ticket: Ticket) -> None:
    """Without a line in the group: the card says it."""
    ticket.move("take", by=turn.sender, at=turn.now)
    if any(p.unit == ticket.unit for p in turn.sender.held()):
        ticket.assignee = turn.sender
    heard_from(turn, ticket)
    refresh_card(turn, ticket)
    tell_followers(turn, ticket, "taken", turn.sender, member=turn.sender.name, due=when_full(turn, ticket.due_at))


def close(turn: Turn, ticket: Ticket, note: str) -> None:
    """Settle it, with the note and the photo that came along, and tell everybody whom it concerns."""
    files = _files(turn)
    ticket.note = turn.reader.mask(note.strip())
    ticket.move("settle", by=turn.sender, at=turn.now, note=ticket.note)
    ticket.settled_at, ticket.next_at = turn.now, None
    attach(turn, ticket, files, turn.sender, closing=True)
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
    if not ticket.chat.private:
        tell_group(turn, ticket, turn.texts.segments(key, **settled_values(turn, ticket)), how)
    if ticket.private:
        values = {"number": ticket.number, "note": clip(ticket.note) or "—", "member": _settler(ticket)}
        own = how.but(files=files, dedupe=f"{settled_key(ticket)}:own")
        tell_reporter(turn, ticket, "settled_to_reporter", own, **values)
    told = {"note": settled_values(turn, ticket)["note"], "member": _settler(ticket)}
    tell_followers(turn, ticket, "settled", turn.sender, answer_buttons(turn, ticket), **told)
    tell_other_groups(turn, ticket, "settled_elsewhere", **told)
    turn.assure(ticket, "done_here", number=ticket.number, reporter=_reporter_name(turn, ticket))


def _reporter_name(turn: Turn, ticket: Ticket) -> str:
    return ticket.reporter.name if ticket.reporter else turn.texts.line("nameless")


def settled_key(ticket: Ticket) -> str:
    return f"settled:{ticket.number}:{ticket.reopened}"


def settled_values(turn: Turn, ticket: Ticket) -> dict[str, object]:
    return {
        "number": ticket.number,
        "note": turn.texts.line("settled_note", note=clip(ticket.note)) if ticket.note else "",
        "member": _settler(ticket),
        "reporters": reporters(turn, ticket),
    }


def reporters(turn: Turn, ticket: Ticket) -> tuple[Segment, ...]:
    """The reporter as a mention, and how many households wait with them."""
    one = mention(ticket.reporter, ticket.chat.channel, turn.texts.line("nameless"))
    if ticket.households == 1:
        return (one,)
    return turn.texts.segments("reporters_many", reporter=one, count=ticket.households)


def answer_buttons(turn: Turn, ticket: Ticket) -> Buttons:
    good = Button(turn.texts.line("button_good"), f"good:{ticket.number}")
    return ((good, Button(turn.texts.line("button_bad"), f"bad:{ticket.number}")),)


def refuse_unless_open(turn: Turn, ticket: Ticket) -> None:
    """Settled twice, or settled after 不立单: say what is the case, change nothing."""
    if ticket.is_open:
        return
    refuse_merged(ticket)
    at = when(turn, ticket.settled_at or ticket.history[-1].at)
    if ticket.state == "void":
        raise Refusal("already_void", number=ticket.number, at=at)
    raise Refusal("already_settled", number=ticket.number, at=at)


def refuse_merged(ticket: Ticket) -> None:
    """Its number stays answerable: it says where the matter goes on."""
    if ticket.state == "merged":
        raise Refusal("already_merged", number=ticket.number, into=as_one(ticket).number)


def _settler(ticket: Ticket) -> str:
    last = next(e for e in reversed(ticket.history) if e.kind == "settle")
    return last.by.name if last.by else ""


def _files(turn: Turn) -> tuple[Attachment, ...]:
    if not isinstance(turn.event, Incoming):
        return ()
    quoted = turn.event.reply_to
    return turn.event.files or (quoted.attachments if quoted and not turn.replied() else ())
