"""A complaint of somebody in charge (网格员不办事): it goes to the level above, and they never know of it from us."""

from dataclasses import dataclass, replace

from handlers.additions import add
from handlers.cards import refresh_card
from handlers.desk import Desk
from handlers.duty.roster import read_roster
from handlers.intake import Report, gathered, open_ticket
from handlers.limits.clock import start_clock
from handlers.summon import choose_assignee, ping
from handlers.turn import Turn
from handlers.whereabouts import may_live_in
from handlers.wording import assignee_name, when_full
from models.interest import first_rung
from models.letters import withdraw
from models.matters import open_tickets
from models.messages import PRIVATE_CATEGORY, Verdict
from models.people import Person, Post, posts_in
from models.talk import Complaint
from models.tickets import Ticket
from models.units import Unit

ANSWERABLE = ("grid_member", "deputy", "building_contact", "cadre", "supervisor")
CHASING = frozenset({"chase", "unsolved", "metoo"})  # speaks of a matter that is known, not of a person


@dataclass(frozen=True)
class Charge:
    """Of whom a line complains, and what the matter is called."""

    person: Person
    thing: str
    grave: bool


def speaks_up(turn: Turn) -> bool:
    """Take the line in as a complaint of somebody in charge; False when it is none."""
    unit = turn.chat.unit or _own_unit(turn)
    found = charge(turn, unit, turn.words) if unit else None
    if unit is None or found is None or turn.speaker().role != "resident":
        return False
    if not found.grave and (turn.replied() or not _nothing_else(turn.verdict)):
        return False
    known = _told_before(turn, unit, found.person)
    if known is not None:
        add(turn, known)
    else:
        _take_in(turn, unit, found)
    return True


def charge(turn: Turn, unit: Unit, text: str) -> Charge | None:
    """Whom of those who answer for the unit these words complain of."""
    complaint = turn.reader.complaint(text, lambda: [p.person.name for p in _answerable(turn, unit)])
    person = _meant(turn, unit, complaint) if complaint else None
    return Charge(person, complaint.thing, complaint.grave) if complaint and person else None


def charged(turn: Turn, report: Report, text: str) -> Report:
    """The report as it is to be opened: of a complaint, with whom it is about, as a private matter."""
    unit = report.unit or turn.chat.unit
    found = charge(turn, unit, text) if unit else None
    if found is None or not (found.grave or _nothing_else(report.judged or report.verdict)):
        return report
    return replace(report, about=found.person, verdict=_as_complaint(report.verdict, found))


def accused(desk: Desk, unit: Unit, name: str) -> Person | None:
    """Who of that name answers for the unit, or for one above it."""
    return next((p.person for p in _answerable(desk, unit) if p.person.name == name.strip()), None)


def withdraw_from(desk: Desk, ticket: Ticket, person: Person, by: Person) -> bool:
    """It turns out to be about this person, who has had it or could: from now on it is private, and the level above's.

    What they were told before stays told; letters that still wait are taken back. False: nobody is above them.
    """
    values = {"place_key": ticket.place_key, "category": ticket.category, "urgent": ticket.urgent, "about": person}
    asked = choose_assignee(desk, ticket.unit, ticket.chat.channel, **values)  # type: ignore[arg-type]
    if asked is None:
        return False
    withdraw(desk.session, f"ping:{ticket.number}:")
    before = ticket.assignee_id
    ticket.about, ticket.private, ticket.assignee = person, True, asked
    if ticket.first is person or ticket.first is None:
        ticket.first = asked
    ticket.rung = first_rung(ticket)
    ticket.move("withdrawn", by=by, at=desk.now, before=before, after=asked.id)
    start_clock(desk, ticket)
    refresh_card(desk, ticket)
    ping(desk, ticket)
    return True


def _take_in(turn: Turn, unit: Unit, found: Charge) -> None:
    message = turn.message
    files, others = gathered(turn, message)
    verdict = _as_complaint(turn.reader.insist(turn.words, turn.ground), found)
    verdict = replace(verdict, emergency=turn.verdict.emergency)
    text = turn.reader.mask(turn.words)
    report = Report(text, turn.sender, verdict, message.message_id, message.thread_id, files, others)
    report = replace(report, about=found.person, unit=unit)
    ticket = open_ticket(turn, turn.chat, report)
    turn.outcome.became("opened", ticket)
    if turn.chat.private:
        due = when_full(turn, ticket.due_at)
        turn.say("private_opened", number=ticket.number, assignee=assignee_name(turn, ticket), due=due)


def _as_complaint(verdict: Verdict, found: Charge) -> Verdict:
    return replace(verdict, decision="open", category=PRIVATE_CATEGORY, thing=found.thing, wish="", also=(), part="")


def _nothing_else(verdict: Verdict) -> bool:
    """Does the line report nothing that stands open by itself, and chase nothing that is known?"""
    return verdict.decision != "open" and verdict.speech not in CHASING


def _told_before(turn: Turn, unit: Unit, person: Person) -> Ticket | None:
    """What the same speaker has told of the same person is one matter."""
    told = [t for t in open_tickets(turn.session, [unit.id]) if t.about is person and turn.reported(t)]
    return told[-1] if told else None


def _meant(turn: Turn, unit: Unit, complaint: Complaint) -> Person | None:
    """The one of that name, else whoever holds that post nearest, and would be asked."""
    posts = _answerable(turn, unit)
    if complaint.name:
        named = (p.person for p in posts if complaint.name in p.person.name)
        return next(named, None)
    holding = [p for p in posts if p.role == complaint.role]
    nearest = [p.person for p in holding if p.unit_id == holding[0].unit_id]
    present = (d.person for d in read_roster(turn, unit).here(holding[0].unit, turn.now)) if holding else ()
    return next((person for person in present if person in nearest), nearest[0] if nearest else None)


def _answerable(desk: Desk, unit: Unit) -> list[Post]:
    """Posts that answer for the unit, nearest first."""
    ladder = [u.id for u in unit.ladder()]
    posts = [p for p in posts_in(desk.session, ladder) if p.role in ANSWERABLE]
    return sorted(posts, key=lambda p: ladder.index(p.unit_id))


def _own_unit(turn: Turn) -> Unit | None:
    """In private: where the speaker lives, if that can only be one grid."""
    units = may_live_in(turn) if turn.chat.private else []
    return units[0] if len(units) == 1 else None
