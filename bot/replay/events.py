"""Recorded lines as the events that a channel would have handed over."""

from bot.replay.cast import account_of, chat_id_of
from bot.replay.recorded import Recorded
from bot.replay.timeline import Line
from models.messages import Attachment, Incoming, Quoted, Sender

ACCOUNT = "replay"


class Events:
    """Remembers what was said, so that a reply finds the message that it answers."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._by_id: dict[tuple[str, str], Incoming] = {}
        self._by_words: dict[tuple[str, str], Incoming] = {}

    def event_of(self, line: Line) -> Incoming:
        message = line.message
        event = Incoming(
            channel=self._channel,
            account=ACCOUNT,
            event_id=str(line.place),
            chat_id=chat_id_of(message.conv),
            chat_kind="group",
            message_id=self._fresh_id(line),
            sender=Sender(account_of(message), message.sender_name or account_of(message), message.kind),
            sent_at=line.at,
            text=message.text,
            thread_id=message.thread,
            mentions=message.mentions,
            attachments=_files(line),
            location=message.location,
            reply_to=self._answered(message),
        )
        self._by_id.setdefault((message.conv, str(message.id)), event)
        if message.text:
            self._by_words[message.conv, message.text] = event
        return event

    def _fresh_id(self, line: Line) -> str:
        """Two messages of one group may bear the same number in a patched-up record: the later gets another."""
        number = str(line.message.id)
        return f"{number}~{line.place}" if (line.message.conv, number) in self._by_id else number

    def _answered(self, message: Recorded) -> Quoted | None:
        found = self._by_id.get((message.conv, message.reply_to or ""))
        found = found or self._by_words.get((message.conv, message.quoted))
        if found is not None:
            return Quoted(found.message_id, found.text, found.sender, found.attachments, found.sent_at)
        if message.reply_to or message.quoted:
            return Quoted(message.reply_to, message.quoted)
        return None


def _files(line: Line) -> tuple[Attachment, ...]:
    kinds = line.message.attachments
    return tuple(Attachment(kind, f"replay:{line.place}:{number}") for number, kind in enumerate(kinds))
