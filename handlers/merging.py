"""Two tickets about one matter become one (并案): the second number stays answerable, and all wait together."""

import re
from typing import Any

from handlers.cards import refresh_card, reporter_chat
from handlers.desk import Envelope
from handlers.followers import tell_followers
from handlers.households import account_mark, name_reporters
from handlers.limits.clock import recount
from handlers.passing.helpers import helpers_of
from handlers.resolve import refuse_unless_open
from handlers.rights import may
from handlers.router import Router
from handlers.turn import Refusal, Turn
from handlers.wording import mention
from models.followers import Follower
from models.letters import withdraw
from models.parties import Party
from models.pauses import Pause
from models.people import Person
from models.pointers import turn_to
from models.tickets import Ticket

router = Router()

NUMBERS = re.compile(r"(\d{1,9})")


@router.command("merge", "并案")
def merge(turn: Turn) -> None:
    """并案12 15, or 并案12 in reply to a message of the other: 15 goes on as part of 12."""
    kept, gone = _two(turn)
    _refuse(turn, kept, gone)
    absorb(turn, kept, gone)
    turn.outcome.became("command", kept)
    _say(turn, kept, gone)


def absorb(turn: Turn, kept: Ticket, gone: Ticket) -> None:
    """Who waits for the one waits for the other from now on, by the earlier of the two promises."""
    _bring_followers(turn, kept, gone)
    _bring_files(kept, gone)
    helpers = _bring_helpers(turn, kept, gone)
    _bring_promise(turn, kept, gone)
    kept.rework = max(kept.rework, gone.rework)
    withdraw(turn.session, f"ping:{gone.number}:")
    gone.merged_into, gone.next_at = kept, None
    gone.move("merged", by=turn.sender, at=turn.now, into=kept.number)
    origin: dict[str, Any] = {"from": gone.number, **({"helpers": helpers} if helpers else {})}
    kept.record("absorbed", by=turn.sender, at=turn.now, **origin)
    turn_to(turn.session, gone, kept)
    refresh_card(turn, gone)
    refresh_card(turn, kept)
    tell_followers(turn, gone, "merged", turn.sender, into=kept.number)


def _two(turn: Turn) -> tuple[Ticket, Ticket]:
    """The one that stays, and the one that becomes part of it."""
    assert turn.command is not None
    written = [int(n) for n in NUMBERS.findall(turn.args)]
    if turn.command.number is not None:
        written.insert(0, turn.command.number)
    replied = turn.replied()
    if len(written) == 1 and len(replied) == 1:
        written.append(replied[0].number)
    if len(written) != 2:
        raise Refusal("merge_which", example=turn.texts.line("example_merge", number=12))
    kept, gone = (turn.numbered(number, "merge") for number in written)
    return kept, gone


def _refuse(turn: Turn, kept: Ticket, gone: Ticket) -> None:
    if kept is gone:
        raise Refusal("merge_same", number=kept.number)
    for ticket in (kept, gone):
        refuse_unless_open(turn, ticket)
    if (kept.private or gone.private) and not (kept.private and gone.private and kept.reporter_id == gone.reporter_id):
        raise Refusal("merge_private")
    if gone.urgent and not kept.urgent:
        raise Refusal("merge_urgent", number=gone.number, example=f"{gone.number} {kept.number}")
    above = all(may("void_hard", turn.known, turn.chat, ticket) for ticket in (kept, gone))
    if kept.state == "suspended" and gone.state != "suspended" and not above:
        raise Refusal("merge_suspended", number=kept.number)  # nobody stops their own clock this way
    if kept.unit_id != gone.unit_id and not above:
        raise Refusal("merge_unit")
    if (gone.overdue(turn.now) or gone.reopened) and not may("void_hard", turn.known, turn.chat, gone):
        raise Refusal("merge_late", number=gone.number)  # nobody clears their own delay


def _bring_followers(turn: Turn, kept: Ticket, gone: Ticket) -> None:
    for ticket in (kept, gone):
        name_reporters(turn, ticket)
    waiting = [(f.person, f.chat_id or gone.chat_id, f.household, f.mark, f.at) for f in gone.followers]
    if gone.reporter is not None:
        mark = account_mark(turn, gone, gone.reporter)
        waiting.insert(0, (gone.reporter, gone.chat_id, gone.household, mark, gone.opened_at))
    for person, chat_id, household, mark, at in waiting:
        known = person is not None and (kept.follower(person) is not None or kept.reporter_id == person.id)
        if not known and not any(f.mark == mark != "" for f in kept.followers):
            kept.followers.append(
                Follower(person=person, chat_id=chat_id, via_id=gone.id, household=household, mark=mark, at=at)
            )


def _bring_helpers(turn: Turn, kept: Ticket, gone: Ticket) -> list[int]:
    """Who helped with the one helps with the other; the people that this adds. Whose part is done has none here."""
    added = []
    for party in helpers_of(gone):
        person = party.person
        if person is None or party.ended_at or person.id == kept.assignee_id or known_to(kept, person):
            continue
        kept.parties.append(Party(person=person, part=party.part, at=party.at))
        added.append(person.id)
    turn.session.flush()
    return added


def _bring_promise(turn: Turn, kept: Ticket, gone: Ticket) -> None:
    """The earlier of the two holds, counted as it was: with the pauses that were granted to it. What runs is over."""
    if gone.state == "suspended":
        gone.pauses[-1].stop(turn.now)
    if gone.due_at >= kept.due_at:
        return
    running = kept.pauses[-1:] if kept.state == "suspended" else []
    kept.clock_at, kept.settle_term = gone.clock_at, gone.settle_term
    kept.pauses[:] = [
        Pause(start=p.start, until=p.until, ended_at=p.ended_at, reason=p.reason) for p in (*gone.pauses, *running)
    ]
    recount(turn, kept)


def known_to(ticket: Ticket, person: Person) -> bool:
    """Have they a part in it already?"""
    return any(p.person_id == person.id for p in ticket.parties)


def _bring_files(kept: Ticket, gone: Ticket) -> None:
    have = {f.ref for f in kept.files}
    moved = [f for f in gone.files if f.ref not in have]
    gone.give_files(kept, moved)
    for file in moved:
        file.origin_id = gone.id


def _say(turn: Turn, kept: Ticket, gone: Ticket) -> None:
    """One line where the command was given; it names the reporter of the other if they cannot be told privately."""
    unread = gone.reporter is not None and not (gone.private or gone.by_voice) and reporter_chat(turn, gone) is None
    called = turn.texts.segments(
        "merged_reporter", into=kept.number, reporter=mention(gone.reporter, gone.chat.channel)
    )
    values: dict[str, Any] = {"number": gone.number, "into": kept.number}
    here = turn.chat.id == gone.chat_id
    turn.say("merged", reporter=called if unread and here else "", **values)
    if unread and not here and not gone.chat.private:
        how = Envelope(ticket_id=gone.id, thread_id=gone.thread_id, silent=turn.is_quiet())
        turn.write(gone.chat, turn.texts.segments("merged", reporter=called, **values), how)
