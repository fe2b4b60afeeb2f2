"""Who helps with a matter (联办): what they are called, and what they hear of its end."""

from typing import Any

from handlers.desk import Desk, Envelope
from handlers.wording import listed, role_word, what
from models.chats import private_chat
from models.parties import HELPING, Party
from models.people import Person, Post
from models.tickets import Ticket

BESIDE = ("department", "property", "volunteer", "mediator")  # roles beside the ladder
ENDS = frozenset({"settled", "settled_by_reporter", "void", "reopened", "merged"})


def department(person: Person) -> Post | None:
    """The department that this person speaks for, if any."""
    return next((p for p in person.held() if p.role == "department"), None)


def helpers_of(ticket: Ticket) -> list[Party]:
    """Those beside whoever has it: a helper to whom it was handed leads now."""
    beside = [p for p in ticket.parties if p.part in HELPING and p.person is not None]
    return [p for p in beside if p.person_id != ticket.assignee_id]


def helper_label(desk: Desk, person: Person, *, named: bool = False) -> str:
    """供电所, 物业, or the name; `named`: 供电所刘工, 物业周师傅, as colleagues say it."""
    post = department(person) or next((p for p in person.held() if p.role in BESIDE), None)
    if post is None:
        return person.name
    label = post.unit.name if post.role == "department" else role_word(desk, post.role)
    return label + person.name if named else label


def helping(desk: Desk, ticket: Ticket) -> str:
    """One row for the card and /status: who else is on it; nothing of a private matter."""
    labels = dict.fromkeys(helper_label(desk, p.person) for p in helpers_of(ticket) if p.person is not None)
    if ticket.private or not labels:
        return ""
    return desk.texts.line("joint_row", names=listed(desk, labels))


def tell_helpers(desk: Desk, ticket: Ticket, step: str, by: Person | None = None, **values: Any) -> None:
    """The end of the matter, or that it was taken up again, to each of them who can be reached."""
    if step not in ENDS:
        return
    for person in (p.person for p in helpers_of(ticket)):
        chat = private_chat(desk.session, person, ticket.chat.channel, ticket.chat.account) if person else None
        if chat is None or not chat.present or person is by:
            continue
        said = {"number": ticket.number, "what": what(desk, ticket, openly=False), **values}
        how = Envelope(kind="reminder", ticket_id=ticket.id, due_at=desk.after_quiet())
        once = f"helper:{ticket.number}:{chat.id}:{len(ticket.history)}"
        desk.write(chat, desk.texts.segments(f"helper_{step}", **said), how.but(dedupe=once))
