"""Every letter arrived, at most once more per kill or unknown outcome; every call of 说事日 and summary went once."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.chats import Chat
from models.lanes import Lane
from models.letters import Letter, last_body
from tests.faults.gate import Gate
from tests.faults.ledger import Ledger, words
from tests.faults.supervisor import Supervisor
from tests.faults.town import BEGINS, CALLS, CHINA, TALK_DAYS, WEEK_AT
from tests.faults.verdict import Check, check


def letter_checks(session: Session, supervisor: Supervisor, gate: Gate) -> Iterator[Check]:
    letters = list(session.scalars(select(Letter).order_by(Letter.id)))
    killed = {life.number for life in supervisor.ran.lives}
    ledger = Ledger(gate.calls, letters, gate.moved, gate.moved_in, supervisor.books.noted, killed)
    ledger.audit()
    states = Counter(letter.state for letter in letters)
    yield check("letters that arrived", states["sent"], ledger.missing())
    yield check("letters that arrived once more", len(ledger.repeats), ledger.differences)
    books, now = supervisor.books, supervisor.clock.now()
    yield check("numbers noted for good", len(books.noted), [*books.changed, *books.vanished(letters, now)])
    yield check("letters still waiting", states["waiting"], _waiting(letters, now))
    yield check("letters given up", states["dead"], _dead(letters, supervisor))
    yield check(
        "letters dropped or folded, each logged", states["stale"] + states["folded"], _unlogged(supervisor, letters)
    )
    yield check("cards and lines as they should read now", states["sent"], _misread(session, supervisor, ledger))
    yield check("letters in their order", len(ledger.arrivals), ledger.disorder(letters, books.overlap))
    toasts = {c.params.get("callback_query_id") for c in gate.calls if c.method == "answerCallbackQuery" and c.arrived}
    presses, heard = supervisor.neighbours.presses, toasts | books.too_late
    yield check("presses answered", len(toasts), (f"press {p} has no answer" for p in presses if p not in heard))
    planned = [one for one in letters if (one.dedupe or "").startswith(("talk:", "week:"))]
    yield check("calls and summaries, each once", len(planned), _planned(session, supervisor, planned))
    yield check("leases left hanging", 0, _leases(session, supervisor.clock.machine()), 0)


def _waiting(letters: list[Letter], now: datetime) -> Iterator[str]:
    for letter in letters:
        if letter.state == "waiting" and letter.due_at <= now:
            yield f"letter {letter.id} waits since {letter.due_at:%m-%d %H:%M}"


def _dead(letters: list[Letter], supervisor: Supervisor) -> Iterator[str]:
    for letter in letters:
        if letter.state == "dead" and not _was_out(letter, supervisor):
            yield f"letter {letter.id} was given up: {letter.error}"


def _was_out(letter: Letter, supervisor: Supervisor) -> bool:
    """Written to a group that had thrown the bot out, or lost its numbers in a move."""
    unit = letter.chat.unit.name if letter.chat.unit else ""
    return unit in {g.name for g in supervisor.town if g.number in supervisor.neighbours.gone}


def _unlogged(supervisor: Supervisor, letters: list[Letter]) -> Iterator[str]:
    log = supervisor.log()
    for letter in letters:
        if letter.state in ("stale", "folded") and f"letter {letter.id} " not in log:
            yield f"letter {letter.id} is {letter.state} ({letter.error}), and the log does not say so"


def _misread(session: Session, supervisor: Supervisor, ledger: Ledger) -> Iterator[str]:
    """What people read now is what the program believes that they read. Of a line about no ticket the newest edit may
    be erased before the line, when the clock was set back.
    """
    erased = ledger.erased()
    shown = {(c.chat, str(c.result["message_id"])): words(c.params.get("text", "")) for c in ledger.arrivals}
    for call in ledger.calls:
        if call.method == "editMessageText" and call.arrived:
            shown[call.chat, call.params["message_id"]] = words(call.params["text"])
    for letter in ledger.letters:
        if letter.state != "sent" or letter.edits_id or not letter.message_id:
            continue
        believed = words("".join(str(s[1]) for s in last_body(session, letter)["segments"]))
        place = letter.chat.external_id, letter.message_id
        read = None if place in erased else shown.get(place)
        if believed and read is not None and read != believed:
            yield f"letter {letter.id} reads {read[:40]}, not {believed[:40]}"


def _planned(session: Session, supervisor: Supervisor, planned: list[Letter]) -> Iterator[str]:
    """One for each group and instant that came while the rig ran."""
    kept = {letter.dedupe: letter.state for letter in planned}
    now = supervisor.clock.now()
    for chat in session.scalars(select(Chat).where(Chat.unit_id.is_not(None), Chat.present)):
        out = chat.unit is not None and _out(chat, supervisor)
        for key in _calls(chat, now):
            if kept.get(key) != "sent" and not out:
                yield f"{key} is {kept.get(key, 'missing')}"
        weeks = sum(1 for key in kept if key and key.startswith(f"week:{chat.id}:"))
        if weeks != _weeks(now) and not out:
            yield f"{weeks} summaries in group {chat.id}, not {_weeks(now)}"


def _out(chat: Chat, supervisor: Supervisor) -> bool:
    names = {g.name for g in supervisor.town if g.number in supervisor.neighbours.gone}
    return chat.unit is not None and chat.unit.name in names


def _calls(chat: Chat, now: datetime) -> Iterator[str]:
    for day in TALK_DAYS:
        for before, hour, minute in CALLS:
            at = datetime(2026, 3, day, hour, minute, tzinfo=CHINA) - timedelta(days=before)
            if BEGINS < at <= now:
                yield f"talk:{chat.id}:2026-03-{day:02d}:{before}:{hour:02d}{minute:02d}"


def _weeks(now: datetime) -> int:
    first = BEGINS.replace(hour=WEEK_AT[0], minute=WEEK_AT[1])
    return 0 if now < first else 1 + (now - first) // timedelta(days=7)


def _leases(session: Session, machine: float) -> Iterator[str]:
    for lane in session.scalars(select(Lane).where(Lane.leased_until > machine)):
        yield f"{lane.key} is leased for {lane.leased_until - machine:.0f} s more"
