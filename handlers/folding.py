"""So many lines of ours an hour in one group, so many calls to one person: what goes beyond is one line, edited."""

from datetime import timedelta
from typing import TYPE_CHECKING

from models.chats import Chat
from models.letters import FOLDED, Letter, calls_since, fold_of, folded_in, lines_since, newest_in
from models.posts import Segment, Text
from models.tickets import Ticket

if TYPE_CHECKING:
    from handlers.desk import Desk, Envelope

HOUR = timedelta(hours=1)
A_WHILE, CALLS = timedelta(minutes=10), 15  # one person is called so often in so long, then once for all that follows
URGENT = 2  # so many times as much is said of danger before it is folded too: then somebody floods us with it
PLANNED = frozenset({"reminder", "summary", "toast", "edit"})  # 说事日 and the week's summary are few and awaited
LONGEST = 3000  # characters; Telegram takes 4096


def folds(desk: "Desk", chat: Chat, how: "Envelope") -> bool:
    """Would this line be one too many? Planned calls never are, urgent matters only in a flood of them."""
    if how.kind in PLANNED or (chat.private and (how.kind != "ping" or how.ticket_id is None)):
        return False
    times = URGENT if _urgent(desk, how.ticket_id) else 1
    if chat.private:
        return calls_since(desk.session, chat, desk.now - A_WHILE) >= CALLS * times
    room = desk.policy.quiet.lines_per_hour * times - lines_since(desk.session, chat, desk.now - HOUR)
    return room < 1 or (room < 2 and not _standing(desk, chat))  # the fold is a line too


def fold(desk: "Desk", letter: Letter) -> None:
    """Let the chat's fold say it; the letter itself is not sent."""
    standing = _standing(desk, letter.chat) or _begin(desk, letter)
    standing.due_at = min(standing.due_at, letter.due_at)
    letter.state, letter.folded_id = FOLDED, standing.id
    desk.session.flush()
    show(desk, standing)


def reshow(desk: "Desk", letter: Letter) -> None:
    """A folded letter says something else now."""
    if standing := fold_of(desk.session, letter):
        show(desk, standing)


def show(desk: "Desk", standing: Letter) -> None:
    """Everything that is folded into this line, the oldest left out where it gets too long."""
    parts: list[tuple[Segment, ...]] = []
    left = LONGEST
    for letter in reversed(folded_in(desk.session, standing)):
        words = letter.segments
        left -= sum(len(s.text if isinstance(s, Text) else s.name) for s in words)
        if left < 0:
            break
        parts.insert(0, (Text("\n\n"), *words))
    head = _head(desk, standing.chat)
    desk.rewrite(standing, (*head, *(s for part in parts for s in part)), ())


def _standing(desk: "Desk", chat: Chat) -> Letter | None:
    """The fold of the last hour, if there is one; a person's of the last minutes, for a new one makes a sound."""
    return newest_in(desk.session, chat, f"fold:{chat.id}:", desk.now - (A_WHILE if chat.private else HOUR))


def _begin(desk: "Desk", letter: Letter) -> Letter:
    from handlers.desk import Envelope

    chat = letter.chat
    how = Envelope(silent=True, dedupe=f"fold:{chat.id}:{desk.now.isoformat()}")
    if chat.private:
        how = how.but(kind="ping", silent=False, due_at=letter.due_at)
    return desk.put(chat, _head(desk, chat), how)


def _head(desk: "Desk", chat: Chat) -> tuple[Segment, ...]:
    return desk.texts.segments("fold_calls" if chat.private else "fold_head")


def _urgent(desk: "Desk", ticket_id: int | None) -> bool:
    ticket = desk.session.get(Ticket, ticket_id) if ticket_id is not None else None
    return ticket is not None and ticket.urgent
