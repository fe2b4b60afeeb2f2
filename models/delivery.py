"""What the postman asks of the database: the next letter to send, and a note of what became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.chats import Chat
from models.lanes import Limits, lane, pause, release
from models.letters import Letter, to_post
from models.posts import Post
from models.tickets import Ticket, point

LEASE = 20.0  # seconds: a dead machine's letter comes due again


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
    """A letter leased to us."""

    letter_id: int
    reach: Reach
    lane: str
    post: Post


@dataclass(frozen=True)
class Look:
    """Nothing to send now; look again in `wait` seconds (None: when something is written). `stale` letters fell out."""

    wait: float | None
    stale: tuple[int, ...] = ()


def take_letter(session: Session, now: datetime, machine: float, reach: Reach, lease: float = LEASE) -> Taken | Look:
    """Lease the next letter of some chat that may be written to now."""
    stale: list[int] = []
    wait: float | None = None
    for letter in _first_of_each_chat(session, now, reach):
        if letter.expires_at is not None and letter.expires_at <= now or _nothing_to_edit(session, letter):
            letter.state = "stale"
            stale.append(letter.id)
            wait = 0.0
            continue
        pending = _wait_for(session, letter, machine, reach, lease)
        if pending == 0:
            return _lease(session, letter, machine, reach, lease)
        wait = pending if wait is None else min(wait, pending)
    return Look(wait, tuple(stale))


def next_letter_at(session: Session, now: datetime) -> datetime | None:
    """When the first letter that is still waiting for its time comes due."""
    later = select(func.min(Letter.due_at)).where(Letter.state == "waiting", Letter.due_at > now)
    return session.scalar(later)


def note_sent(session: Session, taken: Taken, message_id: str | None, now: datetime) -> None:
    """It arrived: keep the channel's number, so that a reply to it finds its ticket."""
    letter = session.get_one(Letter, taken.letter_id)
    letter.state, letter.sent_at = "sent", now
    release(session, taken.lane)
    if message_id is None:
        return
    letter.message_id = message_id
    if letter.ticket_id is not None:
        ticket = session.get_one(Ticket, letter.ticket_id)
        point(session, ticket, letter.chat, message_id, "card" if ticket.card_id == letter.id else "ours")


def note_later(session: Session, taken: Taken, machine: float, wait: float, *, whole_bot: bool) -> None:
    """The channel asked for patience; the letter keeps its place."""
    letter = session.get_one(Letter, taken.letter_id)
    letter.tries += 1
    release(session, taken.lane)
    pause(session, taken.reach.lane if whole_bot else taken.lane, machine + wait)


def note_uncertain(session: Session, taken: Taken, machine: float, wait: float, why: str) -> bool:
    """Nobody knows whether it arrived: once more, no oftener. False: it was the second time, the letter is given up."""
    letter = session.get_one(Letter, taken.letter_id)
    letter.tries, letter.uncertain, letter.error = letter.tries + 1, letter.uncertain + 1, why
    release(session, taken.lane)
    pause(session, taken.lane, machine + wait)
    if letter.uncertain > 1:
        letter.state = "dead"
    return letter.state == "waiting"


def note_dead(session: Session, taken: Taken, why: str) -> Letter:
    """It will never arrive."""
    letter = session.get_one(Letter, taken.letter_id)
    letter.state, letter.error = "dead", why
    release(session, taken.lane)
    return letter


def drop_letters(session: Session, chat: Chat) -> None:
    """The chat is gone: what still waits for it is out of date."""
    waiting = update(Letter).where(Letter.chat_id == chat.id, Letter.state == "waiting")
    session.execute(waiting.values(state="stale", error="chat gone"))


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


def _nothing_to_edit(session: Session, letter: Letter) -> bool:
    """The message that this one would change was never sent, or lost its number in a migration."""
    if letter.edits_id is None:
        return False
    original = session.get(Letter, letter.edits_id)
    return original is None or (original.message_id is None and original.state != "waiting")


def _wait_for(session: Session, letter: Letter, machine: float, reach: Reach, lease: float) -> float:
    if letter.edits_id is not None and session.get_one(Letter, letter.edits_id).state == "waiting":
        return 1.0
    own = lane(session, _lane_of(letter))
    if own.held(machine, lease):
        return own.leased_until - machine
    if letter.kind == "toast":
        return 0.0
    group = not letter.chat.private and letter.edits_id is None
    limits = reach.per_chat + (reach.per_group if group else ())
    return max(own.wait(machine, limits), lane(session, reach.lane).wait(machine, reach.per_bot))


def _lease(session: Session, letter: Letter, machine: float, reach: Reach, lease: float) -> Taken:
    own = lane(session, _lane_of(letter))
    own.leased_until = machine + lease
    for row in (own, lane(session, reach.lane)):
        row.sent(machine)
    original = session.get_one(Letter, letter.edits_id) if letter.edits_id else None
    post = to_post(letter, original.message_id if original else None)
    return Taken(letter.id, reach, own.key, post)
