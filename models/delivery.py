"""What the postman asks of the database: the next letter to send, and a note of what became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.chats import Chat
from models.dropped import note_dropped
from models.lanes import Limits, lane, pause, release
from models.letters import Letter, to_post
from models.pointers import point
from models.posts import Post
from models.tickets import Ticket

LEASE = 20.0  # seconds: a dead machine's letter comes due again
CLOSINGS = frozenset({"settle", "void", "lapse"})


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


def take_letter(
    session: Session,
    now: datetime,
    machine: float,
    reach: Reach,
    lease: float = LEASE,
    busy: frozenset[str] = frozenset(),
) -> Taken | Look:
    """Lease the next letter of some chat that may be written to now.

    `busy`: lanes on which the asking process itself is sending. Their leases may look over when its clock was set, or
    when it slept; it knows better.
    """
    lane(session, reach.lane)  # whoever takes or notes waits here for the other: no letter is seen twice
    stale: list[int] = []
    wait: float | None = None
    for letter in _first_of_each_chat(session, now, reach):
        session.refresh(letter, with_for_update=True)  # whoever rewrites it now is done first
        if held := _held(session, letter, machine, lease, busy):
            wait = held if wait is None else min(wait, held)
            continue
        if _out_of_date(session, letter, now):
            letter.state = "stale"
            stale.append(letter.id)
            wait = 0.0
            continue
        pending = _wait_for(session, letter, machine, reach)
        if pending == 0:
            return _lease(session, letter, machine, reach, lease, tuple(stale))
        wait = pending if wait is None else min(wait, pending)
    return Look(wait, tuple(stale))


def next_letter_at(session: Session, now: datetime) -> datetime | None:
    """When the first letter that is still waiting for its time comes due."""
    later = select(func.min(Letter.due_at)).where(Letter.state == "waiting", Letter.due_at > now)
    return session.scalar(later)


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


def _first_of_each_chat(session: Session, now: datetime, reach: Reach) -> list[Letter]:
    place = func.row_number().over(
        partition_by=(Letter.chat_id, Letter.priority), order_by=(Letter.priority, Letter.id)
    )
    due = select(Letter.id, place.label("place")).join(Chat).where(Letter.state == "waiting", Letter.due_at <= now)
    ours = due.where(Chat.channel == reach.channel, Chat.account == reach.account).subquery()
    first = select(Letter).join(ours, ours.c.id == Letter.id).where(ours.c.place == 1)
    ordered = first.order_by(Letter.priority, Letter.id)
    return list(session.scalars(ordered, execution_options={"populate_existing": True}))


def _lane_of(letter: Letter) -> str:
    """Edits and answers to presses are not charged to a group's 20 a minute: they have ways of their own."""
    way = "toast" if letter.kind == "toast" else "edit" if letter.edits_id else "chat"
    return f"{way}:{letter.chat_id}"


def _back(session: Session, taken: Taken) -> Letter:
    """The letter, its lease given back."""
    lane(session, taken.reach.lane)
    release(session, taken.lane)
    return session.get_one(Letter, taken.letter_id)


def _out_of_date(session: Session, letter: Letter, now: datetime) -> bool:
    late = letter.expires_at is not None and letter.expires_at <= now
    return late or _nothing_to_edit(session, letter) or _matter_closed(session, letter)


def _nothing_to_edit(session: Session, letter: Letter) -> bool:
    """The message that this one would change was never sent, or lost its number in a migration."""
    if letter.edits_id is None:
        return False
    original = session.get(Letter, letter.edits_id, populate_existing=True)
    return original is None or (original.message_id is None and original.state != "waiting")


def _matter_closed(session: Session, letter: Letter) -> bool:
    """A call held back for the morning, about a matter that was closed in the night; one about what was over before we
    heard of it.
    """
    if letter.ticket_id is None or letter.kind != "ping":
        return False
    ticket = session.get_one(Ticket, letter.ticket_id)
    if letter.due_at <= letter.written_at and (not ticket.caught_up or letter.id == ticket.card_id):
        return False
    return not ticket.is_open and any(e.kind in CLOSINGS and e.at >= letter.written_at for e in ticket.history)


def _held(session: Session, letter: Letter, machine: float, lease: float, busy: frozenset[str]) -> float:
    """Seconds to wait because somebody is sending on its lane, perhaps this very letter; 0 when nobody is."""
    own = lane(session, _lane_of(letter))
    if own.held(machine, lease):
        return own.leased_until - machine
    return 1.0 if own.key in busy else 0.0


def _wait_for(session: Session, letter: Letter, machine: float, reach: Reach) -> float:
    if letter.edits_id is not None and session.get_one(Letter, letter.edits_id).state == "waiting":
        return 1.0
    own = lane(session, _lane_of(letter))
    mine, together = _limits(letter, reach)
    return max(own.wait(machine, mine), lane(session, reach.lane).wait(machine, together))


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
    own = lane(session, _lane_of(letter))
    own.leased_until = machine + lease
    for row, limits in zip((own, lane(session, reach.lane)), _limits(letter, reach), strict=True):
        row.sent(machine, max((span for _, span in limits), default=0.0))
    original = session.get_one(Letter, letter.edits_id) if letter.edits_id else None
    post = to_post(letter, original.message_id if original else None)
    return Taken(letter.id, reach, own.key, post, stale, letter.kind, letter.due_at)
