"""Letters that wait: which comes first in each chat, on which lane it goes, and whether it still says something."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models.chats import Chat
from models.lanes import Lane, lanes_of
from models.letters import Letter
from models.tickets import Ticket

CLOSINGS = frozenset({"settle", "void", "lapse"})


def first_of_each_chat(session: Session, now: datetime, channel: str, account: str) -> list[tuple[Letter, Lane | None]]:
    """With the lane on which it will go; one that was never used has no row yet."""
    place = func.row_number().over(
        partition_by=(Letter.chat_id, Letter.priority), order_by=(Letter.priority, Letter.id)
    )
    due = select(Letter.id, place.label("place")).join(Chat).where(Letter.state == "waiting", Letter.due_at <= now)
    ours = due.where(Chat.channel == channel, Chat.account == account).subquery()
    first = select(Letter).join(ours, ours.c.id == Letter.id).where(ours.c.place == 1)
    ordered = first.order_by(Letter.priority, Letter.id).options(joinedload(Letter.chat))
    letters = list(session.scalars(ordered, execution_options={"populate_existing": True}))
    lanes = lanes_of(session, {lane_of(letter) for letter in letters})
    return [(letter, lanes.get(lane_of(letter))) for letter in letters]


def lane_of(letter: Letter) -> str:
    """Edits and answers to presses are not charged to a group's 20 a minute: they have ways of their own."""
    way = "toast" if letter.kind == "toast" else "edit" if letter.edits_id else "chat"
    return f"{way}:{letter.chat_id}"


def hold(session: Session, letter: Letter) -> bool:
    """It is ours until we have taken it, and still to be sent. Nobody waits here for a handler, nor all behind us."""
    ours = select(Letter).where(Letter.id == letter.id).with_for_update(skip_locked=True, of=Letter)
    found = session.scalars(ours, execution_options={"populate_existing": True}).first()
    return found is not None and found.state == "waiting"


def edit_waits(session: Session, letter: Letter) -> float:
    """What it changes has not been sent yet."""
    changes = letter.edits_id is not None and session.get_one(Letter, letter.edits_id).state == "waiting"
    return 1.0 if changes else 0.0


def out_of_date(session: Session, letter: Letter, now: datetime) -> bool:
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
