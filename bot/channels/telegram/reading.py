"""What Telegram sends, turned into events that know nothing of Telegram."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatID

from bot.channels.telegram.plain import read_plain
from bot.channels.telegram.text import clean, offsets
from bot.clock import Clock
from models.messages import Attachment, ChatKind, Event, Incoming, Membership, Mention, Migrated, Press, Quoted, Sender

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
)
MALFORMED = (TypeError, KeyError, ValueError, AttributeError, IndexError, OverflowError, OSError, RecursionError)
"""What reading an update that is not as the Bot API describes it may raise."""

NAMELESS = "?"
PRESENT = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})
FILES = ("video", "voice", "audio", "sticker", "document")  # an animation is a document too
VIDEO_NOTE = "video_note:"  # a round video is no video to Telegram when it is sent again: its ref says so


@dataclass(frozen=True)
class Reader:
    """Reads for one bot: `account` is its id, `username` its name without @ (empty when it has none)."""

    account: str
    username: str
    clock: Clock

    def read(self, raw: dict[str, Any]) -> Event | None:
        """One event, or None when it concerns nobody (service messages, unknown kinds). Raises MALFORMED."""
        return read_plain(raw, self.account) or self._read(Update.de_json(_with_names(raw), None))

    def _read(self, update: Update) -> Event | None:
        event_id = str(update.update_id)
        if update.callback_query:
            return self._press(update.callback_query, event_id)
        if update.my_chat_member:
            return self._membership(update.my_chat_member, event_id)
        if fresh := update.message or update.channel_post:
            return self._migrated(fresh, event_id) or self._incoming(fresh, event_id, edited=False)
        if changed := update.edited_message or update.edited_channel_post:
            return self._incoming(changed, event_id, edited=True)
        return None

    def _incoming(self, message: Message, event_id: str, *, edited: bool) -> Incoming | None:
        text, files, location = said(message), attachments(message), whereabouts(message)
        if not (text or files or location):
            return None
        return Incoming(
            channel="telegram",
            account=self.account,
            event_id=event_id,
            chat_id=str(message.chat.id),
            chat_kind=chat_kind(message.chat),
            chat_title=clean(message.chat.title) or None,
            message_id=str(message.message_id),
            thread_id=topic(message),
            sender=author(message),
            sent_at=message.date,  # of an edit too: how old the message is decides what the edit may do
            text=text,
            edited=edited,
            edited_at=message.edit_date if edited else None,
            live=edited and location is not None,  # nothing but a live location is ever edited into another place
            mentions=tuple(self._mentions(message)),
            attachments=files,
            album_id=message.media_group_id,
            location=location,
            reply_to=quoted(message),
        )

    def _migrated(self, message: Message, event_id: str) -> Migrated | None:
        """Both chats tell of a move, the old one and the new one; either is enough."""
        here = message.chat.id
        if message.migrate_to_chat_id:
            old, new = here, message.migrate_to_chat_id
        elif message.migrate_from_chat_id:
            old, new = message.migrate_from_chat_id, here
        else:
            return None
        return Migrated("telegram", self.account, event_id, str(old), str(new), message.date)

    def _press(self, query: CallbackQuery, event_id: str) -> Press | None:
        message = query.message  # Telegram forgets what stood in old messages, but not where they were
        if message is None or not query.data:
            return None
        return Press(
            channel="telegram",
            account=self.account,
            event_id=event_id,
            query_id=query.id,
            chat_id=str(message.chat.id),
            chat_kind=chat_kind(message.chat),
            message_id=str(message.message_id),
            sender=person(query.from_user),
            action=clean(query.data),
            sent_at=self.clock.now(),  # Telegram does not say when
            thread_id=topic(message) if isinstance(message, Message) else None,
        )

    def _membership(self, change: ChatMemberUpdated, event_id: str) -> Membership | None:
        before, after = _is_present(change.old_chat_member), _is_present(change.new_chat_member)
        if before == after:  # made an administrator, restricted: still here
            return None
        return Membership(
            channel="telegram",
            account=self.account,
            event_id=event_id,
            chat_id=str(change.chat.id),
            chat_kind=chat_kind(change.chat),
            chat_title=clean(change.chat.title) or None,
            present=after,
            sender=person(change.from_user),
            sent_at=change.date,
        )

    def _mentions(self, message: Message) -> Iterator[Mention]:
        raw = message.text or message.caption or ""
        at, text = offsets(raw), clean(raw)
        for entity in message.entities or message.caption_entities:
            start, end = at(entity.offset), at(entity.offset + entity.length)
            mention = self._mention(entity, text[start:end], start, end)
            if mention and start < end:
                yield mention

    def _mention(self, entity: MessageEntity, covered: str, start: int, end: int) -> Mention | None:
        if entity.type == MessageEntity.TEXT_MENTION and entity.user:
            number = str(entity.user.id)
            return Mention("bot" if number == self.account else "user", number, covered, start, end)
        if entity.type not in (MessageEntity.MENTION, MessageEntity.BOT_COMMAND):
            return None
        command, at_sign, name = covered.partition("@")  # /done@gridbot names the bot it is meant for
        if not at_sign:
            return None
        ours = bool(self.username) and name.casefold() == self.username.casefold()
        return Mention(
            kind="bot" if ours else "username",
            id=self.account if ours else None,
            name=name,
            start=start + len(command),
            end=end,
        )


def _with_names(node: Any) -> Any:
    """The same update where people without a name have an empty one: PTB refuses a User without."""
    if isinstance(node, list):
        return [_with_names(item) for item in node]
    if not isinstance(node, dict):
        return node
    whole = {key: _with_names(value) for key, value in node.items()}
    return {"first_name": "", **whole} if "is_bot" in whole else whole


def _is_present(member: ChatMember) -> bool:
    return member.status in PRESENT or bool(getattr(member, "is_member", False))  # restricted people may be in or out


def chat_kind(chat: Chat) -> ChatKind:
    if chat.type == Chat.PRIVATE:
        return "private"
    return "channel" if chat.type == Chat.CHANNEL else "group"


def topic(message: Message) -> str | None:
    """The forum topic. Replies in plain supergroups carry a thread number too; that one is no topic."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else None


def author(message: Message) -> Sender:
    """Who speaks. Anonymous admins and channels have no id of their own: nobody may be held to their words."""
    user, speaks_as = message.from_user, message.sender_chat
    title = clean((speaks_as or message.chat).title) or NAMELESS
    if message.chat.type == Chat.CHANNEL or user is None:
        return Sender(None, title, "channel")
    if user.id == ChatID.ANONYMOUS_ADMIN or (speaks_as and speaks_as.id == message.chat.id):
        return Sender(None, clean(message.author_signature) or title, "anonymous_admin")
    if speaks_as or user.id in (ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT):
        return Sender(None, title, "channel")
    return person(user, by_bot=message.via_bot is not None)


def person(user: User, *, by_bot: bool = False) -> Sender:
    """`by_bot`: an inline bot wrote the words, whoever sent them."""
    name = clean(user.full_name).strip() or NAMELESS
    if user.id == ChatID.ANONYMOUS_ADMIN:
        return Sender(None, name, "anonymous_admin")
    if user.id in (ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT):
        return Sender(None, name, "channel")
    return Sender(str(user.id), name, "bot" if user.is_bot or by_bot else "user", user.username)


def said(message: Message) -> str:
    """The words: text, caption, or what a shared venue is called."""
    if message.venue:
        return clean(f"{message.venue.title} {message.venue.address}").strip()
    return clean(message.text or message.caption)


def whereabouts(message: Message) -> tuple[float, float] | None:
    where = message.location or (message.venue.location if message.venue else None)
    return (where.latitude, where.longitude) if where else None


def attachments(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (Attachment("photo", largest.file_id, "image/jpeg", largest.file_size),)
    if round_video := message.video_note:
        return (Attachment("video", VIDEO_NOTE + round_video.file_id, "video/mp4", round_video.file_size),)
    return tuple(_file(message, kind) for kind in FILES if getattr(message, kind))


def _file(message: Message, kind: Any) -> Attachment:
    file = getattr(message, kind)
    mime, name = getattr(file, "mime_type", None), getattr(file, "file_name", None)
    return Attachment(kind, file.file_id, mime, file.file_size, clean(name) or None)


def quoted(message: Message) -> Quoted | None:
    """What is answered. Every message in a topic 'answers' the topic's first: that is nobody's reply."""
    original = message.reply_to_message
    if original is None or original.forum_topic_created or str(original.message_id) == topic(message):
        return _quoted_words(message)
    return Quoted(
        message_id=str(original.message_id),
        text=said(original),
        sender=author(original),
        attachments=attachments(original) or _place(original),
        sent_at=original.date,
    )


def _quoted_words(message: Message) -> Quoted | None:
    """A quote from another chat: its words, and no number that would mean anything here."""
    return Quoted(None, clean(message.quote.text)) if message.quote else None


def _place(message: Message) -> tuple[Attachment, ...]:
    where = whereabouts(message)
    return (Attachment("location", f"{where[0]},{where[1]}"),) if where else ()
