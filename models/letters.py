"""The outbox: what the bot will say, written in the same transaction as what it did, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, bindparam, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, index_where, where_filled
from models.chats import Chat
from models.direct import among, columns, plain
from models.posts import Button, MentionOut, Post, Segment, Text

PRIORITY = {"toast": 0, "ping": 10, "reply": 20, "edit": 25, "reminder": 30, "summary": 40}
"""Lower goes first: pings before replies before reminders before summaries."""
LOOSE = "ticket_id IS NULL AND kind IN ('ping', 'reply', 'toast', 'edit')"  # about no ticket, and soon over
FOLDED = "folded"
EMPTY: dict[str, Any] = {"segments": [], "buttons": [], "files": []}


class Letter(Base):
    """One thing to send, edit or answer. `state`: waiting, sent, dead, stale, or folded: `folded_id` says it instead.

    `dedupe` is unique: a second posting of the same thing is impossible.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_chat_waiting", "state", "chat_id", "priority"),
        Index("ix_letters_chat_written", "chat_id", "written_at"),
        where_filled("ix_letters_chat_message", "chat_id", "message_id", filled="message_id"),
        where_filled("ix_letters_ticket_id", "ticket_id"),
        where_filled("ix_letters_edits_id", "edits_id"),
        where_filled("ix_letters_folded_id", "folded_id"),
        index_where("ix_letters_loose", "written_at", where=LOOSE),
    )

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str]  # a key of PRIORITY
    priority: Mapped[int]
    body: Mapped[dict[str, Any]]
    thread_id: Mapped[str | None]
    reply_to: Mapped[str | None]
    query_id: Mapped[str | None]
    edits_id: Mapped[int | None]
    folded_id: Mapped[int | None]
    silent: Mapped[bool] = mapped_column(default=False)
    dedupe: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="waiting")
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    uncertain: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")

    chat: Mapped[Chat] = relationship()

    @property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(Text(a, b) if t == "t" else MentionOut(a, b) for t, a, b in self.body["segments"])


def to_body(
    segments: tuple[Segment, ...], buttons: tuple[tuple[Button, ...], ...], files: tuple[tuple[str, str], ...] = ()
) -> dict[str, Any]:
    """The JSON form in which a letter keeps what it says."""
    return {
        "segments": [["t", s.text, s.bold] if isinstance(s, Text) else ["m", s.name, s.id] for s in segments],
        "buttons": [[[b.label, b.action, b.start] for b in row] for row in buttons],
        "files": [list(f) for f in files],
    }


def to_post(letter: Letter, message_id: str | None) -> Post:
    """What the channel is asked to do for this letter; `message_id` is the message that an edit changes."""
    body = letter.body
    kind = "toast" if letter.kind == "toast" else "edit" if letter.edits_id else "send"
    return Post(
        kind=kind,  # type: ignore[arg-type]
        chat_id=letter.chat.external_id,
        segments=letter.segments,
        buttons=tuple(tuple(Button(*b) for b in row) for row in body["buttons"]),
        thread_id=letter.thread_id,
        reply_to=letter.reply_to,
        silent=letter.silent,
        message_id=message_id,
        query_id=letter.query_id,
        attachments=tuple((k, r) for k, r in body["files"]),
    )


def waiting_for(session: Session, chat: Chat) -> list[Letter]:
    """What this chat has not been given yet, oldest first."""
    found = select(Letter).where(Letter.chat_id == chat.id, Letter.state == "waiting")
    return list(session.scalars(found.order_by(Letter.id)))


PLAIN = columns(Letter)
KEPT = select(Letter).where(Letter.dedupe == bindparam("dedupe"))
WRITTEN = select(PLAIN.id).where(PLAIN.dedupe == bindparam("dedupe"))


def letter_kept(session: Session, dedupe: str) -> Letter | None:
    return session.scalars(KEPT, {"dedupe": dedupe}).first()


def written_of(session: Session, keys: list[str]) -> set[str | None]:
    """Those of these keys under which something was written before."""
    return set(session.scalars(select(Letter.dedupe).where(Letter.dedupe.in_(keys)))) if keys else set()


def insert_all(session: Session, rows: list[dict[str, Any]]) -> None:
    """Many new letters by one statement, without an object for each."""
    if rows:
        session.execute(insert(Letter.__table__), rows)  # type: ignore[arg-type]


def was_written(session: Session, dedupe: str) -> bool:
    return plain(session, WRITTEN, dedupe=dedupe).first() is not None


def newest_letter(session: Session) -> int:
    """The id of the last letter; 0 when there is none."""
    return session.scalar(select(func.max(Letter.id))) or 0


def letters_after(session: Session, letter_id: int) -> list[Letter]:
    """What was written after this letter, oldest first."""
    return list(session.scalars(select(Letter).where(Letter.id > letter_id).order_by(Letter.id)))


def letter_at(session: Session, chat: Chat, message_id: str) -> Letter | None:
    """What we sent as this message."""
    found = select(Letter).where(Letter.chat_id == chat.id, Letter.message_id == message_id, Letter.edits_id.is_(None))
    return session.scalars(found.order_by(Letter.id.desc())).first()


SAYING = ("waiting", "sent")  # states of what still says something
SAID = Letter.state.in_(SAYING)
NEWEST = select(Letter).where(SAID, Letter.written_at >= bindparam("since")).order_by(Letter.id.desc()).limit(1)
COUNTED = select(func.count(PLAIN.id)).where(PLAIN.chat_id == bindparam("chat"), PLAIN.written_at > bindparam("since"))
COUNTED = COUNTED.where(among(PLAIN.state, SAYING))
LINES_SINCE = COUNTED.where(~among(PLAIN.kind, ("toast", "edit")), PLAIN.edits_id.is_(None))
CALLS_SINCE = COUNTED.where(PLAIN.kind == "ping", PLAIN.ticket_id.is_not(None))


def newest_in(session: Session, chat: Chat, beginning: str, since: datetime) -> Letter | None:
    """The last letter to this chat whose key begins like this and that was written since then."""
    here = NEWEST.where(Letter.chat_id == chat.id, Letter.dedupe.startswith(beginning, autoescape=True))
    return session.scalars(here, {"since": since}).first()


def newest_about(session: Session, ticket_id: int, beginning: str, since: datetime) -> Letter | None:
    """The same of letters about this ticket."""
    here = NEWEST.where(Letter.ticket_id == ticket_id, Letter.dedupe.startswith(beginning, autoescape=True))
    return session.scalars(here, {"since": since}).first()


def calls_since(session: Session, chat: Chat, since: datetime) -> int:
    """Pings about tickets that this chat has been sent, or will be, one by one."""
    return int(plain(session, CALLS_SINCE, chat=chat.id, since=since).scalar_one())


def lines_since(session: Session, chat: Chat, since: datetime) -> int:
    """New lines in this chat of which people have read or will read."""
    return int(plain(session, LINES_SINCE, chat=chat.id, since=since).scalar_one())


def fold_of(session: Session, letter: Letter) -> Letter | None:
    return session.get(Letter, letter.folded_id) if letter.folded_id is not None else None


def folded_in(session: Session, letter: Letter) -> list[Letter]:
    """What this line stands for, oldest first."""
    found = select(Letter).where(Letter.folded_id == letter.id, Letter.state == FOLDED)
    return list(session.scalars(found.order_by(Letter.id)))


def waiting_edit(session: Session, card_id: int) -> Letter | None:
    """An edit of that letter that has not left our hands yet: a newer one takes its place."""
    found = select(Letter).where(Letter.edits_id == card_id, Letter.state == "waiting", Letter.tries == 0)
    return session.scalars(found.with_for_update(), execution_options={"populate_existing": True}).first()


def last_body(session: Session, letter: Letter) -> dict[str, Any]:
    """What people read, or soon will: the newest edit that was not in vain, else the letter itself."""
    edits = select(Letter).where(Letter.edits_id == letter.id, Letter.state.in_(("waiting", "sent")))
    newest = session.scalars(edits.order_by(Letter.id.desc()).limit(1)).first()
    return newest.body if newest else letter.body


def hold(session: Session, letter: Letter) -> None:
    """Keep the postman of any machine from taking this letter until our transaction ends; see it as it is now."""
    session.refresh(letter, with_for_update=True)


def lose_message_numbers(session: Session, chat: Chat) -> None:
    """After a migration the numbers of what we sent mean other messages: they can no longer be edited."""
    session.execute(update(Letter).where(Letter.chat_id == chat.id).values(message_id=None, reply_to=None))


def withdraw(session: Session, dedupe: str) -> None:
    """What still waits under a key that begins like this is out of date; the same may be written again."""
    waiting = select(Letter).where(Letter.state == "waiting", Letter.dedupe.startswith(dedupe, autoescape=True))
    for letter in session.scalars(waiting.with_for_update(), execution_options={"populate_existing": True}):
        letter.state, letter.dedupe, letter.error = "stale", None, "withdrawn"
    session.flush()  # before anything is written under the same key


def retract(letter: Letter) -> None:
    """It has not left and nobody needs it any more."""
    letter.state, letter.error, letter.body = "stale", "withdrawn", EMPTY


def scrub_superseded(session: Session, letter: Letter) -> None:
    """Of a letter that was changed, only the newest wording is kept."""
    edits = select(Letter).where(Letter.edits_id == letter.id).order_by(Letter.id.desc())
    versions = [*session.scalars(edits), letter]
    for old in versions[1:]:
        if old.state != "waiting":
            old.body = EMPTY
