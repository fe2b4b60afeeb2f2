"""A line that waits for somebody's answer: kept as plain JSON, and what is made of it afterwards."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from handlers.desk import Desk
from handlers.intake import Report
from handlers.turn import Turn
from handlers.wording import shown_name
from models.chats import Chat
from models.messages import Attachment, Incoming, Place, Reason, Sender, Verdict
from models.people import remember

Kept = dict[str, Any]


def kept_line(turn: Turn) -> Kept:
    """All of the line but its words, which are masked and kept apart."""
    message = turn.message
    return {
        "sender": asdict(message.sender),
        "message_id": message.message_id,
        "thread_id": message.thread_id,
        "files": [asdict(f) for f in message.files],
        "sent_at": turn.said_at.isoformat(),
        "late": turn.late,
    }


def report_of(desk: Desk, chat: Chat, line: Kept, verdict: Kept, text: str) -> Report:
    """What a ticket is made from."""
    sender = Sender(**line["sender"])
    named = replace(sender, name=shown_name(desk, sender.name))
    return Report(
        text=text,
        reporter=remember(desk.session, chat.channel, named),
        verdict=verdict_of(verdict),
        message_id=line["message_id"],
        thread_id=line["thread_id"],
        files=tuple(Attachment(**f) for f in line["files"]),
        said_at=said_late(line),
    )


def said_late(line: Kept) -> datetime | None:
    """When a line was said that waited for us; None for one that we heard at once."""
    return datetime.fromisoformat(line["sent_at"]) if line.get("late") else None


def said_again(turn: Turn, chat: Chat, line: Kept, text: str) -> Turn:
    """The turn in which the line is dealt with as if it were said just now; `turn` is the answer to our question."""
    event = turn.event
    message = Incoming(
        channel=chat.channel,
        account=event.account,
        event_id=event.event_id,
        chat_id=chat.external_id,
        chat_kind="group",
        message_id=line["message_id"],
        sender=Sender(**line["sender"]),
        sent_at=said_late(line) or turn.now,
        text=text,
        thread_id=line["thread_id"],
        attachments=tuple(Attachment(**f) for f in line["files"]),
    )
    return Turn(turn.session, turn.now, turn.policy, message, chat, turn.reader)


def verdict_of(kept: Kept) -> Verdict:
    """Back from the row; further problems of the same line are not kept."""
    place = Place(**kept["place"]) if kept["place"] else None
    because = tuple(Reason(r["rule"], tuple(r["words"]), r["weight"]) for r in kept["because"])
    return Verdict(**{**kept, "place": place, "because": because, "also": ()})
