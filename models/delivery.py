"""What the postman asks of the database: the next letter to send, and a note of what became of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.chats import Chat
from models.dropped import note_dropped
from models.lanes import Lane, Limits, lane, pause, release
from models.letters import Letter, to_post
from models.pointers import point
from models.posts import Post
from models.queued import edit_waits, first_of_each_chat, hold, lane_of, out_of_date
from models.tickets import Ticket

LEASE = 20.0  # seconds: a dead machine's letter comes due again
BEING_REWRITTEN = 0.1  # seconds until a letter that a handler has in hand is looked at again


@dataclass(frozen=True)
class Reach:
    """A bot that we can speak through, with its limits for any chat, for groups, and for all its chats together."""

    channel: str
    account: str
    per_chat: Limits
    per_group: Limits
    per_bot: Limits

    @property
    def lane(self) -> str:
        return f"bot:{self.channel}:{self.account}"


@dataclass(frozen=True)
class Taken:
    """A letter leased to us. `stale` letters fell out on the way to it."""

    letter_id: int
    reach: Reach
    lane: str
    post: Post
    stale: tuple[int, ...] = ()
    kind: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Look:
    """Nothing to send now; look again in `wait` seconds (None: when something is written). `stale` letters fell out."""

    wait: float | None
    stale: tuple[int, ...] = ()


def queue_up(session: Session, reach: Reach) -> None:
    """Whoever takes or notes for one bot waits here for the other: no letter is seen twice.

    A clock that was read before a long wait would take the lease that was given meanwhile for one of a clock gone
    wrong.
    """
    lane(session, reach.lane)


def take_letter(
    session: Session,
    now: datetime,
    machine: float,
    reach: Reach,
    lease: float = LEASE,
    busy: frozenset[str] = frozenset(),
) -> Taken | Look:
    """Lease the next letter of some chat that may be written to now. `now` and `machine` are read after `queue_up`.

    `busy`: lanes on which the asking process itself is sending. Their leases may look over when its clock was set, or
    when it slept; it knows better.
    """
    whole = lane(session, reach.lane)  # whoever takes or notes waits here for the other: no letter is seen twice
    stale: list[int] = []
    wait: float | None = None
    for letter, own in first_of_each_chat(session, now, reach.channel, reach.account):
        pending = _held(own, machine, lease, busy) or _wait_for(letter, own, whole, machine, reach)
        if not pending and not hold(session, letter):
            pending = BEING_REWRITTEN
        if not pending and out_of_date(session, letter, now):
            letter.state = "stale"
            stale.append(letter.id)
            wait = 0.0
            continue
        if not pending and not (pending := edit_waits(session, letter)):
            return _lease(session, letter, machine, reach, lease, tuple(stale))
        wait = pending if wait is None else min(wait, pending)
    return Look(wait, tuple(stale))


def next_letter_at(session: Session, now: datetime) -> datetime | None:
    """When the first letter that is still waiting for its time comes due."""
    later = select(func.min(Letter.due_at)).where(Letter.state == "waiting", Letter.due_at > now)
    return session.scalar(later)


def first_letter_at(session: Session, under_way: Collection[int] = ()) -> datetime | None:
    """When the first letter that waits is due, or was; None when none waits but those that somebody has in hand."""
    first = select(func.min(Letter.due_at)).where(Letter.state == "waiting")
    return session.scalar(first.where(Letter.id.not_in(sorted(under_way))) if under_way else first)


def note_sent(session: Session, taken: Taken, message_id: str | None, now: datetime) -> None:
    """It arrived: keep the channel's number, so that a reply to it finds its ticket."""
    letter = _back(session, taken)
    letter.state, letter.sent_at = "sent", now
    if message_id is None:
        return
    letter.message_id = message_id
    if letter.ticket_id is not None:
        ticket = session.get_one(Ticket, letter.ticket_id)
        point(session, ticket, letter.chat, message_id, "card" if ticket.card_id == letter.id else "ours")


def note_later(session: Session, taken: Taken, machine: float, wait: float, *, whole_bot: bool) -> None:
    """The channel asked for patience; the letter keeps its place."""
    letter = _back(session, taken)
    ways = {taken.lane, f"chat:{letter.chat_id}", f"edit:{letter.chat_id}"}
    for key in [taken.reach.lane] if whole_bot else sorted(ways):
        pause(session, key, machine, wait)


def note_uncertain(session: Session, taken: Taken, machine: float, wait: float, why: str) -> bool:
    """Nobody knows whether it arrived: once more, no oftener. False: it was the second time, the letter is given up."""
    letter = _back(session, taken)
    letter.uncertain, letter.error = letter.uncertain + 1, why
    pause(session, taken.lane, machine, wait)
    if letter.uncertain > 1:
        letter.state = "dead"
    return letter.state == "waiting"


def letter_of(session: Session, taken: Taken) -> Letter:
    return session.get_one(Letter, taken.letter_id)


def note_dead(session: Session, taken: Taken, why: str) -> Letter:
    """It will never arrive."""
    letter = _back(session, taken)
    letter.state, letter.error = "dead", why
    return letter


def drop_letters(session: Session, chat: Chat) -> None:
    """The chat is gone: what still waits for it is out of date."""
    waiting = update(Letter).where(Letter.chat_id == chat.id, Letter.state == "waiting")
    gone = waiting.values(state="stale", error="chat gone").returning(Letter.id)
    note_dropped(session, session.scalars(gone))


def _back(session: Session, taken: Taken) -> Letter:
    """The letter, its lease given back."""
    lane(session, taken.reach.lane)
    release(session, taken.lane)
    return session.get_one(Letter, taken.letter_id)


def _held(own: Lane | None, machine: float, lease: float, busy: frozenset[str]) -> float:
    """Seconds to wait because somebody is sending on its lane, perhaps this very letter; 0 when nobody is."""
    if own is None:
        return 0.0
    if own.held(machine, lease):
        return own.leased_until - machine
    return 1.0 if own.key in busy else 0.0


def _wait_for(letter: Letter, own: Lane | None, whole: Lane, machine: float, reach: Reach) -> float:
    mine, together = _limits(letter, reach)
    return max(own.wait(machine, mine) if own else 0.0, whole.wait(machine, together))


def _limits(letter: Letter, reach: Reach) -> tuple[Limits, Limits]:
    """For its own way, and for all of the bot. An answer to a press is no message: only a pause holds it."""
    if letter.kind == "toast":
        return (), ()
    group = not letter.chat.private and letter.edits_id is None
    return reach.per_chat + (reach.per_group if group else ()), reach.per_bot


def _lease(
    session: Session, letter: Letter, machine: float, reach: Reach, lease: float, stale: tuple[int, ...]
) -> Taken:
    session.info["claimed"] = (Letter, letter.id, "due_at")
    letter.tries += 1  # from now on a change of its words is an edit: these may be on their way
    own = lane(session, lane_of(letter))
    own.leased_until = machine + lease
    for row, limits in zip((own, lane(session, reach.lane)), _limits(letter, reach), strict=True):
        row.sent(machine, max((span for _, span in limits), default=0.0))
    original = session.get_one(Letter, letter.edits_id) if letter.edits_id else None
    post = to_post(letter, original.message_id if original else None)
    return Taken(letter.id, reach, own.key, post, stale, letter.kind, letter.due_at)
