"""Erasing what is stored about a person: names, words, files and letters go, history rows and figures stay."""

import json
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.asks import Ask
from models.chats import Chat
from models.choices import Choice
from models.drafts import Draft
from models.followers import Follower
from models.heard import Failed, Heard
from models.letters import EMPTY, Letter
from models.pauses import scrub_pauses
from models.marks import Mark
from models.people import Identity, Person
from models.requests import scrub_requests
from models.tickets import Ticket, TicketEvent, TicketFile

LOOSE_LIFE = timedelta(hours=24)  # a letter that belongs to no ticket: an answer to a command, a question to a member


def erase(session: Session, person: Person, now: datetime, name: str, text: str) -> list[Ticket]:
    """Unlink and scrub; returns the tickets that this person had reported. `name` and `text` stand in their place."""
    tickets = list(session.scalars(select(Ticket).where(Ticket.reporter_id == person.id)))
    own = [t.id for t in tickets]
    for ticket in tickets:
        ticket.text, ticket.thing, ticket.place, ticket.place_key, ticket.note = text, name, "", "", ""
        ticket.verdict, ticket.reporter, ticket.contact = {}, None, ""
    _scrub_letters(session, person, own)
    _scrub_rows(session, person, own)
    _scrub_messages(session, [i.external_id for i in person.identities])
    session.execute(update(Chat).where(Chat.person_id == person.id).values(about_ticket_id=None, title=""))
    session.execute(delete(Identity).where(Identity.person_id == person.id))
    person.name, person.phone, person.forgotten_at = name, None, now
    session.flush()
    session.expire_all()
    return [session.get_one(Ticket, i) for i in own]


def drop_loose_ends(session: Session, now: datetime) -> None:
    """What nobody needs any more: sent letters about no ticket, and the private chats of people who were forgotten."""
    passing = Letter.ticket_id.is_(None) & Letter.kind.in_(("ping", "reply", "toast", "edit"))
    old = (Letter.state != "waiting") & (Letter.written_at < now - LOOSE_LIFE)
    session.execute(delete(Letter).where(passing, old))
    waiting = select(Letter.chat_id).where(Letter.state == "waiting")
    gone = select(Chat).join(Person, Chat.person_id == Person.id).where(Person.forgotten_at.is_not(None))
    for chat in session.scalars(gone.where(Chat.id.not_in(waiting))):
        chat.external_id, chat.person_id, chat.present = f"forgotten:{chat.id}", None, False


def _scrub_letters(session: Session, person: Person, own: list[int]) -> None:
    """Letters about their own tickets, about those they had a word in, and all in their private chat."""
    spoken = set(session.scalars(select(TicketEvent.ticket_id).where(TicketEvent.by_id == person.id)))
    chats = list(session.scalars(select(Chat.id).where(Chat.person_id == person.id)))
    theirs = Letter.ticket_id.in_(spoken.union(own)) | Letter.chat_id.in_(chats)
    session.execute(update(Letter).where(theirs, Letter.state != "waiting").values(body=EMPTY))
    for letter in session.scalars(select(Letter).where(theirs, Letter.state == "waiting")):
        if letter.ticket_id in own or person.name in json.dumps(letter.body, ensure_ascii=False):
            letter.state, letter.error, letter.body = "stale", "forgotten", EMPTY


def _scrub_rows(session: Session, person: Person, own: list[int]) -> None:
    _leave_marks(session, person)
    session.execute(update(Mark).where(Mark.person_id == person.id).values(person_id=None, reason=""))
    scrub_requests(session, person, own)
    scrub_pauses(session, own)
    session.execute(delete(TicketFile).where((TicketFile.by_id == person.id) | TicketFile.ticket_id.in_(own)))
    session.execute(update(TicketEvent).where(TicketEvent.ticket_id.in_(own)).values(note=""))
    session.execute(update(TicketEvent).where(TicketEvent.by_id == person.id).values(note="", by_id=None))


def _leave_marks(session: Session, person: Person) -> None:
    """Where others still wait, the person is a keyed hash from now on, so that the count holds; else nothing."""
    for ticket in session.scalars(select(Ticket).where(Ticket.followers.any(Follower.person_id == person.id))):
        for follower in ticket.followers:
            if follower.person_id == person.id:
                follower.person = follower.chat = None
        session.flush()
        if not ticket.is_open:
            ticket.unmark()


def _scrub_messages(session: Session, accounts: list[str]) -> None:
    session.execute(delete(Heard).where(Heard.sender_id.in_(accounts)))
    session.execute(delete(Choice).where(Choice.sender_id.in_(accounts)))
    session.execute(delete(Draft).where(Draft.chat_id.in_(select(Chat.id).where(Chat.external_id.in_(accounts)))))
    session.execute(delete(Ask).where(Ask.message["sender"]["id"].as_string().in_(accounts)))
    for account in accounts:
        session.execute(delete(Failed).where(Failed.event.contains(f'"id": "{account}"', autoescape=True)))
