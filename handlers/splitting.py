"""One ticket becomes two (拆案): a household's own trouble, words kept with the wrong matter, or a 并案 undone."""

from dataclasses import replace
from typing import Any

from handlers.cards import refresh_card
from handlers.followers import tell_followers
from handlers.intake import Report, open_ticket
from handlers.limits.clock import start_clock
from handlers.passing.helpers import helpers_of
from handlers.resolve import refuse_unless_open
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import when_full
from models.heard import as_files, heard
from models.messages import Quoted
from models.people import Person
from models.pointers import tickets_at, unpoint
from models.tickets import Ticket

router = Router()


@router.command("split", "拆案")
def split(turn: Turn) -> None:
    """拆案12 words, or in reply to a message that was kept with 12; of what was merged, the merging is undone."""
    ticket = turn.ticket("split", "example_split")
    if ticket.state == "merged":
        restore(turn, ticket)
        turn.outcome.became("command", ticket)
        return
    refuse_unless_open(turn, ticket)
    if ticket.private:
        raise Refusal("split_private")
    part(turn, ticket, _taken_out(turn, ticket))


def part(turn: Turn, ticket: Ticket, report: Report, **data: Any) -> Ticket:
    """A ticket of its own out of this one, with its card and its ping; both know of each other."""
    here = ticket.chat if turn.chat.private else turn.chat
    if here is not turn.chat:  # a message of a private chat is nothing that a group's card could answer
        report = replace(report, message_id=None, thread_id=ticket.thread_id)
    fresh = open_ticket(turn, here, report)
    origin: dict[str, Any] = {"from": ticket.number}
    fresh.record("split", by=turn.sender, at=turn.now, **origin, **data)
    ticket.record("split_off", by=turn.sender, at=turn.now, into=fresh.number)
    turn.outcome.became("opened", fresh)
    return fresh


def restore(turn: Turn, gone: Ticket) -> None:
    """What was merged is a matter of its own again, with a new promise; who came with it goes with it."""
    kept = gone.merged_into
    assert kept is not None
    for follower in [f for f in kept.followers if f.via_id == gone.id]:
        kept.followers.remove(follower)
    moved = [f for f in kept.files if f.origin_id == gone.id]
    kept.give_files(gone, moved)
    for file in moved:
        file.origin_id = None
    _take_helpers_back(turn, kept, gone)
    gone.merged_into, gone.late = None, False
    if gone.raised is None:  # a wish that was reported up stands where it stood
        gone.rung, gone.assignee = 0, gone.first if gone.rung else gone.assignee
    origin: dict[str, Any] = {"from": kept.number}
    gone.move("part", by=turn.sender, at=turn.now, **origin)
    start_clock(turn, gone)
    refresh_card(turn, kept)
    refresh_card(turn, gone)
    tell_followers(turn, gone, "parted", turn.sender, due=when_full(turn, gone.due_at))
    turn.say("parted", number=gone.number, due=when_full(turn, gone.due_at))


def _take_helpers_back(turn: Turn, kept: Ticket, gone: Ticket) -> None:
    """Who helps with the one only because they helped with the other goes back; who was called to it since stays."""
    rows = [e.data for e in kept.history if e.kind == "absorbed" and e.data["from"] == gone.number]
    came = {i for data in rows for i in data.get("helpers", ())}
    since = {p.person_id: p.at for p in helpers_of(gone)}
    for party in [p for p in helpers_of(kept) if p.person_id in came and since.get(p.person_id) == p.at]:
        kept.parties.remove(party)
    turn.session.flush()


def _taken_out(turn: Turn, ticket: Ticket) -> Report:
    """The message that the command answers, if it was kept with the ticket; else the words of the command."""
    quoted = turn.message.reply_to
    added = quoted is not None and quoted.message_id is not None and _kept_with(turn, ticket, quoted.message_id)
    text = turn.args or (quoted.text if quoted and added else "")
    reporter = _author(turn, quoted) if quoted and added else ticket.reporter
    if reporter is None or not any(c.isalnum() for c in text):
        raise Refusal("split_what", example=turn.texts.line("example_split", number=ticket.number))
    verdict = turn.reader.insist(text, turn.ground)
    report = Report(turn.reader.mask(text), reporter, verdict, turn.message.message_id, by_hand=turn.sender)
    if quoted is None or quoted.message_id is None or not added:
        return report
    row = heard(turn.session, turn.chat, quoted.message_id)
    files = tuple(dict.fromkeys((*quoted.attachments, *(as_files(row) if row else ()))))
    _let_go(turn, ticket, quoted.message_id, reporter)
    return replace(report, message_id=quoted.message_id, thread_id=turn.message.thread_id, files=files)


def _kept_with(turn: Turn, ticket: Ticket, message_id: str) -> bool:
    return ticket in tickets_at(turn.session, turn.chat, message_id, "added")


def _author(turn: Turn, quoted: Quoted) -> Person:
    if quoted.sender is None or quoted.sender.id is None or quoted.sender.kind != "user":
        return turn.sender
    return turn.person(quoted.sender)


def _let_go(turn: Turn, ticket: Ticket, message_id: str, author: Person) -> None:
    """The words now stand in another ticket; who joined this one by nothing else is no part of it any more."""
    unpoint(turn.session, ticket, turn.chat, message_id)
    theirs = [e for e in ticket.history if e.by_id == author.id]
    by_it = [e for e in theirs if e.data.get("message") == message_id]
    for event in by_it:
        event.note = ""
    follower = ticket.follower(author)
    if follower is not None and by_it == theirs:
        ticket.followers.remove(follower)
    turn.session.flush()
    refresh_card(turn, ticket)
