"""The closing line: it asks the residents, shows that there is an answer, and never which."""

from handlers.desk import Buttons, Desk
from handlers.wording import clip, mention
from models.letters import letter_kept
from models.marks import GRADES
from models.posts import Button, Segment
from models.tickets import Ticket


def answer_buttons(desk: Desk, ticket: Ticket) -> Buttons:
    """The four grades, two a row, so that a phone shows them whole."""
    good, fair, poor, bad = (Button(desk.texts.line(f"button_{g}"), f"{g}:{ticket.number}") for g in GRADES)
    return ((good, fair), (poor, bad))


def settled_key(ticket: Ticket) -> str:
    return f"settled:{ticket.number}:{ticket.reopened}"


def settled_values(desk: Desk, ticket: Ticket) -> dict[str, object]:
    return {
        "number": ticket.number,
        "note": desk.texts.line("settled_note", note=clip(ticket.note)) if ticket.note else "",
        "member": settler(ticket),
        "reporters": reporters(desk, ticket),
    }


def reporters(desk: Desk, ticket: Ticket) -> tuple[Segment, ...]:
    """The reporter as a mention, and how many households wait with them."""
    one = reporter_mention(desk, ticket)
    if ticket.households == 1:
        return (one,)
    return desk.texts.segments("reporters_many", reporter=one, count=ticket.households)


def reporter_mention(desk: Desk, ticket: Ticket) -> Segment:
    return mention(ticket.reporter, ticket.chat.channel, desk.texts.line("nameless"))


def settler(ticket: Ticket) -> str:
    last = next(e for e in reversed(ticket.history) if e.kind == "settle")
    return last.by.name if last.by else ""


def rewrite_line(desk: Desk, ticket: Ticket, key: str) -> None:
    """Let the closing line say how it stands now; once the reporter has answered, it still asks those who joined."""
    line = letter_kept(desk.session, settled_key(ticket))
    if line is None:
        return
    values = settled_values(desk, ticket) | {"others": ticket.households - 1}
    more = key == "settled_confirmed" and ticket.households > 1 and any(f.person_id for f in ticket.followers)
    key = f"{key}_private" if ticket.private else f"{key}_more" if more else key
    desk.rewrite(line, desk.texts.segments(key, **values), answer_buttons(desk, ticket) if more else ())
