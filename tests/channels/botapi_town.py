"""The people of the test's Telegram: who writes where, and what the bot has said to them."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.channels.botapi_law import Written

Json = dict[str, Any]

_RIGHTS = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats") + (
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_MEMBER_FIELDS: dict[str, Json] = {"administrator": dict.fromkeys(_RIGHTS, False), "kicked": {"until_date": 0}}


def person(number: int, name: str, **more: Any) -> Json:
    return {"id": number, "is_bot": False, "first_name": name, **more}


@dataclass
class Message:
    """What the bot said, as people see it."""

    chat_id: int
    message_id: int
    written: Written
    buttons: list[list[Json]]
    reply_to: int | None = None
    thread_id: int | None = None
    silent: bool = False
    preview: bool = True
    file: tuple[str, str] | None = None  # (kind, ref)
    at: float = field(default_factory=time.monotonic)

    @property
    def text(self) -> str:
        return self.written.text

    @property
    def mentions(self) -> list[tuple[str, str]]:
        return self.written.mentions

    def data(self, label: str) -> str:
        """The callback data of the button that reads so."""
        return next(b["callback_data"] for row in self.buttons for b in row if b["text"] == label)


@dataclass(frozen=True)
class Toast:
    query_id: str
    text: str
    alert: bool


class Town:
    """Chats and the messages in them. Everything that a person does becomes an update that waits for the bot."""

    def __init__(self, token: str, username: str) -> None:
        self.token, self.username = token, username
        self.lock = threading.Condition()
        self.next_update, self.next_message = 100_000, 1
        self.clear()

    def clear(self) -> None:
        """Nobody has spoken yet, neither people nor the bot."""
        self.reads_all = True
        self.sent: list[Message] = []
        self.edits: list[Message] = []
        self.toasts: list[Toast] = []
        self.menus: dict[str, list[Json]] = {}
        self.pending: list[Json] = []
        self.messages: dict[tuple[int, int], Json] = {}
        self.chats: dict[int, Json] = {}
        self.closed: dict[int, str] = {}  # chat -> why the bot may not write there
        self.moved: dict[int, int] = {}
        self.files: set[str] = set()
        self.topics: set[tuple[int, int]] = set()
        self.queries: set[str] = set()

    def changed(self) -> None:
        """Wake whoever waits for something to happen."""
        with self.lock:
            self.lock.notify_all()

    def say(
        self,
        chat: int,
        user: Json | None,
        text: str = "",
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        photo: str | None = None,
        **fields: Any,
    ) -> int:
        """Somebody writes; the number of the message. `fields` are further ones of the Bot API's Message."""
        with self.lock:
            message = self.new_message(chat, user)
            message |= {"text": text} if text and not photo else {}
            if photo:
                message |= {"photo": self.picture(photo)} | ({"caption": text} if text else {})
            if reply_to is not None:
                message["reply_to_message"] = self.messages[chat, reply_to]
            if thread is not None:
                self.topics.add((chat, thread))
                message |= {"message_thread_id": thread, "is_topic_message": True}
            message |= fields
            self.messages[chat, message["message_id"]] = message
            self.push("message" if self.chat(chat)["type"] != "channel" else "channel_post", message)
            return int(message["message_id"])

    def edit(self, chat: int, message_id: int, text: str = "", **fields: Any) -> None:
        message = self.messages[chat, message_id] | {"edit_date": int(time.time())} | fields
        message |= {"text": text} if text else {}
        self.messages[chat, message_id] = message
        self.push("edited_message" if self.chat(chat)["type"] != "channel" else "edited_channel_post", message)

    def press(self, chat: int, user: Json, message_id: int, data: str) -> str:
        """Somebody presses a button; the id under which the press wants to be answered."""
        with self.lock:
            query = {"id": str(len(self.queries) + 1), "from": user, "chat_instance": "1", "data": data}
            query["message"] = self.messages[chat, message_id]
            self.queries.add(str(query["id"]))
            self.push("callback_query", query)
            return str(query["id"])

    def member(self, chat: int, user: Json, before: str, after: str, **fields: Any) -> None:
        """Somebody changes what the bot is in a chat: left, member, administrator, kicked."""
        if after in ("left", "kicked"):
            self.closed[chat] = "Forbidden: bot was kicked from the group chat"
        else:
            self.closed.pop(chat, None)
        change = {"chat": self.chat(chat), "from": user, "date": int(time.time()), **fields}
        for key, status in (("old_chat_member", before), ("new_chat_member", after)):
            change[key] = {"user": self.me(), "status": status} | _MEMBER_FIELDS.get(status, {})
        self.push("my_chat_member", change)

    def migrate(self, old: int, new: int, user: Json) -> None:
        """A group becomes a supergroup: both chats say so, and the old one refuses from now on."""
        self.moved[old] = new
        self.say(old, user, migrate_to_chat_id=new)
        self.say(new, user, migrate_from_chat_id=old)

    def push(self, kind: str, content: Json, **fields: Any) -> int:
        """Any update at all; the number it got."""
        with self.lock:
            update = {"update_id": self.next_update, kind: content} | fields
            self.next_update = update["update_id"] + 1
            self.pending.append(update)
        self.changed()
        return int(update["update_id"])

    def picture(self, ref: str) -> list[Json]:
        self.files.add(ref)
        sizes = (("small-" + ref, 90), (ref, 1280), ("middle-" + ref, 320))
        return [{"file_id": r, "file_unique_id": r, "width": w, "height": w} for r, w in sizes]

    def chat(self, number: int) -> Json:
        kind = {"type": "private"} if number > 0 else {"type": "supergroup", "title": "幸福里第3网格居民群"}
        return self.chats.setdefault(number, {"id": number, **kind})

    def me(self) -> Json:
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "网格小助手", "username": self.username}

    def new_message(self, chat: int, user: Json | None) -> Json:
        number, self.next_message = self.next_message, self.next_message + 1
        message = {"message_id": number, "date": int(time.time()), "chat": self.chat(chat)}
        return message | ({"from": user} if user else {})
