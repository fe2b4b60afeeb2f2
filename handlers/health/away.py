"""The bot was away: what waited is taken in, whoever could not be called is called anew, and the staff read of it."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.cards import refresh_card
from handlers.desk import LATE, Desk, Envelope
from handlers.duty.roster import read_roster
from handlers.health.wording import span
from handlers.limits.clock import call_holder, start_clock
from handlers.router import Router
from handlers.summon import staff_group
from models.chats import Chat, groups_with_unit, private_chat
from models.messages import Event, Incoming
from models.outages import (
    Outage,
    catching_up,
    last_outage,
    note_outage,
    take_due_outage,
    tickets_caught_up,
)
from models.pulses import last_sign
from models.turns import wait_turn
from models.units import Unit
from models.unsent import uncalled_tickets

router = Router()

AWAY = timedelta(minutes=10)  # a shorter silence is a restart: nobody need hear of it
SETTLED = timedelta(seconds=60)  # so long after the last line that had waited there is none any more
LONGEST = timedelta(minutes=10)  # then the rest is told without waiting any longer


def look_back(desk: Desk, account: str) -> None:
    """Before a process of this bot gives its sign of life: was nobody there for long?"""
    if not _nobody_since(desk, account):
        return
    wait_turn(desk.session)  # two processes may begin at once: the second finds the sign of the first
    if not (last := _nobody_since(desk, account)):
        return
    note_outage(desk.session, account, last, desk.now, desk.now + SETTLED)
    _call_anew(desk)


def note_late(session: Session, now: datetime, event: Event) -> None:
    """A line that had waited is counted to its outage; one that the platform held although we were there makes one."""
    if not isinstance(event, Incoming) or event.edited or now - event.sent_at <= LATE:
        return
    account = f"{event.channel}:{event.account}"
    outage = last_outage(session, account)
    if outage is None or event.sent_at > outage.back_at:
        if now - event.sent_at <= AWAY:
            return
        outage = note_outage(session, account, event.sent_at, now, now + SETTLED)
    outage.lines = {**outage.lines, event.chat_id: outage.lines.get(event.chat_id, 0) + 1}
    outage.late_at = now


def is_catching_up(desk: Desk) -> bool:
    """May an answer to what is due still wait to be read? Then nobody is told yet that it did not come."""
    return catching_up(desk.session, desk.now - 2 * LONGEST)


def _nobody_since(desk: Desk, account: str) -> datetime | None:
    """The last sign of life, if it is so old that nobody can have been there."""
    last = last_sign(desk.session, account)
    return last if last is not None and desk.now - last > AWAY else None


@router.step
def tell_one(desk: Desk) -> bool:
    """Tell the staff of one outage, once everything that waited is in."""
    outage = take_due_outage(desk.session, desk.now)
    if outage is None:
        return False
    settles = (outage.late_at or outage.back_at) + SETTLED
    if desk.now < settles and desk.now < outage.back_at + LONGEST:
        outage.next_at = settles
        return True
    outage.settled_at = desk.now
    for chat, groups in _told(desk, outage).values():
        _tell(desk, outage, chat, groups)
    return True


def _call_anew(desk: Desk) -> None:
    """Nobody breaks a promise before they could know of it: who was not called yet has the time from now on."""
    for ticket in uncalled_tickets(desk.session, desk.now):
        before = ticket.due_at
        (start_clock if desk.now >= ticket.due_at else call_holder)(desk, ticket)
        ticket.record("recounted", by=None, at=desk.now, before=before.isoformat(), after=ticket.due_at.isoformat())
        refresh_card(desk, ticket)


def _told(desk: Desk, outage: Outage) -> dict[int, tuple[Chat, list[Chat]]]:
    """Who is told, each with the groups that they answer for: the nearest staff group, else whoever is on duty."""
    groups: dict[int, list[Chat]] = defaultdict(list)
    chats: dict[int, Chat] = {}
    for group in groups_with_unit(desk.session):
        ours = f"{group.channel}:{group.account}" == outage.account and group.kind == "residents"
        chat = _staff_chat(desk, group, group.unit) if ours and group.unit is not None else None
        if chat is not None:
            chats[chat.id] = chat
            groups[chat.id].append(group)
    return {number: (chats[number], groups[number]) for number in chats}


def _staff_chat(desk: Desk, group: Chat, unit: Unit) -> Chat | None:
    if staff := staff_group(desk, unit):
        return staff
    roster = read_roster(desk, unit)
    on_duty = (d.person for level in roster.levels(unit, desk.now) for d in level)
    chats = (private_chat(desk.session, person, group.channel, group.account) for person in on_duty)
    return next((c for c in chats if c is not None and c.present), None)


def _tell(desk: Desk, outage: Outage, chat: Chat, groups: list[Chat]) -> None:
    lines = sum(outage.lines.get(group.external_id, 0) for group in groups)
    units = [group.unit_id for group in groups if group.unit_id is not None]
    tickets = tickets_caught_up(desk.session, units, outage.back_at)
    values = span(desk, outage.gone_at, outage.back_at)
    key = "away" if lines or tickets else "away_nothing"
    says = desk.texts.segments(key, lines=lines, tickets=tickets, **values)
    how = Envelope(due_at=desk.after_quiet(), dedupe=f"away:{outage.id}:{chat.id}")
    desk.write(chat, says, how)
