"""What is said privately: both sides to whoever has the matter, each marked; the member's answer to one side alone."""

from collections.abc import Iterator
from typing import Any

from handlers.desk import Envelope
from handlers.intake import attach
from handlers.rights import may
from handlers.sides.who import other_sides, side_of
from handlers.summon import offer_privately
from handlers.turn import Refusal, Turn
from handlers.wording import assignee_name, clip
from models.chats import Chat, private_chat
from models.letters import letter_at
from models.people import Person
from models.pointers import tickets_at
from models.tickets import Ticket, TicketEvent

MOST_LINES = 12  # of what was said so far, for whoever reads on
MARK = "📎"


def other_side_spoke(turn: Turn, about: Ticket | None) -> bool:
    """Words of the other side of an open matter: kept, read by whoever has it, and by nobody else."""
    quoted = turn.message.reply_to
    replied = tickets_at(turn.session, turn.chat, quoted.message_id) if quoted and quoted.message_id else []
    pointed = replied or ([about] if about else [])
    meant = [t for t in pointed if t.is_open and side_of(t, turn.known)]
    if not meant:
        return False
    ticket = meant[-1]
    text = _keep(turn, ticket, side=turn.sender.id)
    line_to(turn, ticket, "side_added", who=turn.name, text=clip(text) or MARK)
    turn.say("side_noted", assignee=assignee_name(turn, ticket))
    return True


def reporter_spoke(turn: Turn, ticket: Ticket) -> None:
    """The reporter's own words; marked as theirs where there is another side."""
    text = _keep(turn, ticket)
    key = "reporter_added" if other_sides(ticket) else "added"
    line_to(turn, ticket, key, who=turn.name, text=clip(text) or MARK)


def answered_side(turn: Turn) -> bool:
    """The member answers a letter with words of one side: only that side reads it."""
    found = _answered_letter(turn)
    if found is None:
        return False
    ticket, person_id = found
    side = next((p.person for p in other_sides(ticket) if p.person_id == person_id), None)
    if side is None:
        return False
    _refuse_name(turn, ticket)
    text = _keep(turn, ticket, to=side.id)
    chat = private_chat(turn.session, side, ticket.chat.channel, ticket.chat.account)
    reached = chat is not None and chat.present
    if chat is not None and reached:
        says = turn.texts.segments("side_answer", who=turn.sender.name, text=clip(text) or MARK)
        turn.write(chat, says, Envelope(kind="ping", ticket_id=ticket.id))
    turn.say("side_passed" if reached else "side_unreached", number=ticket.number, name=side.name)
    return True


def refuse_unless_clear(turn: Turn, ticket: Ticket) -> None:
    """With two sides, words that answer neither would reach the wrong one."""
    found = _answered_letter(turn)
    if other_sides(ticket) and not (found and found[1] == ticket.reporter_id) and not _answers_ping(turn):
        raise Refusal("which_side", number=ticket.number)


def line_to(turn: Turn, ticket: Ticket, key: str, **said: Any) -> None:
    """A private word to each of those with whom the talk is; the nearest on duty where none of them can be reached."""
    values = {"number": ticket.number, **said}
    once = f"said:{ticket.number}:{turn.sender.id}:{turn.event.event_id}"
    chats = list(_listeners(turn, ticket))
    for chat in chats:
        how = Envelope(kind="ping", ticket_id=ticket.id, dedupe=f"{once}:{chat.id}")
        if not ticket.urgent:
            how = how.but(due_at=turn.after_quiet())
        turn.write(chat, turn.texts.segments(key, **values), how)
    in_charge = ticket.assignee_id == turn.sender.id
    if not chats and not in_charge:
        offer_privately(turn, ticket, key, (), once, **said)


def said_so_far(turn: Turn, ticket: Ticket) -> str:
    """What both sides have said in private, for whoever has the matter now."""
    told = [e for e in ticket.history if e.kind == "added" and e.data.get("private") and e.note]
    return "".join(_line(turn, ticket, event) for event in told[-MOST_LINES:])


def _line(turn: Turn, ticket: Ticket, event: TicketEvent) -> str:
    other = event.data.get("side") is not None
    role = "other_side" if other else "reporter" if event.by_id == ticket.reporter_id else "member"
    who = turn.texts.word("sides", role) + (event.by.name if event.by else "")
    return turn.texts.line("side_line", who=who, text=clip(event.note))


def _listeners(turn: Turn, ticket: Ticket) -> Iterator[Chat]:
    """Who has it now, who was asked first (R34), and its mediators, as far as they may read it and can be reached."""
    mediators = [p.person for p in ticket.parties if p.part == "mediator"]
    people = dict.fromkeys(p for p in (ticket.assignee, ticket.first, *mediators) if p is not None)
    for person in people:
        chat = _chat_of(turn, ticket, person)
        if chat is not None and person.id != turn.sender.id and may("see_private", person, chat, ticket):
            yield chat


def _chat_of(turn: Turn, ticket: Ticket, person: Person) -> Chat | None:
    chat = private_chat(turn.session, person, ticket.chat.channel, ticket.chat.account)
    return chat if chat is not None and chat.present else None


def _keep(turn: Turn, ticket: Ticket, **data: Any) -> str:
    text = turn.reader.mask(turn.words)
    attach(turn, ticket, turn.message.files, turn.sender)
    ticket.record("added", by=turn.sender, at=turn.now, note=text, private=True, **data)
    turn.outcome.became("joined", ticket)
    return text


def _answered_letter(turn: Turn) -> tuple[Ticket, int] | None:
    """The open matter, and whose words the answered letter brought, if the sender reads such letters."""
    quoted = turn.message.reply_to
    letter = letter_at(turn.session, turn.chat, quoted.message_id) if quoted and quoted.message_id else None
    key = letter.dedupe.split(":") if letter is not None and letter.dedupe else []
    if letter is None or letter.ticket_id is None or key[:1] != ["said"]:
        return None
    ticket = turn.session.get_one(Ticket, letter.ticket_id)
    readable = ticket.is_open and may("see_private", turn.known, turn.chat, ticket) and not turn.reported(ticket)
    return (ticket, int(key[2])) if readable else None


def _answers_ping(turn: Turn) -> bool:
    """The call quotes the reporter."""
    quoted = turn.message.reply_to
    letter = letter_at(turn.session, turn.chat, quoted.message_id) if quoted and quoted.message_id else None
    return letter is not None and (letter.dedupe or "").startswith("ping:")


def _refuse_name(turn: Turn, ticket: Ticket) -> None:
    """The member's slip of the pen would tell who reported it."""
    reporter = ticket.reporter
    if ticket.unnamed and reporter is not None and reporter.name in turn.words:
        raise Refusal("side_names", name=reporter.name)
