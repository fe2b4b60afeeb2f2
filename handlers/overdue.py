"""Time runs: a reminder when most of it is gone, then one level up for every limit missed."""

from datetime import timedelta

from handlers.cards import assignee_mention, refresh_card
from handlers.desk import Desk, Envelope
from handlers.limits import start_clock
from handlers.router import Router
from handlers.summon import staff_group, tell_privately
from handlers.wording import clip, what, when, when_full
from models.chats import private_chat
from models.people import Post, holders
from models.posts import Segment
from models.tickets import Ticket, take_due_ticket

router = Router()

DAILY = timedelta(days=1)


@router.step
def look_at_one(desk: Desk) -> bool:
    """Deal with one ticket whose time has come."""
    ticket = take_due_ticket(desk.session, desk.now)
    if ticket is None:
        return False
    if not ticket.is_open:
        return True
    if desk.now < ticket.due_at:
        remind(desk, ticket)
    else:
        climb(desk, ticket)
    return True


def remind(desk: Desk, ticket: Ticket) -> None:
    """Four fifths of the time are gone: a private word, never in the residents' group."""
    ticket.next_at = ticket.due_at
    if not ticket.reminded:
        ticket.reminded = True
        tell_privately(desk, ticket, "reminded")


def climb(desk: Desk, ticket: Ticket) -> None:
    """The limit is missed: the next level takes over with a new limit; the last level is asked every day (R36)."""
    post = next_level(desk, ticket)
    key = "overdue" if post else "overdue_last"
    tell_privately(desk, ticket, key, above=_called(desk, post) if post else "")
    ticket.record("overdue", by=None, at=desk.now, due=ticket.due_at.isoformat(), rung=ticket.rung)
    if post is None:
        _stay(desk, ticket)
        return
    ticket.rung = ticket.unit.ladder().index(post.unit)
    ticket.record("escalated", by=None, at=desk.now, unit=post.unit.name, to=post.person_id)
    start_clock(desk, ticket)
    _tell_group(desk, ticket, _called(desk, post))
    _tell_level(desk, ticket, post)
    refresh_card(desk, ticket)


def next_level(desk: Desk, ticket: Ticket) -> Post | None:
    """The post above that takes over; None when the ticket is on the last rung."""
    for unit in ticket.unit.ladder()[ticket.rung + 1 :]:
        if posts := holders(desk.session, unit, "cadre", "supervisor", "grid_member"):
            return posts[0]
    return None


def _stay(desk: Desk, ticket: Ticket) -> None:
    """Nobody is above: the residents hear once that it is still being pressed for, the last level daily."""
    if not any(e.kind == "overdue" for e in ticket.history[:-1]):
        start_clock(desk, ticket)
        _tell_group(desk, ticket, None)
        refresh_card(desk, ticket)
    ticket.next_at = desk.now + DAILY


def _tell_group(desk: Desk, ticket: Ticket, above: str | None) -> None:
    """The residents read who takes over and by when; nobody is shamed."""
    values: dict[str, object] = {"number": ticket.number, "due": when_full(desk, ticket.due_at)}
    says: tuple[Segment, ...]
    if above is not None:
        says = desk.texts.segments("escalated", above=above, **values)
    else:
        says = desk.texts.segments("escalated_nobody", assignee=assignee_mention(desk, ticket), **values)
    how = Envelope(ticket_id=ticket.id, thread_id=ticket.thread_id, silent=desk.is_quiet() and not ticket.urgent)
    desk.write(ticket.chat, says, how)


def _tell_level(desk: Desk, ticket: Ticket, post: Post) -> None:
    chat = private_chat(desk.session, post.person, ticket.chat.channel, ticket.chat.account)
    chat = chat or staff_group(desk, post.unit)
    if chat is None:
        return
    openly = not chat.private
    values = {
        "number": ticket.number,
        "unit": ticket.unit.name,
        "what": what(desk, ticket, openly=openly),
        "reporter": ticket.reporter.name if ticket.reporter else "",
        "at": when(desk, ticket.opened_at),
        "text": desk.texts.line("private_what") if ticket.private and openly else clip(ticket.text),
        "due": when(desk, ticket.due_at),
    }
    waits = None if ticket.urgent else desk.after_quiet()
    how = Envelope(kind="ping", ticket_id=ticket.id, due_at=waits)
    desk.write(chat, desk.texts.segments("escalated_ping", **values), how)


def _called(desk: Desk, post: Post) -> str:
    """社区李书记: the level and the name."""
    return desk.texts.line("called", level=post.unit.level, name=post.person.name).strip()
