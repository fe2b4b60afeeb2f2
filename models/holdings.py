"""What is kept about one person, read for that person."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.followers import Follower
from models.marks import Mark
from models.parties import Party
from models.people import Person
from models.roster import Leave
from models.tickets import Ticket, TicketEvent, TicketFile


@dataclass(frozen=True)
class Holding:
    """One matter that a person reported, joined or had a word in, and their own words in it, oldest first."""

    ticket: Ticket
    reported: bool
    words: tuple[str, ...]
    files: int
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Holdings:
    """`sides`: private matters of others in which they were asked; which ones is not theirs to know."""

    tickets: tuple[Holding, ...]
    sides: int
    side_words: tuple[str, ...]
    leaves: int


def holdings_of(session: Session, person: Person) -> Holdings:
    """Everything that names the person. Whoever works here reads what they reported, not all that they handled."""
    own = or_(Ticket.reporter_id == person.id, Ticket.followers.any(Follower.person_id == person.id))
    said = Ticket.id.in_(select(TicketEvent.ticket_id).where(TicketEvent.by_id == person.id, TicketEvent.note != ""))
    side = select(Party.ticket_id).where(Party.person_id == person.id, Party.part == "other_side")
    wanted = own if person.held() else own | said
    tickets = session.scalars(select(Ticket).where(wanted, Ticket.id.not_in(side)).order_by(Ticket.number))
    told = [_words(session, person, ticket_id) for ticket_id in session.scalars(side)]
    leaves = session.scalar(select(func.count(Leave.id)).where(Leave.person_id == person.id)) or 0
    words = tuple(word for words in told for word in words)
    return Holdings(tuple(_holding(session, person, t) for t in tickets), len(told), words, leaves)


def _holding(session: Session, person: Person, ticket: Ticket) -> Holding:
    reported = ticket.reporter_id == person.id
    own_file = (TicketFile.ticket_id == ticket.id) & (TicketFile.by_id == person.id)
    files = session.scalar(select(func.count(TicketFile.id)).where(own_file)) or 0
    marks = select(Mark.grade).where(Mark.ticket_id == ticket.id, Mark.person_id == person.id).order_by(Mark.id)
    words = ((ticket.text,) if reported else ()) + _words(session, person, ticket.id)
    return Holding(ticket, reported, words, files, tuple(session.scalars(marks)))


def _words(session: Session, person: Person, ticket_id: int) -> tuple[str, ...]:
    said = select(TicketEvent.note).where(TicketEvent.ticket_id == ticket_id, TicketEvent.by_id == person.id)
    return tuple(session.scalars(said.where(TicketEvent.note != "").order_by(TicketEvent.id)))
