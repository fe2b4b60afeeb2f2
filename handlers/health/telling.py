"""The operator reads of a trouble once, and once that it is over; not at night, unless nothing works."""

from datetime import timedelta

from handlers.desk import Desk, Envelope
from handlers.duty.roster import LEVEL, read_roster
from handlers.health.wording import trouble
from handlers.router import Router
from models.base import claim
from models.chats import Chat, find_chat, groups_with_unit, private_chat
from models.incidents import Incident, due_incidents, take_due_incident

router = Router()

AT_NIGHT = frozenset({"space_out"})  # nothing will work soon, and somebody can do something about it
UNTOLD = frozenset({"token"})  # while it lasts nobody can be written to; the log and /health know
PAST = frozenset({"database"})  # could not be told while it lasted: told afterwards
AGAIN = timedelta(hours=1)  # when nobody can be reached


@router.step
def tell_operator(desk: Desk) -> bool:
    """Everything that is to be told now, in one letter."""
    first = take_due_incident(desk.session, desk.now)
    if first is None:
        return False
    more = [i for i in due_incidents(desk.session, desk.now) if claim(desk.session, i, "next_at", None)]
    ready = [i for i in (first, *more) if _is_ready(desk, i)]
    if not ready:
        return True
    chat = operator_chat(desk)
    if chat is None:
        for incident in ready:
            incident.next_at = desk.now + AGAIN
        return True
    _write(desk, chat, ready)
    return True


def operator_chat(desk: Desk) -> Chat | None:
    """Whom the file names, where they have written to us; else the highest staff group; else the highest on duty."""
    named = desk.policy.operator.telegram
    if named is not None:
        chat = find_chat(desk.session, "telegram", str(named))
        if chat is not None and chat.present:
            return chat
    groups = [g for g in groups_with_unit(desk.session) if g.unit is not None]
    staff = [g for g in groups if g.kind == "staff" and g.unit is not None]
    highest = min(staff, key=lambda g: (len(g.unit.above()) if g.unit else 0, g.id), default=None)
    return highest or _highest_on_duty(desk, groups)


def _highest_on_duty(desk: Desk, groups: list[Chat]) -> Chat | None:
    """The private chat of whoever stands highest among those who can be reached."""
    roster = read_roster(desk)
    seen: list[tuple[int, Chat]] = []
    for group in groups:
        for unit in group.unit.ladder() if group.unit else ():
            for duty in roster.here(unit, desk.now, LEVEL):
                chat = private_chat(desk.session, duty.person, group.channel, group.account)
                if chat is not None and chat.present:
                    seen.append((len(unit.above()), chat))
    return min(seen, key=lambda found: (found[0], found[1].id))[1] if seen else None


def _is_ready(desk: Desk, incident: Incident) -> bool:
    """Is there something to say of it now? What can wait for the morning does."""
    if incident.kind in UNTOLD:
        return False
    over = incident.over_at is not None
    if over and incident.told_at is None and incident.kind not in PAST:
        return False
    if desk.is_quiet() and (over or incident.kind not in AT_NIGHT):
        incident.next_at = desk.after_quiet()
        return False
    return True


def _write(desk: Desk, chat: Chat, ready: list[Incident]) -> None:
    lines = []
    for incident in ready:
        told = incident.told_at is not None
        end = incident.over_at or incident.last_at
        key = f"incident_{incident.kind}" + ("_over" if told else "")
        what = trouble(desk, key, incident.about, incident.count, incident.first_at, end)
        lines.append(desk.texts.line("incident_row_over" if told else "incident_row", what=what))
        incident.told_at = incident.told_at or desk.now
    desk.write(chat, desk.texts.segments("incidents", lines="".join(lines)), Envelope())
