"""A line that reports an issue becomes a ticket, with its card and its ping."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.cards import HUSHED, is_private, post_card, reporter_chat
from handlers.desk import Desk, Envelope
from handlers.duty.roster import read_roster
from handlers.limits.clock import start_clock
from handlers.summon import choose_assignee, ping
from handlers.turn import Turn
from handlers.wishes import wish_of
from handlers.wording import assignee_name, clip
from models.chats import Chat
from models.direct import insert_now
from models.heard import Sent, album_of, as_files, files_before
from models.interest import first_rung
from models.messages import EVERYTHING_ELSE, Attachment, Incoming, Verdict
from models.numbers import next_number
from models.people import Person
from models.pointers import point_first, tickets_at
from models.tickets import Ticket, TicketFile
from models.units import Unit

LONGEST_PLACE, LONGEST_THING = 30, 16  # characters on a card
PHOTO_SPAN = timedelta(minutes=3)  # how far a photo may stand before its sentence, or after it


@dataclass(frozen=True)
class Report:
    """What a ticket is made from. `text` is masked; `others` are further messages that belong to it (an album)."""

    text: str
    reporter: Person
    verdict: Verdict
    message_id: str | None
    thread_id: str | None = None
    files: tuple[Attachment, ...] = ()
    others: tuple[str, ...] = ()
    by_hand: Person | None = None
    judged: Verdict | None = None  # by itself, before somebody insisted
    answer: str = ""  # to the question whether it is an issue: yes, or nobody
    about: Person | None = None  # the responsible person that it complains of
    unit: Unit | None = None  # of a report from a private chat, which has none
    came_by: str = ""  # the channel (R14), where it is neither this group nor this private chat
    proxy: Person | None = None  # who entered it for the reporter (R33)
    contact: str = ""  # how to reach a reporter without account
    happened_at: datetime | None = None
    said_at: datetime | None = None  # of a line that waited for us and then for an answer


def take_in(turn: Turn, problems: Sequence[Verdict]) -> None:
    """The line opens a ticket; a second, different problem in it opens another."""
    message = turn.message
    files, others = gathered(turn, message)
    for verdict in problems:
        text = turn.reader.mask(verdict.part or turn.words)
        report = Report(text, turn.sender, verdict, message.message_id, message.thread_id, files, others)
        turn.outcome.became("opened", open_ticket(turn, turn.chat, report))


def open_ticket(desk: Desk, chat: Chat, report: Report) -> Ticket:
    """Write the ticket with its history, then its card and its ping."""
    verdict, unit = report.verdict, report.unit or chat.unit
    assert unit is not None
    category, key = verdict.category or EVERYTHING_ELSE, verdict.place.key if verdict.place else ""
    roster = read_roster(desk, unit)
    assignee = choose_assignee(
        desk,
        unit,
        chat.channel,
        place_key=key,
        category=category,
        urgent=verdict.emergency is not None,
        about=report.about,
        roster=roster,
    )
    ticket = Ticket(
        number=next_number(desk.session),
        state="open",
        unit=unit,
        chat=chat,
        thread_id=report.thread_id,
        reporter=report.reporter,
        assignee=assignee,
        first=assignee,
        about=report.about,
        came_by=report.came_by or ("private" if chat.private else "group"),
        proxy=report.proxy,
        contact=report.contact,
        happened_at=report.happened_at,
        text=report.text,
        thing=verdict.thing or clip(report.text, LONGEST_THING),
        category=category,
        private=chat.private or is_private(verdict) or report.about is not None,
        emergency=verdict.emergency,
        place=clip(verdict.place.text, LONGEST_PLACE) if verdict.place else "",
        place_key=key,
        verdict=_kept(verdict),
        wish=wish_of(chat, verdict),
        opened_at=report.said_at or desk.said_at,
        caught_up=report.said_at is not None or desk.late,
        rung=0,
        reopened=0,
        rework=0,
        returned=0,
        followers=[],  # nothing of a new ticket need be read
        parties=[],
        pauses=[],
        files=[],
        history=[],
        parts=[],
    )
    ticket.rung = first_rung(ticket) if report.about else 0
    start_clock(desk, ticket)
    _record(desk, ticket, report)
    called = (assignee is not None and assignee is report.proxy) or ping(desk, ticket, roster)  # who entered it knows
    if not (called and ticket.emergency in HUSHED):  # despair and violence at home leave no trace in the group
        post_card(desk, ticket, report.message_id)
    kinds = dict.fromkeys(report.others, "added") | ({report.message_id: "report"} if report.message_id else {})
    point_first(desk.session, ticket, kinds)
    _comfort(desk, ticket)
    return ticket


def attach(desk: Desk, ticket: Ticket, files: tuple[Attachment, ...], by: Person | None, **marks: bool) -> None:
    """Keep files with the ticket; the same file once."""
    have = {f.ref for f in ticket.files}
    for f in files:
        if f.ref not in have:
            have.add(f.ref)
            ticket.files.append(TicketFile(kind=f.kind, ref=f.ref, at=desk.now, by_id=by.id if by else None, **marks))


def gathered(turn: Turn, message: Incoming) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The message's own files, those of its album, and photos that the same person sent just before; with their ids."""
    rows: list[Sent] = []
    if message.album_id:
        rows = album_of(turn.session, turn.chat, message.album_id)
    elif message.sender.id and not message.files:
        rows = files_before(turn.session, turn.chat, message.sender.id, turn.said_at - PHOTO_SPAN)
        rows = [r for r in rows if not tickets_at(turn.session, turn.chat, r.message_id)]
    files = (*message.files, *(f for row in rows for f in as_files(row)))
    return files, tuple(r.message_id for r in rows)


def _record(desk: Desk, ticket: Ticket, report: Report) -> None:
    by = report.by_hand or report.reporter
    ticket.record("opened", by=by, at=desk.now, due=ticket.due_at.isoformat(), **{**desk.stamp, **_how_it_came(report)})
    insert_now(desk.session, ticket, *ticket.history)
    attach(desk, ticket, report.files, report.proxy or report.reporter)
    desk.session.flush()


def _how_it_came(report: Report) -> dict[str, Any]:
    """Kept for whoever corrects the rules: by hand against which verdict, or after which answer. No words."""
    came: dict[str, Any] = {"by_hand": report.by_hand is not None}
    if report.answer:
        came["asked"] = report.answer
    if report.said_at is not None:
        came |= {"caught_up": True, "said_at": report.said_at.isoformat()}
    if report.judged is not None:
        came |= {"judged": report.judged.decision, "score": report.judged.score}
    return came


def _comfort(desk: Desk, ticket: Ticket) -> None:
    """Somebody in despair or being beaten hears at once, privately, whom to call."""
    if ticket.emergency not in HUSHED:
        return
    if chat := reporter_chat(desk, ticket):
        assignee = assignee_name(desk, ticket)
        lines = desk.policy.hotlines.model_dump()
        says = desk.texts.segments(f"{ticket.emergency}_person", assignee=assignee, **lines)
        desk.write(chat, says, Envelope(kind="ping", ticket_id=ticket.id))


def _kept(verdict: Verdict) -> dict[str, object]:
    """The verdict as the ticket keeps it: without words, and without further problems, which have tickets."""
    kept = asdict(verdict)
    for words in ("also", "part"):
        kept.pop(words)
    return kept
