"""What stands in a line of 代报: the channel, who it is for, how to reach them, when it happened, and the matter."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.proxy.callers import BESIDE_A_PHONE, find_phone, is_labelled, is_named, may_be_name, unlabelled
from handlers.proxy.channels import IN_PERSON, channel_called
from handlers.proxy.moments import happened
from handlers.turn import Turn
from models.messages import Attachment, Ground, Incoming, Sender

EDGES = " \t\n,，、:：;；"
GAP = re.compile(r"[\s,，、:：;；]+")
NO_MATTER = -0.2  # of the reading's score: a bare name speaks against an issue


@dataclass(frozen=True)
class Entry:
    """`phone` as written, for whoever enters it alone; `member`: somebody with an account; `text` still unmasked."""

    channel: str = IN_PERSON
    name: str = ""
    phone: str = ""
    text: str = ""
    happened_at: datetime | None = None
    member: Sender | None = None
    files: tuple[Attachment, ...] = ()


def read_entry(turn: Turn) -> Entry:
    """What the line says, by reply or alone."""
    member, words = _member(turn)
    entry, rest = _with_channel(turn, Entry(member=member, files=turn.message.files), words)
    entry, rest = _with_phone(turn, entry, rest)
    entry, rest = _with_name(turn, entry, rest)
    entry, rest = _with_moment(turn, entry, rest)
    entry, rest = _with_name(turn, entry, rest)
    quoted = turn.message.reply_to
    if quoted is not None and member is not None:
        rest = " ".join(w for w in (quoted.text, rest) if w.strip())
        entry = replace(entry, files=(*quoted.attachments, *entry.files))
    return replace(entry, text=rest.strip())


def _member(turn: Turn) -> tuple[Sender | None, str]:
    """A member of the group who is named or replied to, and the other words."""
    message: Incoming = turn.message
    quoted = message.reply_to
    if quoted and quoted.sender and quoted.sender.kind == "user" and quoted.sender.id not in (None, message.sender.id):
        return quoted.sender, turn.args
    for m in message.mentions:
        if m.kind == "user" and m.id not in (None, message.sender.id):
            return Sender(m.id, m.name), turn.args.replace(message.text[m.start : m.end], " ").strip()
    return None, turn.args


def _with_channel(turn: Turn, entry: Entry, rest: str) -> tuple[Entry, str]:
    word, after = head(rest)
    channel = channel_called(turn, word)
    return (replace(entry, channel=channel), after) if channel else (entry, rest)


def _with_phone(turn: Turn, entry: Entry, rest: str) -> tuple[Entry, str]:
    """The number goes out of the words, with the name that stands before it."""
    found = find_phone(rest)
    if found is None:
        return entry, rest
    before, phone, after = found
    name, after = unlabelled(before.strip(EDGES)), after.strip(EDGES)
    if after and BESIDE_A_PHONE.fullmatch(name) and (is_named(name) or _means_nothing(turn, name)):
        return replace(entry, phone=phone, name=name), after
    return replace(entry, phone=phone), f"{before.strip(EDGES)} {after}".strip()


def _with_name(turn: Turn, entry: Entry, rest: str) -> tuple[Entry, str]:
    word, after = head(rest)
    if entry.name or entry.member or not after:
        return entry, rest
    if is_labelled(word) or is_named(word) or (may_be_name(word) and _means_nothing(turn, word)):
        return replace(entry, name=unlabelled(word)), after
    return entry, rest


def _means_nothing(turn: Turn, word: str) -> bool:
    found = turn.reader.insist(word, Ground())
    return found.score < NO_MATTER and found.place is None


def _with_moment(turn: Turn, entry: Entry, rest: str) -> tuple[Entry, str]:
    """A moment at the beginning goes out of the words; one within the sentence stays there."""
    found = happened(rest, turn.policy.local(turn.said_at))
    if found is None:
        return entry, rest
    own_words = found.start == 0 and GAP.match(rest[found.end :])
    return replace(entry, happened_at=found.at), GAP.sub("", rest[found.end :], count=1) if own_words else rest


def head(text: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    first, *rest = GAP.split(text.strip(), maxsplit=1)
    return first, rest[0] if rest else ""
