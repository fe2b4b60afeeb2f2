"""Somebody wrote a phone, a card or a full name with its door into the group: told alone, once a day at most."""

from handlers.desk import Envelope
from handlers.turn import Turn
from models.chats import private_chat


def warn(turn: Turn) -> None:
    """They may delete it; nobody else hears of it. Who works here gives their own number on purpose."""
    if turn.chat.kind != "residents" or turn.known is None or turn.known.held():
        return
    if turn.reader.mask(turn.message.text) == turn.message.text:
        return
    chat = private_chat(turn.session, turn.known, turn.chat.channel, turn.chat.account)
    if chat is None:
        return
    day = turn.policy.local(turn.now).date()
    how = Envelope(due_at=turn.after_quiet(), dedupe=f"exposed:{turn.known.id}:{day}")
    turn.write(chat, turn.texts.segments("exposed"), how)
