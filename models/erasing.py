"""Taking the words out of tickets and leaving the figures: unit, class, times, states, ways, counts."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from models.base import Base, ours
from models.chats import Chat
from models.choices import Choice
from models.letters import EMPTY, Letter
from models.marks import Mark
from models.parties import Party
from models.pauses import Pause
from models.people import Identity, Person, Post
from models.pointers import Pointer
from models.requests import Request
from models.states import OPEN_STATES, SPEAKS
from models.tickets import WORDED, Ticket, TicketEvent, TicketFile


def scrub(session: Session, tickets: list[int], text: str, thing: str) -> None:
    """The words of these tickets go, wherever they stand; `text` and `thing` stand in their place."""
    blank = {"place": "", "place_key": "", "note": "", "contact": "", "verdict": {}}
    _set(session, Ticket, Ticket.id.in_(tickets), text=text, thing=thing, reporter_id=None, **blank)
    told = TicketEvent.ticket_id.in_(tickets)
    _set(session, TicketEvent, told, note="")
    _set(session, TicketEvent, told & TicketEvent.kind.in_(SPEAKS), data={})
    _set(session, Request, Request.ticket_id.in_(tickets), reason="")
    _set(session, Pause, Pause.ticket_id.in_(tickets), reason="")
    _set(session, Mark, Mark.ticket_id.in_(tickets), reason="")
    _set(session, Letter, Letter.ticket_id.in_(tickets) & (Letter.state != "waiting"), body=EMPTY)
    _set(session, Chat, Chat.about_ticket_id.in_(tickets), about_ticket_id=None)
    _set(session, Choice, Choice.ticket_id.in_(tickets), ticket_id=None)
    session.execute(delete(TicketFile).where(TicketFile.ticket_id.in_(tickets)))
    session.execute(delete(Party).where(Party.ticket_id.in_(tickets), Party.part == "other_side"))


def plan_erasing(session: Session, keep: timedelta, keep_private: timedelta) -> None:
    """Tickets that have ended are erased so long after the last thing that happened to them."""
    last = select(func.max(TicketEvent.at)).where(TicketEvent.ticket_id == Ticket.id).scalar_subquery()
    unplanned = (Ticket.erase_at.is_(None), Ticket.state.not_in(OPEN_STATES), text(WORDED))
    ended = select(Ticket, last).where(*unplanned, *ours(session, Ticket))
    for ticket, at in session.execute(ended.limit(1000)):
        ticket.erase_at = (at or ticket.opened_at) + (keep_private if ticket.private else keep)


def plan_again(session: Session) -> None:
    """The setting may have changed."""
    _set(session, Ticket, and_(Ticket.erase_at.is_not(None), text(WORDED), *ours(session, Ticket)), erase_at=None)


def due_to_erase(session: Session, now: datetime, most: int) -> list[int]:
    """Ids of tickets whose words have been kept long enough."""
    due = select(Ticket.id).where(Ticket.erase_at <= now, text(WORDED), Ticket.state.not_in(OPEN_STATES))
    return list(session.scalars(due.order_by(Ticket.erase_at).limit(most)))


def erase_words(session: Session, tickets: list[int], now: datetime, name: str) -> None:
    """No words, files or names of residents stay with them; who has nothing else with us is forgotten."""
    people = _residents_of(session, tickets)
    _only_count(session, tickets)
    scrub(session, tickets, "", "")
    staff = select(Post.person_id)
    told = TicketEvent.ticket_id.in_(tickets) & TicketEvent.by_id.not_in(staff)
    _set(session, TicketEvent, told, by_id=None)
    _set(session, Mark, Mark.ticket_id.in_(tickets), person_id=None)
    _set(session, Ticket, Ticket.id.in_(tickets), about_id=None)
    session.execute(delete(Pointer).where(Pointer.ticket_id.in_(tickets)))
    forget_people(session, people - linked(session, people), now, name)


def forget_people(session: Session, people: set[int], now: datetime, name: str) -> None:
    """Name, phone and accounts of those who have no row left but their own."""
    _set(session, Chat, Chat.person_id.in_(people), about_ticket_id=None, title="")
    session.execute(delete(Identity).where(Identity.person_id.in_(people)))
    _set(session, Person, Person.id.in_(people), name=name, phone=None, forgotten_at=now)


def linked(session: Session, people: Iterable[int]) -> set[int]:
    """Those of them whom any row of any table still names, beside their accounts and private chats."""
    wanted, found = set(people), set[int]()
    for column in references():
        still = select(column).where(column.in_(wanted - found)).distinct()
        found.update(person for person in session.scalars(still) if person is not None)
    return found


def references() -> list[InstrumentedAttribute[int | None]]:
    """Every column of every table that names a person, but what is the person's own."""
    found = []
    for mapper in Base.registry.mappers:
        for column in mapper.columns:
            own = mapper.class_ in (Identity, Chat)
            if not own and any(key.column is Person.__table__.c.id for key in column.foreign_keys):
                found.append(getattr(mapper.class_, mapper.get_property_by_column(column).key))
    return found


def _residents_of(session: Session, tickets: list[int]) -> set[int]:
    """Whom these tickets name and who never held a post."""
    named: set[int] = set()
    for column in references():
        table = column.class_
        key = Ticket.id if table is Ticket else getattr(table, "ticket_id", None)
        if key is not None:
            told = select(column).where(key.in_(tickets)).distinct()
            named.update(person for person in session.scalars(told) if person is not None)
    staff = set(session.scalars(select(Post.person_id).where(Post.person_id.in_(named))))
    return named - staff


def _only_count(session: Session, tickets: list[int]) -> None:
    """How many households waited stays true without saying which."""
    waited = select(Ticket).where(Ticket.id.in_(tickets), or_(Ticket.followers.any(), Ticket.household != ""))
    for ticket in session.scalars(waited.options(selectinload(Ticket.followers))):
        ticket.reporter_id = None
        for follower in ticket.followers:
            follower.person_id = follower.chat_id = None
        ticket.unmark()
    session.flush()


def _set(session: Session, table: type[Base], where: object, **values: object) -> None:
    """All such rows at once; whoever still holds one of them must read it again."""
    changed = update(table).where(where).values(**values)  # type: ignore[arg-type]
    session.execute(changed, execution_options={"synchronize_session": False})
