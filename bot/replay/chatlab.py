"""ChatLab 0.0.2, the neutral format for chat records: one JSON document, or JSON Lines with a header."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.replay.moments import moment
from bot.replay.placeholders import set_apart
from bot.replay.recorded import Fault, FileKind, Findings, Recorded
from bot.replay.values import name_of, parse_object, rows_of, table, words
from bot.replay.writing import clean, sound

FILES: dict[object, FileKind] = {1: "photo", 2: "voice", 3: "video", 4: "document", 5: "sticker", 8: "location"}
NOT_SPEECH = {20, 21, 22, 23, 80, 81}  # red packet, transfer, poke, call, system, recall


@dataclass
class Chat:
    """What header and member lines say about the messages that follow."""

    conv: str = ""
    names: dict[str, str] = field(default_factory=dict)

    def learn(self, member: dict[str, Any]) -> None:
        name = name_of(member.get("groupNickname")) or name_of(member.get("accountName"))
        if (who := name_of(member.get("platformId"))) and name:
            self.names[who] = name


def read(document: dict[str, Any], findings: Findings) -> Iterator[Recorded]:
    """The JSON document. Members that are no objects are left out: a message names its sender itself."""
    chat = Chat(_conv(document.get("meta")))
    for member in rows_of(document, "members"):
        if isinstance(member, dict):
            chat.learn(member)
    for number, row in enumerate(rows_of(document, "messages"), 1):
        yield from _read_one(row, number, chat, findings)


def read_lines(lines: Iterable[str], findings: Findings) -> Iterator[Recorded]:
    """JSON Lines: header, member and message lines; # starts a comment."""
    chat = Chat()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            row = parse_object(sound(line))
        except Fault as fault:
            findings.lost(number, fault.why, fault.detail)
            continue
        if row.get("_type") == "header":
            chat.conv = _conv(row.get("meta"))
        elif row.get("_type") == "member":
            chat.learn(row)
        else:
            yield from _read_one(row, number, chat, findings)


def _conv(meta: object) -> str:
    meta = meta if isinstance(meta, dict) else {}
    return name_of(meta.get("groupId")) or name_of(meta.get("name")) or ""


def _read_one(row: object, number: int, chat: Chat, findings: Findings) -> Iterator[Recorded]:
    try:
        row = table(row)
        if row.get("type") in NOT_SPEECH:
            findings.skipped += 1
        else:
            yield _message(row, number, chat)
    except Fault as fault:
        findings.lost(number, fault.why, fault.detail)


def _message(row: dict[str, Any], number: int, chat: Chat) -> Recorded:
    if row.get("timestamp") is None:
        raise Fault("replay_bad_time", "")
    sender = name_of(row.get("sender"))
    nickname = name_of(row.get("groupNickname")) or chat.names.get(sender or "") or name_of(row.get("accountName"))
    text, files = set_apart(clean(sound(words(row.get("content")))))
    if (own := FILES.get(row.get("type"))) and own not in files:
        files = (own, *files)
    return Recorded(
        conv=chat.conv,
        id=name_of(row.get("platformMessageId")) or f"{chat.conv}:{number}",
        sender_id=sender,
        sender_name=clean(nickname or sender or ""),
        text=text,
        sent_at=moment(row["timestamp"]),
        attachments=files,
        reply_to=name_of(row.get("replyToMessageId")),
    )
