"""Time runs: a reminder when most of it is gone, then one level up for every limit missed."""

from datetime import timedelta

from handlers.cards import refresh_card
from handlers.desk import Desk, Envelope
from handlers.followers import tell_followers
from handlers.limits import start_clock
from handlers.router import Router
from handlers.summon import staff_group, tell_privately
from handlers.wording import clip, what, when, when_full
from models.chats import Chat, private_chat
from models.people import Post, holders
from models.tickets import Ticket, take_due_ticket

router = Router()

DAILY = timedelta(days=1)
LEVEL = ("cadre", "supervisor", "grid_member")  # who takes over on a higher rung, in the order of asking


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
    """Four fifths of the time are gone: a private word, never in the residents' group. The last level: every day."""
    asked_daily = ticket.late and next_level(desk, ticket) is None
    ticket.next_at = min(ticket.due_at, desk.now + DAILY) if asked_daily else ticket.due_at
    if asked_daily or not ticket.reminded:
        ticket.reminded = True
        _tell_in_charge(desk, ticket, "reminded")


def climb(desk: Desk, ticket: Ticket) -> None:
    """The limit is missed: the next level takes over with a new limit; the last level is asked every day (R36)."""
    post = next_level(desk, ticket)
    if post is None:
        _tell_in_charge(desk, ticket, "overdue_last")
        _stay(desk, ticket)
        return
    _tell_in_charge(desk, ticket, "overdue", above=_called(desk, post))
    _note_missed(desk, ticket)
    ticket.rung = ticket.unit.ladder().index(post.unit)
    ticket.record("escalated", by=None, at=desk.now, unit=post.unit.name, to=post.person_id)
    start_clock(desk, ticket)
    _tell_group(desk, ticket, "escalated", above=_called(desk, post))
    tell_followers(desk, ticket, "escalated", due=when_full(desk, ticket.due_at), above=_called(desk, post))
    if chat := reach(desk, ticket, post):
        tell_level(desk, ticket, chat, "escalated_ping")
    refresh_card(desk, ticket)


def next_level(desk: Desk, ticket: Ticket) -> Post | None:
    """The post above that takes over; None when the ticket is on the last rung."""
    for unit in ticket.unit.ladder()[ticket.rung + 1 :]:
        if posts := holders(desk.session, unit, *LEVEL):
            return posts[0]
    return None


def _stay(desk: Desk, ticket: Ticket) -> None:
    """Nobody is above: the residents hear once that it is still being pressed for, the last level daily."""
    if not ticket.late:
        _note_missed(desk, ticket)
        start_clock(desk, ticket)
        _tell_group(desk, ticket, "escalated_nobody")
        tell_followers(desk, ticket, "late", due=when_full(desk, ticket.due_at))
        refresh_card(desk, ticket)
    ticket.next_at = desk.now + DAILY


def _note_missed(desk: Desk, ticket: Ticket) -> None:
    ticket.late = True
    ticket.record("overdue", by=None, at=desk.now, due=ticket.due_at.isoformat(), rung=ticket.rung)


def _tell_group(desk: Desk, ticket: Ticket, key: str, **values: object) -> None:
    """The residents read who takes over and by when; nobody is shamed. What has no card has no line either."""
    if ticket.card_id is None:
        return
    says = desk.texts.segments(key, number=ticket.number, due=when_full(desk, ticket.due_at), **values)
    how = Envelope(ticket_id=ticket.id, thread_id=ticket.thread_id, silent=desk.is_quiet() and not ticket.urgent)
    desk.write(ticket.chat, says, how)


def _tell_in_charge(desk: Desk, ticket: Ticket, key: str, **values: object) -> None:
    """The first asked stays answerable (R34) and hears of it; so does the level that has it now."""
    letter = tell_privately(desk, ticket, key, **values)
    here = ticket.unit.ladder()[ticket.rung]
    posts = holders(desk.session, here, *LEVEL) if ticket.rung else []
    if posts and (chat := reach(desk, ticket, posts[0])) and (letter is None or letter.chat is not chat):
        tell_level(desk, ticket, chat, key, **values)


def reach(desk: Desk, ticket: Ticket, post: Post) -> Chat | None:
    """Where the holder can be reached: privately, else in the staff group."""
    chat = private_chat(desk.session, post.person, ticket.chat.channel, ticket.chat.account)
    return chat if chat is not None and chat.present else staff_group(desk, post.unit)


def tell_level(desk: Desk, ticket: Ticket, chat: Chat, key: str, **more: object) -> None:
    hidden = ticket.private and not chat.private  # a staff group is a group too
    values = {
        "number": ticket.number,
        "unit": ticket.unit.name,
        "what": what(desk, ticket, openly=not chat.private),
        "reporter": ticket.reporter.name if ticket.reporter and not hidden else "",
        "at": when(desk, ticket.opened_at),
        "text": desk.texts.line("private_what") if hidden else clip(ticket.text),
        "due": when(desk, ticket.due_at),
    }
    waits = None if ticket.urgent else desk.after_quiet()
    how = Envelope(kind="ping", ticket_id=ticket.id, due_at=waits)
    desk.write(chat, desk.texts.segments(key, **values, **more), how)


def _called(desk: Desk, post: Post) -> str:
    """社区李书记: the level and the name."""
    return desk.texts.line("called", level=post.unit.level, name=post.person.name).strip()
