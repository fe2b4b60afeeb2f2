"""Telegram Desktop's result.json: the export of one chat, or of a whole account (then its groups)."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.replay.moments import moment
from bot.replay.recorded import Fault, FileKind, Findings, Recorded
from bot.replay.values import name_of, rows_of, table
from bot.replay.writing import clean, sound
from models.messages import Mention, SenderKind

GROUPS = {"private_group", "private_supergroup", "public_supergroup"}
MEDIA: dict[str, FileKind] = {
    "sticker": "sticker",
    "voice_message": "voice",
    "audio_file": "audio",
    "animation": "video",
    "video_message": "video",
    "video_file": "video",
}
ESCAPE = re.compile(r"\\\\|\\x([0-9a-fA-F]{2})")


def mend(document: str) -> str:
    r"""Telegram Desktop writes control characters as \xNN, which is no JSON. After an escaped backslash x41 is text."""
    if "\\x" not in document:
        return document
    return ESCAPE.sub(lambda found: f"\\u00{found[1]}" if found[1] else found[0], document)


def read(document: dict[str, Any], findings: Findings) -> Iterator[Recorded]:
    for chat in _chats(document, findings):
        yield from _Chat(chat, findings).messages()


def _chats(document: dict[str, Any], findings: Findings) -> Iterator[dict[str, Any]]:
    if "messages" in document:
        yield document
        return
    for part in ("chats", "left_chats"):
        chats = document.get(part)
        for chat in rows_of(chats, "list") if isinstance(chats, dict) else []:
            if isinstance(chat, dict) and chat.get("type") in GROUPS:
                yield chat
            else:
                findings.skipped += 1
                findings.note("replay_only_groups")


class _Chat:
    """One chat while it is read: knows which messages opened topics, and to which topic each message belongs."""

    def __init__(self, chat: dict[str, Any], findings: Findings) -> None:
        self._rows = rows_of(chat, "messages")
        self._conv = _bot_api_id(chat)
        self._findings = findings
        self._thread_of: dict[str, str] = {}
        self._topics: set[str] = set()

    def messages(self) -> Iterator[Recorded]:
        for number, row in enumerate(self._rows, 1):
            try:
                message = self._message(table(row))
            except Fault as fault:
                self._findings.lost(number, fault.why, fault.detail)
                continue
            if message is None:
                self._findings.skipped += 1
            else:
                yield message

    def _message(self, row: dict[str, Any]) -> Recorded | None:
        if row.get("type") == "service":
            self._learn(row)
        return self._spoken(row) if row.get("type") == "message" else None

    def _learn(self, row: dict[str, Any]) -> None:
        action = row.get("action")
        if action == "topic_created" and (opened := name_of(row.get("id"))):
            self._topics.add(opened)
            self._thread_of[opened] = opened
        if action in ("migrate_to_supergroup", "migrate_from_group"):
            self._findings.note("replay_migrated")

    def _spoken(self, row: dict[str, Any]) -> Recorded:
        number = row.get("id")
        if isinstance(number, bool) or not isinstance(number, int):
            raise Fault("replay_no_id")
        reply_to, thread = self._answered(str(number), row)
        text, mentions = _text(row.get("text"))
        sender = name_of(row.get("from_id"))
        place = _location(row)
        return Recorded(
            conv=self._conv,
            id=number,
            sender_id=_bare(sender),
            sender_name=clean(name_of(row.get("from")) or ""),
            text=text,
            sent_at=moment(row.get("date_unixtime") or row.get("date")),
            kind=_kind(sender, self._conv),
            attachments=_files(row, place),
            mentions=mentions,
            reply_to=reply_to,
            thread=thread,
            location=place,
            edited_at=moment(edited) if (edited := row.get("edited_unixtime") or row.get("edited")) else None,
        )

    def _answered(self, number: str, row: dict[str, Any]) -> tuple[str | None, str | None]:
        """(message answered, topic). Every message of a topic points at its opening: that is no answer."""
        target = name_of(row.get("reply_to_message_id"))
        if target is None or row.get("reply_to_peer_id") is not None:
            return None, None
        thread = self._thread_of.get(target)
        if thread:
            self._thread_of[number] = thread
        return (None if target in self._topics else target), thread


def _bot_api_id(chat: dict[str, Any]) -> str:
    """The id by which a bot knows the chat: -id for a small group, -100…id for supergroups and channels."""
    number = name_of(chat.get("id")) or ""
    kind = str(chat.get("type") or "")
    if not number.isdigit():
        return number
    if kind == "private_group":
        return f"-{number}"
    return str(-(10**12) - int(number)) if kind.endswith(("supergroup", "channel")) else number


def _text(value: object) -> tuple[str, tuple[Mention, ...]]:
    """A string, or a list of strings and marked pieces of which some name a person."""
    words, mentions = "", []
    for piece in value if isinstance(value, list) else [value or ""]:
        mark = piece if isinstance(piece, dict) else {}
        part = mark.get("text", "") if mark else piece
        if not isinstance(part, str):
            raise Fault("replay_no_text", part)
        part = clean(sound(part))
        if mark.get("type") == "mention_name":
            mentions.append(Mention("user", name_of(mark.get("user_id")), part, len(words), len(words) + len(part)))
        elif mark.get("type") == "mention":
            mentions.append(Mention("username", None, part, len(words), len(words) + len(part)))
        words += part
    return words, tuple(mentions)


def _bare(sender: str | None) -> str | None:
    """'user99' -> '99', as the Bot API writes it; a channel or group that speaks keeps its prefix."""
    return sender.removeprefix("user") if sender else None


def _kind(sender: str | None, conv: str) -> SenderKind:
    if sender is None or sender.startswith("user"):
        return "user"
    own = sender.removeprefix("channel").removeprefix("chat")
    return "anonymous_admin" if own and conv.endswith(own) else "channel"


def _location(row: dict[str, Any]) -> tuple[float, float] | None:
    where = row.get("location_information")
    if not isinstance(where, dict):
        return None
    try:
        return float(where["latitude"]), float(where["longitude"])
    except (KeyError, TypeError, ValueError) as why:
        raise Fault("replay_bad_location", where) from why


def _files(row: dict[str, Any], place: object) -> tuple[FileKind, ...]:
    return tuple(_file_kinds(row, place))


def _file_kinds(row: dict[str, Any], place: object) -> Iterable[FileKind]:
    if row.get("photo"):
        yield "photo"
    if row.get("file"):
        yield MEDIA.get(str(row.get("media_type")), "document")
    if place:
        yield "location"
