"""Time runs: a reminder when most of it is gone, then one level up for every limit missed."""

from datetime import timedelta

from handlers.cards import refresh_card
from handlers.desk import Desk, Envelope
from handlers.followers import tell_followers
from handlers.limits.clock import call_holder, plan, remind_at, start_clock
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
    look(desk, ticket)
    return True


def look(desk: Desk, ticket: Ticket) -> None:
    """What its clocks ask for at this moment; sets when to look next."""
    if not ticket.is_open:
        return
    unheard = ticket.responded_at is None and ticket.respond_due_at is not None
    if desk.now >= ticket.due_at:
        miss_answer(desk, ticket)
    elif unheard and ticket.respond_due_at and desk.now >= ticket.respond_due_at:
        miss_first_word(desk, ticket)
    else:
        remind(desk, ticket)


def remind(desk: Desk, ticket: Ticket) -> None:
    """Four fifths of a limit are gone: a private word, never in the residents' group. The last level: every day."""
    if desk.now >= remind_at(desk, ticket):
        if not ticket.reminded:
            _tell_in_charge(desk, ticket, "reminded")
        ticket.reminded = ticket.nudged = True
    elif not ticket.nudged:
        ticket.nudged = True
        _tell_in_charge(desk, ticket, "nudged", take_by=when(desk, ticket.respond_due_at or ticket.due_at))
    plan(desk, ticket)


def miss_first_word(desk: Desk, ticket: Ticket) -> None:
    """Nobody answered the call: the next level is called. What was promised to the residents stands."""
    post = next_level(desk, ticket)
    if post is None:
        ticket.nudged = True
        ticket.respond_due_at = None  # nobody is left to be called for a first word; the promise goes on
        _tell_in_charge(desk, ticket, "unheard_last")
        plan(desk, ticket)
        return
    _tell_in_charge(desk, ticket, "unheard", above=_called(desk, post))
    ticket.record("unheard", by=None, at=desk.now, due=str(ticket.respond_due_at), rung=ticket.rung)
    _hand_up(desk, ticket, post)
    call_holder(desk, ticket)
    _tell_all(desk, ticket, post, "escalated_unheard")


def miss_answer(desk: Desk, ticket: Ticket) -> None:
    """The limit is missed: the next level takes over with a new limit; the last level is asked every day (R36)."""
    post = next_level(desk, ticket)
    if post is None:
        _tell_in_charge(desk, ticket, "overdue_last")
        _stay(desk, ticket)
        return
    _tell_in_charge(desk, ticket, "overdue", above=_called(desk, post))
    _note_missed(desk, ticket)
    _hand_up(desk, ticket, post)
    start_clock(desk, ticket)
    _tell_all(desk, ticket, post, "escalated")


def _hand_up(desk: Desk, ticket: Ticket, post: Post) -> None:
    ticket.rung = ticket.unit.ladder().index(post.unit)
    ticket.assignee = post.person
    ticket.move("escalated", by=None, at=desk.now, unit=post.unit.name, to=post.person_id)


def _tell_all(desk: Desk, ticket: Ticket, post: Post, key: str) -> None:
    """The residents read who has it now and by when, once a step."""
    _tell_group(desk, ticket, key, above=_called(desk, post))
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
