"""A group became a supergroup: it has a new id, and its messages are counted anew."""

from sqlalchemy.orm import Session

from models.asks import lose_asked_numbers
from models.chats import Chat, find_chat, move_chat
from models.choices import lose_chosen_numbers
from models.delivery import drop_letters
from models.heard import forget_heard
from models.letters import lose_message_numbers
from models.messages import Migrated
from models.pointers import drop_pointers


def follow_migration(session: Session, event: Migrated) -> None:
    """Every row follows, in one place; the second announcement of the same migration changes nothing."""
    follow_chat(session, event.channel, event.old_chat_id, event.new_chat_id)


def follow_chat(session: Session, channel: str, old: str, new: str) -> None:
    chat = find_chat(session, channel, old)
    if chat is None or chat.external_id == new:
        return
    newer = find_chat(session, channel, new)
    if newer is not None:  # the new group was heard before its announcement
        drop_letters(session, newer)
    move_chat(session, channel, old, new)
    _lose_numbers(session, chat)


def follow_bot(session: Session, chat: Chat, account: str) -> None:
    """Another bot of ours speaks here now. With each bot a person has a private chat whose messages have numbers of
    their own: what the other one wrote can be neither edited nor replied to any more.
    """
    if chat.private and chat.account:
        _lose_numbers(session, chat)
    chat.account = account


def _lose_numbers(session: Session, chat: Chat) -> None:
    drop_pointers(session, chat)
    lose_message_numbers(session, chat)
    forget_heard(session, chat)
    lose_asked_numbers(session, chat)
    lose_chosen_numbers(session, chat)
