"""A reporter without an account hears of every step by voice: whoever entered it is asked to tell them (R18)."""

from collections.abc import Iterator

from handlers.desk import Buttons, Desk, Envelope
from handlers.limits.terms import Term
from handlers.proxy.marking import may_ask
from handlers.summon import line_of, ping_buttons, staff_group_of
from handlers.wording import assignee_name, clip, reporter_called, what, when_full
from models.chats import Chat, private_chat
from models.letters import Letter, letter_kept
from models.people import Person
from models.pointers import as_one
from models.posts import Button, Segment
from models.states import VOICED
from models.tickets import Ticket, TicketEvent

AGAIN = Term(days=1)  # working time after which the reminder comes


def tell(desk: Desk, ticket: Ticket, remark: str = "", *, at_once: bool = False) -> Letter | None:
    """One letter about the newest step; `remark`: a text that is added. `at_once`: it answers who just wrote."""
    step = newest_step(ticket)
    chat = _chat_for(desk, ticket, step) if step else None
    if step is None or chat is None:
        return None
    says = wording(desk, ticket, step, chat)
    if remark:
        says += desk.texts.segments(remark)
    how = _travel(desk, ticket).but(buttons=_buttons(desk, ticket, step), dedupe=key(ticket, step))
    letter = desk.write(chat, says, how.but(due_at=None) if at_once else how)
    ticket.tell_at = AGAIN.ends(desk.calendar, desk.now)
    return letter


def remind(desk: Desk, ticket: Ticket, step: TicketEvent) -> None:
    """Nobody pressed 已告诉 within a working day: asked once more, and not again."""
    if chat := _chat_for(desk, ticket, step):
        says = (*desk.texts.segments("tell_again"), *wording(desk, ticket, step, chat))
        desk.write(
            chat, says, _travel(desk, ticket).but(buttons=_told_row(desk, ticket, step), dedupe=again(ticket, step))
        )


def newest_step(ticket: Ticket) -> TicketEvent | None:
    """The last thing that its reporter must hear; of what was merged, how the other goes on."""
    return max((e for e in steps_of(ticket) if e.kind in VOICED), key=lambda e: e.id, default=None)


def steps_of(ticket: Ticket) -> list[TicketEvent]:
    """Its history, and that of the ticket as part of which it goes on."""
    goes_on = as_one(ticket)
    return ticket.history if goes_on is ticket else [*ticket.history, *goes_on.history]


def was_told(ticket: Ticket, step: TicketEvent) -> bool:
    return any(e.kind == "told" and e.data.get("of") == step.id for e in ticket.history)


def key(ticket: Ticket, step: TicketEvent) -> str:
    return f"tell:{ticket.number}:{step.id}"


def again(ticket: Ticket, step: TicketEvent) -> str:
    return f"{key(ticket, step)}:again"


def asked_before(desk: Desk, ticket: Ticket, step: TicketEvent) -> bool:
    return letter_kept(desk.session, key(ticket, step)) is not None


def wording(desk: Desk, ticket: Ticket, step: TicketEvent, chat: Chat) -> tuple[Segment, ...]:
    """Whom to tell, by which number, and what. In a staff group the number is masked."""
    openly = not chat.private
    return desk.texts.segments(
        "tell",
        number=ticket.number,
        who=reporter_called(desk, ticket, masked=openly),
        what=what(desk, ticket, openly=openly),
        news=_news(desk, ticket, step, hidden=openly and ticket.private),
    )


def _news(desk: Desk, ticket: Ticket, step: TicketEvent, *, hidden: bool) -> str:
    """What has happened, in words that can be said on the telephone."""
    known = desk.texts.table("told_steps")
    kind = step.kind if step.kind in known else "other"
    note = "" if hidden or not step.note else desk.texts.line("settled_note", note=clip(step.note))
    says = known[kind]
    values = {
        "assignee": assignee_name(desk, as_one(ticket)),
        "due": when_full(desk, as_one(ticket).due_at),
        "note": note,
        "state": desk.texts.word("states", as_one(ticket).state),
    }
    for slot, value in values.items():
        says = says.replace("{" + slot + "}", value)
    return says


def _chat_for(desk: Desk, ticket: Ticket, step: TicketEvent) -> Chat | None:
    """Whoever entered it; the end is told by somebody who did not settle it themself, where there is one."""
    chats = [
        (p, private_chat(desk.session, p, ticket.chat.channel, ticket.chat.account)) for p in _tellers(desk, ticket)
    ]
    reached = [(p, c) for p, c in chats if c is not None and c.present]
    fair = [c for p, c in reached if may_ask(p, ticket)] if step.kind == "settle" else []
    return next(iter(fair), reached[0][1] if reached else staff_group_of(desk, ticket))


def _tellers(desk: Desk, ticket: Ticket) -> Iterator[Person]:
    """Nearest first: who entered it, then whoever answers for the matter."""
    if ticket.proxy is not None and ticket.proxy is not ticket.about:
        yield ticket.proxy
    yield from (p for p in line_of(desk, ticket) if p is not ticket.proxy)


def _buttons(desk: Desk, ticket: Ticket, step: TicketEvent) -> Buttons:
    rows = _told_row(desk, ticket, step)
    own = step.kind == "opened" and ticket.assignee is not None and ticket.assignee is ticket.proxy
    return (*rows, *ping_buttons(desk, ticket)) if own else rows


def _told_row(desk: Desk, ticket: Ticket, step: TicketEvent) -> Buttons:
    return ((Button(desk.texts.line("button_told"), f"told:{ticket.number}:{step.id}"),),)


def _travel(desk: Desk, ticket: Ticket) -> Envelope:
    waits = None if ticket.urgent else desk.after_quiet()
    return Envelope(kind="ping", ticket_id=ticket.id, due_at=waits)
