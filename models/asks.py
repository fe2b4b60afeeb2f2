"""Lines that may be an issue: a member is asked privately. The words are kept until answered, at most a day."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, index_where, ours, take_due
from models.chats import Chat
from models.direct import columns, plain

LONGEST_WORD = 6  # characters; a longer match is a piece of the line, not a word of ours


class Ask(Base):
    """One question to a member.

    `message` is the line as it came (JSON), `lines` in it the id and words of each message that says the same;
    `letters`: the ids of those in which it is asked. `answer`: None, yes, no, opened (nobody answered), gone (edited,
    registered or withdrawn), late (a day passed first).
    """

    __tablename__ = "asks"
    __table_args__ = (index_where("ix_asks_unanswered", "chat_id", where="answer IS NULL"),)

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    message: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    text: Mapped[str]
    rung: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    letters: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")

    chat: Mapped[Chat] = relationship()

    @property
    def lines(self) -> list[list[str | None]]:
        """(id, words) of every message that says this, the first one first; no id after a migration."""
        return self.message.get("lines") or [[self.message.get("message_id"), self.text]]

    @property
    def message_ids(self) -> list[str]:
        return [number for number, _ in self.lines if number is not None]

    def says(self, lines: list[list[str | None]], **more: Any) -> None:
        """These are its messages now, each with its id and words."""
        self.message = {**self.message, **more, "lines": lines}
        self.text = "\n".join(words for _, words in lines if words)

    def close(self, answer: str, by_id: int | None = None) -> None:
        """The answer stays as a correction, with the verdict; sender and words go."""
        self.answer, self.by_id, self.next_at = answer, by_id, None
        self.text, self.message, self.verdict = "", {}, spoken(self.verdict)


def spoken(verdict: dict[str, Any]) -> dict[str, Any]:
    """Of a verdict what tells of the rules and not of the line: class, score, rule names and their words."""
    because = [{**r, "words": [w for w in r["words"] if _is_word(w)]} for r in verdict.get("because", ())]
    kept = {key: verdict.get(key) for key in ("decision", "score", "category", "rules_version")}
    return {**kept, "because": because}


def _is_word(word: str) -> bool:
    return len(word) <= LONGEST_WORD and word.isalpha()


def take_due_ask(session: Session, now: datetime) -> Ask | None:
    """One question that nobody answered in time, claimed for us."""
    return take_due(session, Ask, "next_at", now)


WAITING = select(Ask).where(Ask.answer.is_(None)).order_by(Ask.id)
WAITING_IN = WAITING.where(Ask.chat_id == bindparam("chat"))


PLAIN = columns(Ask)
ANY_IN = select(PLAIN.id).where(PLAIN.answer.is_(None), PLAIN.chat_id == bindparam("chat")).limit(1)


def waiting_asks(session: Session, chat: Chat | None = None) -> list[Ask]:
    """Questions that nobody has answered yet, oldest first."""
    if chat is None:
        return list(session.scalars(WAITING))
    if not plain(session, ANY_IN, chat=chat.id).first():  # of most groups nothing is asked
        return []
    return list(session.scalars(WAITING_IN, {"chat": chat.id}))


def open_ask(session: Session, chat: Chat, message_id: str) -> Ask | None:
    """The question about this message that nobody has answered yet."""
    return next((a for a in waiting_asks(session, chat) if message_id in a.message_ids), None)


def asked_about(session: Session, accounts: Iterable[str]) -> list[Ask]:
    """Questions about lines of these accounts."""
    theirs = set(accounts)
    return [a for a in waiting_asks(session) if a.message["sender"]["id"] in theirs]


def hurry(session: Session, letters: Iterable[int], now: datetime) -> None:
    """These letters will never be read: whoever comes next is asked at once."""
    lost = set(letters)
    for ask in waiting_asks(session):
        if ask.letters and ask.letters[-1] in lost:
            ask.next_at = now


def forget_asks(session: Session, now: datetime, keep: timedelta) -> None:
    """After a day no words, no sender and no presser; after `keep` nothing at all."""
    for ask in session.scalars(select(Ask).where(Ask.expires_at <= now, Ask.answer.is_(None))):
        ask.close("late")
    for ask in session.scalars(select(Ask).where(Ask.expires_at <= now, Ask.by_id.is_not(None))):
        ask.by_id = None
    session.execute(delete(Ask).where(Ask.expires_at <= now - keep, *ours(session, Ask)))


def lose_asked_numbers(session: Session, chat: Chat) -> None:
    """After a migration the number of the line that we asked about means another message."""
    for ask in waiting_asks(session, chat):
        ask.says([[None, words] for _, words in ask.lines])
