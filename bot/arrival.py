"""The chat in which something was said or done, as it is now."""

from sqlalchemy.orm import Session

from handlers.migrate import follow_bot
from models.chats import Chat, enter_chat
from models.messages import Incoming, Membership, Press


def chat_of(session: Session, event: Incoming | Press | Membership) -> Chat:
    """Made known if it is new; its title, and by which bot of ours it is reached, follow what comes from there."""
    kind = "private" if event.chat_kind == "private" else "residents"
    chat = enter_chat(session, event.channel, event.account, event.chat_id, kind=kind)
    leaving = isinstance(event, Membership) and not event.present
    if chat.account != event.account and not leaving:  # taken over by another bot of ours
        follow_bot(session, chat, event.account)
    title = getattr(event, "chat_title", None)
    if title and not chat.private and chat.title != title:
        chat.title = title
    if not chat.present and not isinstance(event, Membership):
        chat.present = True  # it speaks, so we are there
    return chat
