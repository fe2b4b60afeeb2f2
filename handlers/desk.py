"""Where anything is done from: the session, the time, the settings, and the pen that writes letters."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.folding import fold, folds, reshow
from handlers.limits.settings import Work
from handlers.limits.workdays import Workdays
from handlers.limits.worktime import Calendar
from handlers.policy import Policy
from handlers.texts import Texts, texts_in
from models.chats import Chat
from models.direct import insert_now
from models.letters import (
    FOLDED,
    PRIORITY,
    Letter,
    hold,
    insert_all,
    last_body,
    to_body,
    waiting_edit,
    was_written,
    written_of,
)
from models.posts import Button, Segment

Buttons = tuple[tuple[Button, ...], ...]

LATE = timedelta(minutes=5)  # longer than a restart, a hiccup of the network or a full queue: it had to wait for us


@dataclass(frozen=True)
class Envelope:
    """How a letter travels, beside what it says."""

    kind: str = "reply"
    ticket_id: int | None = None
    buttons: Buttons = ()
    files: tuple[tuple[str, str], ...] = ()
    thread_id: str | None = None
    reply_to: str | None = None
    query_id: str | None = None
    silent: bool = False
    due_at: datetime | None = None
    expires_at: datetime | None = None
    dedupe: str | None = None

    def but(self, **changes: object) -> "Envelope":
        return replace(self, **changes)  # type: ignore[arg-type]


Planned = tuple[int, tuple[Segment, ...], Envelope]
"""A letter before it is written: the id of its chat, what it says, and how it travels."""


@dataclass
class Desk:
    """One transaction's view of the world. `now` is business time; nothing here can wait or send."""

    session: Session
    now: datetime
    policy: Policy

    @property
    def said_at(self) -> datetime:
        """When what is dealt with was said; limits, letters and quiet hours go by `now` all the same."""
        return self.now

    @property
    def late(self) -> bool:
        """Did it wait at the platform while we were away (补收)?"""
        return self.now - self.said_at > LATE

    @property
    def stamp(self) -> dict[str, Any]:
        """What a history row keeps of words that came late: when they were said."""
        return {"caught_up": True, "said_at": self.said_at.isoformat()} if self.late else {}

    @cached_property
    def texts(self) -> Texts:
        return texts_in(self.policy.language)

    @cached_property
    def calendar(self) -> Calendar:
        """The working hours in which limits are counted."""
        return calendar_of(self.policy.zone, self.policy.work)

    def write(self, chat: Chat, says: tuple[Segment, ...], how: Envelope) -> Letter | None:
        """Put a letter into the outbox; None when the same thing (`dedupe`) was written before or the chat is gone."""
        if not chat.present or (how.dedupe and was_written(self.session, how.dedupe)):
            return None
        folded = folds(self, chat, how)
        letter = self.put(chat, says, how)
        if folded:
            fold(self, letter)
        return letter

    def write_all(self, letters: Iterable[Planned]) -> None:
        """Many at once, of a planned kind that is never folded, to groups that have us; what was written before is
        left out.
        """
        planned = list(letters)
        known = written_of(self.session, [how.dedupe for _, _, how in planned if how.dedupe])
        insert_all(self.session, [self._row(*letter) for letter in planned if letter[2].dedupe not in known])

    def put(self, chat: Chat, says: tuple[Segment, ...], how: Envelope) -> Letter:
        """The letter itself, whatever was said before."""
        letter = self._letter(chat, says, how)
        insert_now(self.session, letter)
        return letter

    def _letter(self, chat: Chat, says: tuple[Segment, ...], how: Envelope) -> Letter:
        return Letter(chat=chat, **self._columns(says, how))

    def _row(self, group: int, says: tuple[Segment, ...], how: Envelope) -> dict[str, Any]:
        return {"chat_id": group, **self._columns(says, how)}

    def _columns(self, says: tuple[Segment, ...], how: Envelope) -> dict[str, Any]:
        return {
            "kind": how.kind,
            "priority": PRIORITY[how.kind],
            "ticket_id": how.ticket_id,
            "body": to_body(says, how.buttons, how.files),
            "thread_id": how.thread_id,
            "reply_to": how.reply_to,
            "query_id": how.query_id,
            "silent": how.silent,
            "dedupe": how.dedupe,
            "written_at": self.now,
            "due_at": how.due_at or self.now,
            "expires_at": how.expires_at,
        }

    def rewrite(self, letter: Letter, says: tuple[Segment, ...], buttons: Buttons) -> None:
        """Change a letter that we wrote: in the outbox if it still waits there, else by an edit (the newest wins)."""
        hold(self.session, letter)
        if letter.state == FOLDED:
            letter.body = to_body(says, buttons)
            reshow(self, letter)
            return
        body = to_body(says, buttons, tuple((k, r) for k, r in letter.body["files"]))
        if _same_words(body, last_body(self.session, letter)):
            return
        if letter.state == "waiting" and letter.tries == 0:
            letter.body = body
        elif edit := waiting_edit(self.session, letter.id):
            edit.body = body
        elif letter.state in ("waiting", "sent"):
            self._write_edit(letter, body)

    def _write_edit(self, letter: Letter, body: dict[str, object]) -> None:
        edit = Letter(
            chat=letter.chat,
            kind="edit",
            priority=PRIORITY["edit"],
            ticket_id=letter.ticket_id,
            body={**body, "files": []},
            thread_id=letter.thread_id,
            edits_id=letter.id,
            written_at=self.now,
            due_at=self.now,
        )
        insert_now(self.session, edit)

    def is_quiet(self) -> bool:
        return self.policy.quiet.holds(self.policy.local(self.now))

    def after_quiet(self) -> datetime:
        """Now, or the end of the quiet hours."""
        return self.policy.quiet.ends_after(self.policy.local(self.now))


def _same_words(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """An edit carries no files, so these do not count."""
    return {**one, "files": []} == {**other, "files": []}


@cache
def calendar_of(zone: str, work: Work) -> Calendar:
    return Calendar(ZoneInfo(zone), work.hours, Workdays(frozenset(work.off), frozenset(work.on)))
