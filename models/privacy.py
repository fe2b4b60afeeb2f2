"""Erasing what is stored about a person: names, words, files and letters go, history rows and figures stay."""

import json
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.orm import Session

from models.aside import Aside
from models.asks import Ask
from models.chats import Chat
from models.choices import Choice
from models.drafts import Draft
from models.erasing import forget_people, references, scrub
from models.followers import Follower
from models.heard import Failed, Heard
from models.letters import EMPTY, LOOSE, Letter
from models.marks import Mark
from models.meetings import TalkChange
from models.parties import Party
from models.people import Person, Post
from models.requests import Request
from models.roster import Leave, Shift
from models.tickets import Ticket, TicketEvent, TicketFile

LOOSE_LIFE = timedelta(hours=24)  # a letter that belongs to no ticket: an answer to a command, a question to a member
ROWS_OF_THEIRS = (Shift, Leave, Party)
"""Rows that are about one person and nothing else; posts that have ended stay: figures are counted by them."""


def erase(session: Session, person: Person, now: datetime, name: str, text: str) -> list[Ticket]:
    """Unlink and scrub; returns the tickets that this person had reported. `name` and `text` stand in their place."""
    own = list(session.scalars(select(Ticket.id).where(Ticket.reporter_id == person.id)))
    _scrub_letters(session, person, own)
    _scrub_said_to(session, person)
    scrub(session, own, text, name)
    _scrub_rows(session, person)
    _scrub_messages(session, person, [i.external_id for i in person.identities])
    _unlink(session, person)
    session.flush()
    forget_people(session, {person.id}, now, name)
    session.expire_all()
    return [session.get_one(Ticket, i) for i in own]


def drop_loose_ends(session: Session, now: datetime) -> None:
    """What nobody needs any more: sent letters about no ticket, and the private chats of people who were forgotten."""
    passing = text(LOOSE)
    old = (Letter.state != "waiting") & (Letter.written_at < now - LOOSE_LIFE)
    going = select(Letter.id).where(passing, old)
    named = Letter.folded_id.in_(going)  # a fold goes before what it stood for; its number may come again
    session.execute(update(Letter).where(named).values(folded_id=None))
    session.execute(delete(Letter).where(passing, old))
    waiting = select(Letter.chat_id).where(Letter.state == "waiting")
    gone = select(Chat).join(Person, Chat.person_id == Person.id).where(Person.forgotten_at.is_not(None))
    for chat in session.scalars(gone.where(Chat.id.not_in(waiting))):
        chat.external_id, chat.person_id, chat.present = f"forgotten:{chat.id}", None, False


def _scrub_letters(session: Session, person: Person, own: list[int]) -> None:
    """Letters about their own tickets, about those they had a part or a word in, and all in their private chat."""
    spoken = set(session.scalars(select(TicketEvent.ticket_id).where(TicketEvent.by_id == person.id)))
    spoken |= set(session.scalars(select(Party.ticket_id).where(Party.person_id == person.id)))
    chats = list(session.scalars(select(Chat.id).where(Chat.person_id == person.id)))
    theirs = Letter.ticket_id.in_(spoken.union(own)) | Letter.chat_id.in_(chats)
    session.execute(update(Letter).where(theirs, Letter.state != "waiting").values(body=EMPTY))
    for letter in session.scalars(select(Letter).where(theirs, Letter.state == "waiting")):
        if letter.ticket_id in own or person.name in json.dumps(letter.body, ensure_ascii=False):
            letter.state, letter.error, letter.body = "stale", "forgotten", EMPTY


def _scrub_said_to(session: Session, person: Person) -> None:
    """In a private matter of others: what was answered to this person alone, and that they were its other side."""
    part = select(Party.ticket_id).where(Party.person_id == person.id, Party.part == "other_side")
    for event in session.scalars(select(TicketEvent).where(TicketEvent.ticket_id.in_(part))):
        if person.id in (event.data.get("to"), event.data.get("side")):
            event.note, event.data = "", {}


def _scrub_rows(session: Session, person: Person) -> None:
    _leave_marks(session, person)
    session.execute(delete(TicketFile).where(TicketFile.by_id == person.id))
    session.execute(update(TicketEvent).where(TicketEvent.by_id == person.id).values(note=""))
    session.execute(update(Request).where(Request.by_id == person.id).values(reason=""))
    session.execute(update(Mark).where(Mark.person_id == person.id).values(reason=""))
    session.execute(update(TalkChange).where(TalkChange.by_id == person.id).values(reason=""))
    for table in ROWS_OF_THEIRS:
        session.execute(delete(table).where(table.person_id == person.id))


def _unlink(session: Session, person: Person) -> None:
    """No row of any table names them any more; a table that is new is found by its column."""
    for column in references():
        if column.class_ is not Post:
            session.execute(update(column.class_).where(column == person.id).values({column.key: None}))


def _leave_marks(session: Session, person: Person) -> None:
    """Where others still wait, the person is a keyed hash from now on, so that the count holds; else nothing."""
    for ticket in session.scalars(select(Ticket).where(Ticket.followers.any(Follower.person_id == person.id))):
        for follower in ticket.followers:
            if follower.person_id == person.id:
                follower.person = follower.chat = None
        session.flush()
        if not ticket.is_open:
            ticket.unmark()


def _scrub_messages(session: Session, person: Person, accounts: list[str]) -> None:
    chats = select(Chat.id).where(Chat.person_id == person.id)
    session.execute(delete(Draft).where(Draft.chat_id.in_(chats)))
    session.execute(delete(Aside).where(Aside.sender_id.in_(accounts)))
    session.execute(delete(Heard).where(Heard.sender_id.in_(accounts)))
    session.execute(delete(Choice).where(Choice.sender_id.in_(accounts)))
    session.execute(delete(Ask).where(Ask.message["sender"]["id"].as_string().in_(accounts)))
    failed = [Failed.event.contains(f'"id": "{account}"', autoescape=True) for account in accounts]
    session.execute(delete(Failed).where(or_(False, *failed)))
