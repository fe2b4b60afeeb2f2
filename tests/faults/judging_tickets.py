"""Every issue one ticket, every step once, nothing half done."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.followers import Follower
from models.heard import Failed
from models.letters import Letter
from models.people import Identity
from models.pointers import Pointer
from models.taken import TakenUpdate
from models.tickets import Ticket
from tests.faults.gate import Gate
from tests.faults.supervisor import Supervisor
from tests.faults.verdict import Check, check
from tests.faults.workload import Issue

MISSED = ("unheard", "overdue")


def ticket_checks(session: Session, supervisor: Supervisor, gate: Gate) -> Iterator[Check]:
    issues, tickets = supervisor.neighbours.issues, list(session.scalars(select(Ticket).order_by(Ticket.number)))
    pointed = _reports(session)
    yield check("issue messages, one ticket each", len(tickets), _one_each(issues, pointed), len(issues))
    yield check("tickets numbered without a gap", len(tickets), _gaps(tickets))
    yield check("histories as told, every step once", sum(len(t.history) for t in tickets), _steps(issues, pointed))
    yield check("tickets with history and card", len(tickets), _half_done(session, supervisor, tickets))
    yield check("我家也是 counted once", len(supervisor.neighbours.followers), _followers(session, supervisor, pointed))
    yield check("updates taken, each once", len(gate.given), _updates(session, supervisor, gate), supervisor.pushed)
    missed = [(t, e) for t in tickets for e in t.history if e.kind in MISSED]
    yield check("escalations, each told once", len(missed), _escalations(session, supervisor, tickets))
    failed = list(session.scalars(select(Failed)))
    yield check("messages that failed in our hands", len(failed), (f.error for f in failed), 0)


def _reports(session: Session) -> dict[int, list[Ticket]]:
    """message -> the tickets that it opened; in a migrated group the numbers are marked as old ones."""
    found: dict[int, list[Ticket]] = {}
    for pointer in session.scalars(select(Pointer).where(Pointer.kind == "report")):
        number = int(pointer.message_id.removeprefix("old:"))
        found.setdefault(number, []).append(session.get_one(Ticket, pointer.ticket_id))
    return found


def _one_each(issues: list[Issue], pointed: dict[int, list[Ticket]]) -> Iterator[str]:
    for issue in issues:
        opened = len(pointed.get(issue.message, []))
        if opened != 1:
            yield f"message {issue.message} has {opened} tickets: {issue.text}"


def _gaps(tickets: list[Ticket]) -> Iterator[str]:
    for place, ticket in enumerate(tickets, 1):
        if ticket.number != place:
            yield f"第{place}件 is missing"
            return


def _steps(issues: list[Issue], pointed: dict[int, list[Ticket]]) -> Iterator[str]:
    for issue in issues:
        for ticket in pointed.get(issue.message, []):
            kinds = Counter(e.kind for e in ticket.history)
            for kind in ("opened", "settle", "confirm"):
                if kinds[kind] != issue.expected.get(kind, 0):
                    yield f"第{ticket.number}件: {kinds[kind]} x {kind}, not {issue.expected.get(kind, 0)}"


def _half_done(session: Session, supervisor: Supervisor, tickets: list[Ticket]) -> Iterator[str]:
    for ticket in tickets:
        if not ticket.history or ticket.history[-1].state != ticket.state or ticket.history[0].kind != "opened":
            yield f"第{ticket.number}件 is {ticket.state}, its history ends otherwise"
        card = session.get(Letter, ticket.card_id) if ticket.card_id else None
        if card is None and ticket.unit.name not in _troubled(supervisor):
            yield f"第{ticket.number}件 has no card"
        if ticket.is_open and (ticket.next_at is None or ticket.next_at <= supervisor.clock.now()):
            yield f"第{ticket.number}件 is open, and nobody will look at it again ({ticket.next_at})"


def _troubled(supervisor: Supervisor) -> set[str]:
    return {g.name for g in supervisor.town if g.number in supervisor.neighbours.gone}


def _followers(session: Session, supervisor: Supervisor, pointed: dict[int, list[Ticket]]) -> Iterator[str]:
    people = {i.external_id: i.person_id for i in session.scalars(select(Identity))}
    rows = Counter((f.ticket_id, f.person_id) for f in session.scalars(select(Follower)))
    for message, who in supervisor.neighbours.followers:
        for ticket in pointed.get(message, []):
            times = rows[ticket.id, people.get(str(who))]
            if times != 1:
                yield f"邻居{who} stands {times} times behind 第{ticket.number}件"


def _updates(session: Session, supervisor: Supervisor, gate: Gate) -> Iterator[str]:
    """Numbers are forgotten after two days: what was marked when somebody looked had been marked."""
    rows, taken = Counter(t.event_id for t in session.scalars(select(TakenUpdate))), supervisor.books.taken
    yield from (f"update {n} was marked {count} times" for n, count in rows.items() if count > 1)
    yield from (f"update {n} was never marked" for n in gate.given if str(n) not in taken)
    yield from (f"update {n} was never given" for n in taken if int(n) not in gate.given)
    if gate.waiting():
        yield f"{gate.waiting()} updates were never acknowledged"


def _escalations(session: Session, supervisor: Supervisor, tickets: list[Ticket]) -> Iterator[str]:
    """One history row a step, and with it one line in the group and a word to whoever is above."""
    written = Counter[tuple[int, str, object]]()
    for letter in session.scalars(select(Letter).where(Letter.ticket_id.is_not(None), Letter.edits_id.is_(None))):
        where = "group" if letter.chat_id == session.get_one(Ticket, letter.ticket_id).chat_id else "staff"
        written[letter.ticket_id or 0, where, letter.written_at] += 1
    for ticket in tickets:
        steps = [e for e in ticket.history if e.kind in MISSED]
        rungs = Counter((e.kind, e.data.get("rung"), e.data.get("last")) for e in steps)
        yield from (f"第{ticket.number}件 climbed {k[0]} from {k[1]} {n} times" for k, n in rungs.items() if n > 1)
        for step in steps if ticket.unit.name not in _troubled(supervisor) else []:
            lines = written[ticket.id, "group", step.at]
            if lines > 1 or (lines == 0 and step.data.get("last") is None):
                yield f"第{ticket.number}件: {lines} lines in the group for {step.kind}"
            if not written[ticket.id, "staff", step.at]:
                yield f"第{ticket.number}件: nobody above was told of {step.kind}"
