"""Which commands whom the channel's menu offers: residents see five, members more, staff all."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from bot.channels.telegram.menu import CommandMenu
from handlers.rights import ABOVE, RESPONSIBLE, may_run
from handlers.texts import texts_in
from models.chats import Chat, groups_of
from models.people import Post, everyone_on_duty
from models.units import subtree

RESIDENTS = ("report", "status", "my", "who", "help")
PRIVATE = ("status", "my", "who", "help", "mydata", "forget")
MEMBERS = (
    *RESIDENTS,
    "todo",
    "done",
    "take",
    "roster",
    "leave",
    "why",
    "deadline",
    "void",
    "class",
    "reopen",
    "merge",
    "split",
    "up",
    "recuse",
    "transfer",
    "joint",
    "way",
    "extend",
    "suspend",
    "resume",
    "return",
    "finish",
    "side",
    "proxy",
)
STAFF = (*MEMBERS, "talk", "setup", "assign", "rehearse", "health", "id")


def menus(session: Session, language: str) -> list[CommandMenu]:
    """The widest circle first: Telegram shows a person the narrowest that fits."""
    return [
        CommandMenu("default", _worded(language, RESIDENTS)),
        CommandMenu("all_group_chats", _worded(language, RESIDENTS)),
        CommandMenu("all_private_chats", _worded(language, PRIVATE)),
        *_of_people(session, language),
    ]


def _of_people(session: Session, language: str) -> Iterator[CommandMenu]:
    """Everybody on duty, in each group that they answer for and in their private chat."""
    seen: set[tuple[str, str]] = set()
    for person in everyone_on_duty(session):
        identity = person.identity("telegram")
        if identity is None:
            continue
        user = identity.external_id
        if identity.started_at is not None:
            yield CommandMenu("chat", _worded(language, MEMBERS), chat_id=user)
        for post in person.held():
            for chat in _groups(session, post):
                if (chat.external_id, user) not in seen:
                    seen.add((chat.external_id, user))
                    names = STAFF if may_run(person, chat.unit) else MEMBERS
                    yield CommandMenu("chat_member", _worded(language, names), chat.external_id, user)


def _groups(session: Session, post: Post) -> list[Chat]:
    if post.role not in RESPONSIBLE | ABOVE:
        return []
    return [c for c in groups_of(session, subtree(session, post.unit), "residents", "staff") if c.channel == "telegram"]


def _worded(language: str, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    texts = texts_in(language)
    return tuple((name, texts.line(f"menu_{name}")) for name in names)
