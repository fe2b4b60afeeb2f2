"""Plain words, read straight from the JSON: most of what a group says, and building the library's objects costs more
than all the rest of it. Whatever is the least unusual is left to them.
"""

import re
from datetime import UTC, datetime
from typing import Any

from telegram.constants import ChatID

from models.messages import Incoming, Quoted, Sender

Json = dict[str, Any]

UPDATE = frozenset({"update_id", "message"})
MESSAGE = frozenset({"message_id", "from", "chat", "date", "text", "message_thread_id", "reply_to_message"})
QUOTED = MESSAGE - {"reply_to_message"}
USER = frozenset(
    {"id", "is_bot", "first_name", "last_name", "username", "language_code", "is_premium", "added_to_attachment_menu"}
)
CHAT = frozenset({"id", "type", "title", "username", "first_name", "last_name", "is_forum"})
KINDS = {"group": "group", "supergroup": "group", "private": "private"}
NOT_PEOPLE = frozenset({ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT})
UNCLEAN = re.compile("[\0\ud800-\udfff]")
LAST_DATE = 1 << 33  # seconds; anything beyond is for others to refuse

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_USUAL = vars(Incoming("telegram", "", "", "", "group", "", Sender(None, ""), _EPOCH))


def read_plain(raw: Any, account: str) -> Incoming | None:
    """The message, exactly as by the library's objects; None when it is for them to read."""
    if type(raw) is not dict or not raw.keys() <= UPDATE or type(raw.get("update_id")) is not int:
        return None
    message = raw.get("message")
    if type(message) is not dict or not message.keys() <= MESSAGE:
        return None
    sender, where, quoted = _sender(message), _chat(message), _quoted(message)
    if sender is None or where is None or quoted is False or not _is_said(message):
        return None
    incoming: Incoming = object.__new__(Incoming)
    incoming.__dict__.update(
        _USUAL,
        account=account,
        event_id=str(raw["update_id"]),
        chat_id=where[0],
        chat_kind=where[1],
        chat_title=where[2],
        message_id=str(message["message_id"]),
        sender=sender,
        sent_at=datetime.fromtimestamp(message["date"], UTC),
        text=message["text"],
        reply_to=quoted,
    )
    return incoming


def _is_said(message: Json) -> bool:
    """A number, a date, and words that need no cleaning."""
    number, date, text = message.get("message_id"), message.get("date"), message.get("text")
    if type(number) is not int or type(date) is not int or not 0 < date < LAST_DATE:
        return False
    return _is_clean(text) and text != ""


def _is_clean(text: object) -> bool:
    return type(text) is str and UNCLEAN.search(text) is None


def _sender(message: Json) -> Sender | None:
    user = message.get("from")
    if type(user) is not dict or not user.keys() <= USER or type(user.get("id")) is not int:
        return None
    first, last, username = user.get("first_name"), user.get("last_name"), user.get("username")
    if not first or not all(part is None or _is_clean(part) for part in (first, last, username)):
        return None
    name = f"{first} {last}".strip() if last else str(first).strip()
    if user.get("is_bot") is not False or user["id"] in NOT_PEOPLE or not name:
        return None
    return Sender(str(user["id"]), name, "user", username)


def _chat(message: Json) -> tuple[str, str, str | None] | None:
    """Its number, kind and title. A forum has topics, and they are not plain."""
    chat = message.get("chat")
    if type(chat) is not dict or not chat.keys() <= CHAT or type(chat.get("id")) is not int or chat.get("is_forum"):
        return None
    kind, title = chat.get("type"), chat.get("title")
    if type(kind) is not str or kind not in KINDS or not (title is None or _is_clean(title)):
        return None
    return str(chat["id"]), KINDS[kind], title or None


def _quoted(message: Json) -> Quoted | None | bool:
    """What is answered, if that is as plain; False when it is not."""
    if "reply_to_message" not in message:
        return None
    original = message["reply_to_message"]
    if type(original) is not dict or not original.keys() <= QUOTED or not _is_said(original):
        return False
    sender = _sender(original)
    if sender is None or _chat(original) is None:
        return False
    return Quoted(
        str(original["message_id"]), original["text"], sender, (), datetime.fromtimestamp(original["date"], UTC)
    )
