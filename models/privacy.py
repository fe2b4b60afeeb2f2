"""Erasing what is stored about a person: names, words, files and letters go, history rows and figures stay."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.asks import Ask
from models.chats import Chat
from models.heard import Heard
from models.letters import Letter
from models.people import Identity, Person
from models.tickets import Follower, Ticket, TicketEvent, TicketFile


def stored_about(session: Session, person: Person) -> int:
    """How many tickets this person reported or follows."""
    own = set(session.scalars(select(Ticket.id).where(Ticket.reporter_id == person.id)))
    return len(own | set(session.scalars(select(Follower.ticket_id).where(Follower.person_id == person.id))))


def erase(session: Session, person: Person, now: datetime, name: str, text: str) -> list[Ticket]:
    """Unlink and scrub; returns the tickets that this person had reported. `name` and `text` stand in their place."""
    tickets = list(session.scalars(select(Ticket).where(Ticket.reporter_id == person.id)))
    ids = [t.id for t in tickets]
    for ticket in tickets:
        ticket.text, ticket.thing, ticket.place, ticket.place_key = text, name, "", ""
        ticket.verdict, ticket.reporter = {}, None
    _scrub_rows(session, person, ids)
    accounts = [i.external_id for i in person.identities]
    session.execute(delete(Heard).where(Heard.sender_id.in_(accounts)))
    session.execute(delete(Ask).where(Ask.text != "", Ask.message["sender"]["id"].as_string().in_(accounts)))
    session.execute(update(Chat).where(Chat.person_id == person.id).values(about_ticket_id=None, title=""))
    session.execute(delete(Identity).where(Identity.person_id == person.id))
    person.name, person.phone, person.forgotten_at = name, None, now
    session.flush()
    session.expire_all()
    return [session.get_one(Ticket, i) for i in ids]


def _scrub_rows(session: Session, person: Person, ticket_ids: list[int]) -> None:
    session.execute(delete(Follower).where(Follower.person_id == person.id))
    session.execute(delete(TicketFile).where(TicketFile.by_id == person.id))
    notes = update(TicketEvent).where(TicketEvent.by_id == person.id)
    session.execute(notes.values(note="", by_id=None))
    about = update(Letter).where(Letter.ticket_id.in_(ticket_ids), Letter.state != "waiting")
    session.execute(about.values(body={"segments": [], "buttons": [], "files": []}))
    dropped = update(Letter).where(Letter.ticket_id.in_(ticket_ids), Letter.state == "waiting")
    session.execute(dropped.values(state="stale", error="forgotten", body={"segments": [], "buttons": [], "files": []}))
