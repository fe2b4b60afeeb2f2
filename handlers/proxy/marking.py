"""回访: what a person without an account thinks of the answer, kept by whoever asked them; never by the handler."""

from handlers.desk import Buttons, Desk
from models.marks import GRADES, Mark, mark_of
from models.people import Person
from models.posts import Button
from models.tickets import Ticket


def may_ask(person: Person, ticket: Ticket) -> bool:
    """Nobody marks what they settled themselves."""
    last = next((e for e in reversed(ticket.history) if e.kind == "settle"), None)
    return last is None or last.by_id != person.id


def answer_row(desk: Desk, ticket: Ticket) -> Buttons:
    good, fair, poor, bad = (Button(desk.texts.line(f"button_{g}"), f"visit:{ticket.number}:{g}") for g in GRADES)
    return ((good, fair), (poor, bad))


def keep_for(desk: Desk, ticket: Ticket, person: Person, grade: str) -> None:
    """The mark is the person's own, as if they had pressed."""
    mark = mark_of(desk.session, ticket, person)
    if mark is None:
        mark = Mark(ticket_id=ticket.id, round=ticket.reopened, person_id=person.id)
        desk.session.add(mark)
    mark.grade, mark.reason, mark.at = grade, "", desk.now
    desk.session.flush()
